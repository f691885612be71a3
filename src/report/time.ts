import { DateTime, FixedOffsetZone } from 'luxon';
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
  const shown = validZone(zone) ?? stampedZone(line) ?? 'UTC';
  return (time) => {
    const at = time === null ? null : DateTime.fromMillis(time, { zone: shown, locale: 'en' });
    return at === null ? null : at.toISO({ suppressMilliseconds: true });
  };
}

function validZone(zone: string | null): string | null {
  return zone !== null && DateTime.utc({ locale: 'en' }).setZone(zone).isValid ? zone : null;
}

function stampedZone(line: string | null): FixedOffsetZone | null {
  return line === null ? null : offsetOf(line);
}

/** Offset of an RFC 3339 stamp near the start of a line. */
function offsetOf(line: string): FixedOffsetZone | null {
  const stamp = /\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?([+-])(\d\d):?(\d\d)/.exec(line.slice(0, 80));
  if (stamp === null) {
    return null;
  }
  const minutes = Number(stamp[2]) * 60 + Number(stamp[3]);
  return FixedOffsetZone.instance(stamp[1] === '-' ? -minutes : minutes);
}
