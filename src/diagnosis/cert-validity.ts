import type { LogRecord } from '../model/log-record.js';
import { MONTHS } from '../model/months.js';

/** A stamp before IKEv2 (RFC 4306) comes from a wrong clock: without a battery it starts in 1970 or 2000. */
const PLAUSIBLE_SINCE = Date.UTC(2005, 11, 1);

const DATE = /^([A-Z][a-z]{2}) ([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})(?: UTC)? ([0-9]{4})/;

/** Maximum error of stamps whose zone was assumed, in milliseconds. */
const ZONES_DIFFER_BY = 14 * 3_600_000;

/**
 * The problem with a certificate whose dates charon logged (`Jan 01 00:00:00 2020`), judged by the line's time stamp. A
 * stamp within the validity means that charon's clock differs from that of the logging service: `valid`, or
 * `perhaps-valid` if the year or zone of the stamp was inferred and the real time may lie before the validity.
 * Undefined if the log does not say enough.
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
