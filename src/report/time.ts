import type { Analysis } from '../model/analysis.js';

/** Formats epoch milliseconds as ISO 8601 in the log's zone, so that readers find the same digits in the log. */
export type TimePrinter = (time: number | null) => string | null;

/**
 * The zone of a report: the one given (`zone`) or inferred for stamps without one, otherwise the offset in the log's
 * own stamps, otherwise UTC.
 */
export function timePrinter(analysis: Analysis, zone: string | null): TimePrinter {
  const { firstLine, inferred } = analysis;
  const assumed = inferred.find((each) => each.startsWith('zone: '))?.slice('zone: '.length) ?? null;
  return printerFor(zone ?? assumed, firstLine);
}

/** Like {@link timePrinter}, without an analysis: from the user's zone and a line whose stamp may have an offset. */
export function printerFor(zone: string | null, line: string | null): TimePrinter {
  const offsetAt = (zone === null ? null : offsetsOf(zone)) ?? stampedOffset(line) ?? (() => 0);
  return (time) => (time === null ? null : isoTime(time, offsetAt(time)));
}

/** Minutes east of UTC at a given time. */
type OffsetAt = (time: number) => number;

function isoTime(time: number, minutes: number): string | null {
  const local = new Date(time + minutes * 60_000);
  if (Number.isNaN(local.getTime())) return null;
  const stamp = local.toISOString();
  return stamp.slice(0, stamp.endsWith('.000Z') ? -'.000Z'.length : -1) + zoneOf(minutes);
}

function zoneOf(minutes: number): string {
  if (minutes === 0) return 'Z';
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) => String(part).padStart(2, '0'));
  return `${minutes < 0 ? '-' : '+'}${hours}:${rest}`;
}

/**
 * Offsets of an IANA zone or of `UTC+02:00`; null for anything else. Only names use the platform's zone data, which is
 * slow to look up.
 */
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

/** Offset of an RFC 3339 stamp, or one with a blank for the T, near the start of a line. */
function stampedOffset(line: string | null): OffsetAt | null {
  return fixedOffset(/\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?([+-])(\d\d):?(\d\d)/.exec(line?.slice(0, 80) ?? ''));
}

/** `parts`: sign, hours, and optional minutes. */
function fixedOffset(parts: RegExpExecArray | null): OffsetAt | null {
  if (parts === null) return null;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  return () => (parts[1] === '-' ? -minutes : minutes);
}
