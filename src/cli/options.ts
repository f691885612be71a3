import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { DateTime, IANAZone } from 'luxon';
import { UsageError } from '../model/problem.js';

export const FORMATS = ['text', 'json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** What commander hands over: every value as it was typed. */
export interface RawOptions {
  readonly format: string;
  readonly journal?: true | readonly string[];
  readonly timeline?: true;
  readonly checklist?: true;
  readonly connection?: string;
  readonly peer?: string;
  readonly since?: string;
  readonly until?: string;
  readonly utcOffset?: string;
  readonly zone?: string;
  readonly year?: string;
  readonly unknown?: true;
  readonly rules: readonly string[];
  readonly color: boolean;
  readonly follow?: true;
  readonly state?: string;
  readonly output?: string;
}

/** The same, checked. Times in epoch milliseconds. */
export interface Options {
  readonly format: Format;
  readonly timeline: boolean;
  readonly checklist: boolean;
  readonly unknown: boolean;
  readonly color: boolean;
  readonly rules: readonly string[];
  /** Units whose journal is to be read; an empty list stands for all that are about IPsec. */
  readonly journal?: readonly string[];
  readonly connection?: string;
  readonly peer?: string;
  readonly since?: number;
  readonly until?: number;
  readonly zone?: string;
  readonly year?: number;
  /** Read the inputs on and on; where to keep how far that has come, and where to write what is told. */
  readonly follow: boolean;
  readonly state?: string;
  readonly output?: string;
}

/** Checks the options of a run once. `now` in epoch milliseconds. Throws UsageError naming the option and what it expects. */
export function readOptions(raw: RawOptions, now: number): Options {
  const zone = readZone(raw);
  const since = readTime('--since', raw.since, zone, now);
  const until = readTime('--until', raw.until, zone, now);
  if (since !== undefined && until !== undefined && since > until) {
    throw new UsageError(`Expected --since to be before --until, got ${raw.since} and ${raw.until}`);
  }
  return {
    format: readFormat(raw.format),
    timeline: raw.timeline === true,
    checklist: raw.checklist === true,
    unknown: raw.unknown === true,
    color: raw.color,
    follow: checkFollow(raw),
    rules: checkRuleDirectories(raw.rules),
    ...present({ journal: readUnits(raw.journal), connection: raw.connection, peer: readPeer(raw.peer), since, until, zone, year: readYear(raw.year), state: raw.state, output: raw.output }),
  };
}

/** The properties that have a value. */
function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** Rules that are asked for and not there would change the answer silently. */
export function checkRuleDirectories(directories: readonly string[]): readonly string[] {
  const missing = directories.find((directory) => statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true);
  if (missing !== undefined) {
    throw new UsageError(`Missing --rules directory ${missing}: expected one with causes/ or signatures/ in it`);
  }
  return directories;
}

/** What goes with --follow only, and what it cannot do. */
function checkFollow({ follow, state, output, format }: RawOptions): boolean {
  const alone = state !== undefined ? '--state' : output !== undefined ? '--output' : null;
  if (follow !== true && alone !== null) {
    throw new UsageError(`Expected --follow with ${alone}`);
  }
  if (follow === true && format === 'json') {
    throw new UsageError('Expected --format text or ndjson with --follow, got json, which has no end to wait for');
  }
  return follow === true;
}

function readFormat(format: string): Format {
  const known = FORMATS.find((each) => each === format);
  if (known === undefined) {
    throw new UsageError(`Expected --format ${FORMATS.join(', ')}, got ${format}`);
  }
  return known;
}

/** A path behind --journal was meant to be an input. */
function readUnits(journal: RawOptions['journal']): readonly string[] | undefined {
  const units = journal === true ? [] : journal;
  const path = units?.find((unit) => unit.includes('/') || unit === '-' || unit === '');
  if (path !== undefined) {
    throw new UsageError(`Expected units behind --journal, got ${path}: name files before --journal`);
  }
  return units;
}

function readPeer(peer: string | undefined): string | undefined {
  if (peer !== undefined && isIP(peer) === 0) {
    throw new UsageError(`Expected --peer with an IPv4 or IPv6 address, got ${peer}`);
  }
  return peer;
}

function readYear(year: string | undefined): number | undefined {
  if (year === undefined) {
    return undefined;
  }
  if (!/^(?:19[7-9]\d|2\d{3})$/.test(year)) {
    throw new UsageError(`Expected --year with four digits from 1970 on, got ${year}`);
  }
  return Number(year);
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

/** ISO 8601 (without an offset: in the zone of the log), a time of today, or how long before now. */
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
