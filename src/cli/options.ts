import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { UsageError } from '../model/problem.js';
import type { TimeOptions } from './time-options.js';

export const FORMATS = ['text', 'json', 'ndjson'] as const;
export type OutputFormat = (typeof FORMATS)[number];

/** Raw option values from commander. */
export interface RawOptions {
  readonly format: string;
  readonly journal?: true | readonly string[];
  readonly timeline?: true;
  readonly checklist?: true;
  readonly connection?: string;
  readonly peer?: string;
  readonly peerProduct?: string;
  readonly since?: string;
  readonly until?: string;
  readonly utcOffset?: string;
  readonly zone?: string;
  readonly year?: string;
  readonly unknown?: true;
  readonly rules: readonly string[];
  readonly threads?: string;
  readonly color: boolean;
  readonly follow?: true;
  readonly state?: string;
  readonly output?: string;
}

/** The validated options; times in epoch milliseconds. */
export interface Options {
  readonly format: OutputFormat;
  readonly timeline: boolean;
  readonly checklist: boolean;
  readonly unknown: boolean;
  readonly color: boolean;
  readonly rules: readonly string[];
  /** Units whose journal is read; an empty list means all IPsec daemons. */
  readonly journal?: readonly string[];
  readonly connection?: string;
  readonly peer?: string;
  readonly peerProduct?: string;
  readonly since?: number;
  readonly until?: number;
  readonly zone?: string;
  readonly year?: number;
  readonly threads?: 1 | 2;
  /** Follow the inputs; where to save the position, and where to write the report. */
  readonly follow: boolean;
  readonly state?: string;
  readonly output?: string;
}

/**
 * Validates the options of a run. `now` in epoch milliseconds. @throws UsageError that names the option and what it
 * expects.
 */
export async function readOptions(raw: RawOptions, now: number): Promise<Options> {
  const { zone, since, until } = await readTimeOptions(raw, now);
  return {
    format: readFormat(raw.format),
    timeline: raw.timeline === true,
    checklist: raw.checklist === true,
    unknown: raw.unknown === true,
    color: raw.color,
    follow: checkFollow(raw),
    rules: checkRuleDirectories(raw.rules),
    ...present({ journal: readUnits(raw.journal), connection: raw.connection, peer: readPeer(raw.peer), peerProduct: raw.peerProduct, since, until, zone, year: readYear(raw.year), threads: readThreads(raw.threads), state: raw.state, output: raw.output }),
  };
}

/** Drops properties without a value. */
function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** A missing rule directory must not silently change the result. */
export function checkRuleDirectories(directories: readonly string[]): readonly string[] {
  const missing = directories.find((directory) => statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true);
  if (missing !== undefined) {
    throw new UsageError(`Missing --rules directory ${missing}: expected one that contains causes/ or signatures/`);
  }
  return directories;
}

/** Checks the options that require --follow, and those that exclude it. */
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

function readFormat(format: string): OutputFormat {
  const known = FORMATS.find((each) => each === format);
  if (known === undefined) {
    throw new UsageError(`Expected --format ${FORMATS.join(', ')}, got ${format}`);
  }
  return known;
}

/** Rejects paths after --journal, which were meant as inputs. */
function readUnits(journal: RawOptions['journal']): readonly string[] | undefined {
  const units = journal === true ? [] : journal;
  const path = units?.find((unit) => unit.includes('/') || unit === '-' || unit === '');
  if (path !== undefined) {
    throw new UsageError(`Expected units after --journal, got ${path}: put files before --journal`);
  }
  return units;
}

function readPeer(peer: string | undefined): string | undefined {
  if (peer !== undefined && isIP(peer) === 0) {
    throw new UsageError(`Expected --peer with an IPv4 or IPv6 address, got ${peer}`);
  }
  return peer;
}

function readThreads(threads: string | undefined): 1 | 2 | undefined {
  if (threads === undefined) return undefined;
  if (threads === '1') return 1;
  if (threads === '2') return 2;
  throw new UsageError(`Expected --threads 1 or 2, got ${threads}`);
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

/** Loads luxon only if an option needs it: it takes a tenth of the time to the first answer. */
async function readTimeOptions(raw: RawOptions, now: number): Promise<TimeOptions> {
  const isAsked = [raw.zone, raw.utcOffset, raw.since, raw.until].some((each) => each !== undefined);
  return isAsked ? (await import('./time-options.js')).readTimeOptions(raw, now) : {};
}
