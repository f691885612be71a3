import type { Analysis } from '../model/analysis.js';

/** Prints epoch milliseconds as ISO 8601 in the zone of the log, so that a reader finds the digits he sees in it. */
export type TimePrinter = (time: number | null) => string | null;

/**
 * The zone of a report: the one that was given (`zone`) or inferred for stamps without one, else the offset that the log's own
 * stamps carry, else UTC.
 */
export function timePrinter(analysis: Analysis, zone: string | null): TimePrinter {
  const { firstLine, inferred } = analysis;
  const assumed = inferred.find((each) => each.startsWith('zone: '))?.slice('zone: '.length) ?? null;
  return printerFor(zone ?? assumed, firstLine);
}

/** As {@link timePrinter}, where there is no analysis yet: the zone a user named, and a line whose stamp may have an offset. */
export function printerFor(zone: string | null, line: string | null): TimePrinter {
  const offsetAt = (zone === null ? null : offsetsOf(zone)) ?? stampedOffset(line) ?? (() => 0);
  return (time) => (time === null ? null : isoTime(time, offsetAt(time)));
}

/** Minutes east of UTC at a time. */
type OffsetAt = (time: number) => number;

function isoTime(time: number, minutes: number): string | null {
  const local = new Date(time + minutes * 60_000);
  if (Number.isNaN(local.getTime())) return null;
  const stamp = local.toISOString().slice(0, -1).replace(/\.000$/, '');
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) => String(part).padStart(2, '0'));
  return minutes === 0 ? `${stamp}Z` : `${stamp}${minutes < 0 ? '-' : '+'}${hours}:${rest}`;
}

/** Of an IANA name or of `UTC+02:00`; null for what is no zone. Names are left to the platform, which takes its time to look one up. */
function offsetsOf(zone: string): OffsetAt | null {
  if (/^(?:UTC|GMT|Z)$/i.test(zone)) return () => 0;
  const fixed = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?$/i.exec(zone);
  if (fixed !== null) return fixedOffset(fixed);
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    return (time) => fixedOffset(/([+-])(\d\d):(\d\d)/.exec(format.format(time)))?.(time) ?? 0;
  } catch {
    return null;
  }
}

/** Offset of an RFC 3339 stamp near the start of a line. */
function stampedOffset(line: string | null): OffsetAt | null {
  return fixedOffset(/\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?([+-])(\d\d):?(\d\d)/.exec(line?.slice(0, 80) ?? ''));
}

/** `parts`: sign, hours, and minutes if there are any. */
function fixedOffset(parts: RegExpExecArray | null): OffsetAt | null {
  if (parts === null) return null;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  return () => (parts[1] === '-' ? -minutes : minutes);
}
