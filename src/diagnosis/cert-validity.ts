/** No gateway of today has seen IKEv2 (RFC 4306) before this time; a clock without a battery starts in 1970 or 2000. */
const PLAUSIBLE_SINCE = Date.UTC(2005, 11, 1);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DATE = /^([A-Z][a-z]{2}) ([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})(?: UTC)? ([0-9]{4})/;

/**
 * What is wrong with a certificate whose dates charon logged (`Jan 01 00:00:00 2020`), at the time of the line in epoch
 * milliseconds. Undefined where the log does not say enough, or the dates fit.
 */
export function certValidity(from: string | undefined, until: string | undefined, now: number | null): string | undefined {
  const starts = readDate(from);
  const ends = readDate(until);
  if (starts === undefined || ends === undefined || now === null) return undefined;
  if (now > ends) return 'expired';
  if (now >= starts) return undefined;
  return now < PLAUSIBLE_SINCE ? 'clock-behind' : 'not-yet-valid';
}

function readDate(text: string | undefined): number | undefined {
  const [, month = '', day, hour, minute, second, year] = DATE.exec(text ?? '') ?? [];
  if (!MONTHS.includes(month)) return undefined;
  return Date.UTC(Number(year), MONTHS.indexOf(month), Number(day), Number(hour), Number(minute), Number(second));
}
