import type { LogRecord } from '../model/log-record.js';

/** No gateway of today has seen IKEv2 (RFC 4306) before this time; a clock without a battery starts in 1970 or 2000. */
const PLAUSIBLE_SINCE = Date.UTC(2005, 11, 1);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DATE = /^([A-Z][a-z]{2}) ([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})(?: UTC)? ([0-9]{4})/;

/** Time stamps of which the zone was guessed are off by no more than this (milliseconds). */
const ZONES_DIFFER_BY = 14 * 3_600_000;

/**
 * What is wrong with a certificate whose dates charon logged (`Jan 01 00:00:00 2020`), by the time stamp of the line. A stamp
 * within the validity shows that charon's clock is not that of the logging service: `valid`, or `perhaps-valid` where the year
 * or the zone of the stamp is a guess that could hide one before the validity. Undefined where the log does not say enough.
 */
export function certValidity(from: string | undefined, until: string | undefined, { inferred, time }: Pick<LogRecord, 'inferred' | 'time'>): string | undefined {
  const starts = readDate(from);
  const ends = readDate(until);
  if (starts === undefined || ends === undefined || time === null) return undefined;
  if (time > ends) return 'expired';
  if (time < starts) return time < PLAUSIBLE_SINCE ? 'clock-behind' : 'not-yet-valid';
  const guessed = inferred.includes('year') || inferred.includes('date') || (inferred.includes('zone') && time - starts < ZONES_DIFFER_BY);
  return guessed ? 'perhaps-valid' : 'valid';
}

function readDate(text: string | undefined): number | undefined {
  const [, month = '', day, hour, minute, second, year] = DATE.exec(text ?? '') ?? [];
  if (!MONTHS.includes(month)) return undefined;
  return Date.UTC(Number(year), MONTHS.indexOf(month), Number(day), Number(hour), Number(minute), Number(second));
}
