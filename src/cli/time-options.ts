import { DateTime, IANAZone } from 'luxon';
import { UsageError } from '../model/problem.js';
import type { RawOptions } from './options.js';

/** Times in epoch milliseconds. */
export interface TimeOptions {
  readonly zone?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/**
 * Validates the options for times and zones. `now` in epoch milliseconds. @throws UsageError that names the option and
 * what it expects.
 */
export function readTimeOptions(raw: RawOptions, now: number): TimeOptions {
  const zone = readZone(raw);
  const since = readTime('--since', raw.since, zone, now);
  const until = readTime('--until', raw.until, zone, now);
  if (since !== undefined && until !== undefined && since > until) {
    throw new UsageError(`Expected --since to be before --until, got ${raw.since} and ${raw.until}`);
  }
  return { zone, since, until };
}

function readZone({ zone, utcOffset }: RawOptions): string | undefined {
  if (zone !== undefined && utcOffset !== undefined) {
    throw new UsageError('Expected one of --zone and --utc-offset, got both');
  }
  if (zone !== undefined && !IANAZone.isValidZone(zone)) {
    throw new UsageError(`Unknown --zone ${zone}: expected a name such as Europe/Berlin or UTC`);
  }
  return zone ?? readOffset(utcOffset);
}

function readOffset(offset: string | undefined): string | undefined {
  if (offset === undefined) {
    return undefined;
  }
  const parts = /^([+-])(0\d|1[0-4]):?([0-5]\d)$/.exec(offset);
  if (parts !== null) {
    return `UTC${parts[1]}${parts[2]}:${parts[3]}`;
  }
  if (offset === 'Z') {
    return 'UTC';
  }
  throw new UsageError(`Expected --utc-offset such as +01:00 or -0530, got ${offset}`);
}

const UNITS = { m: 'minutes', h: 'hours', d: 'days' } as const;

/** Accepts ISO 8601 (without an offset: in the log's zone), a time of today, or a duration before now. */
function readTime(option: string, text: string | undefined, zone = 'UTC', now: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const today = DateTime.fromMillis(now, { zone });
  const ago = /^(\d{1,6})([mhd])$/.exec(text);
  if (ago !== null) {
    return today.minus({ [UNITS[ago[2] as keyof typeof UNITS]]: Number(ago[1]) }).toMillis();
  }
  const time = DateTime.fromISO(/^\d\d:\d\d(?::\d\d)?$/.test(text) ? `${today.toISODate()}T${text}` : text.replace(' ', 'T'), { zone });
  if (!time.isValid) {
    throw new UsageError(`Expected ${option} such as 2026-11-20T10:00, 10:00 (today) or 2h (before now), got ${text}`);
  }
  return time.toMillis();
}
