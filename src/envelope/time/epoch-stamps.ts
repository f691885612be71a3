import { isDigit } from '../../model/digits.js';
import { fraction, skipDigits } from './digits.js';

/** A parsed stamp: epoch milliseconds, and the offset after it. */
export interface Moment {
  readonly time: number;
  readonly end: number;
}

/** Range of seconds since 1970 in which a number is taken for a time: years 2000 to 2100. */
const EPOCH = { first: 946_684_800, last: 4_102_444_800 } as const;

/**
 * Seconds since 1970 with or without a fraction, or milli-, micro- or nanoseconds: `1795168801.515192`,
 * `1795168801515`.
 */
export function readEpoch(text: string, at: number): Moment | null {
  const end = skipDigits(text, at);
  const digits = end - at;
  if (digits !== 10 && digits !== 13 && digits !== 16 && digits !== 19) return null;
  const seconds = Number(text.slice(at, at + 10));
  if (seconds < EPOCH.first || seconds > EPOCH.last) return null;
  const hasFraction = digits === 10 && text.charCodeAt(end) === 0x2e && isDigit(text.charCodeAt(end + 1));
  const after = hasFraction ? skipDigits(text, end + 1) : end;
  return endsStamp(text.charCodeAt(after)) ? { time: seconds * 1000 + fraction(text, hasFraction ? end + 1 : at + 10), end: after } : null;
}

/**
 * Seconds since boot in brackets: the kernel's `[ 1614.906663]`, journalctl's `[1614.906663 <    1.000000 >]`. They are
 * counted from 1970, so that printing the time shows the uptime.
 */
export function readUptime(text: string, at: number): Moment | null {
  let start = at + 1;
  while (text.charCodeAt(start) === 0x20) start++;
  const point = skipDigits(text, start);
  if (point === start || point - start > 9 || text.charCodeAt(point) !== 0x2e) return null;
  const close = text.indexOf(']', point);
  const after = text.charCodeAt(skipDigits(text, point + 1));
  if (close < point + 4 || close > point + 32 || (after !== 0x5d && after !== 0x20)) return null;
  return { time: Number(text.slice(start, point)) * 1000 + fraction(text, point + 1), end: close + 1 };
}

/** A number directly followed by a letter, a colon or an opening bracket is no stamp. */
function endsStamp(code: number): boolean {
  return Number.isNaN(code) || code === 0x20 || code === 0x09 || code === 0x2c || code === 0x3b || code === 0x22 || code === 0x5d;
}
