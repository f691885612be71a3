import type { LineFilter } from '../model/line-filter.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { tidyText } from './damage/damage.js';
import { splitLine } from './damage/multi-message-lines.js';
import { findWrapping, Unwrapper } from './damage/wrapped.js';
import { createFilter } from './filter.js';
import { readBlock } from './formats/journal-block.js';
import { skipPriority } from './formats/syslog.js';
import { orderOf, turn, turnSeconds } from './order/order.js';
import { linesOf, probeLines, type Probe } from './probe.js';
import { endSource, learnHeading, openSource, readLine, type Source } from './source.js';
import { Clock, type ClockOptions } from './time/clock.js';

export interface EnvelopeReader {
  /** The line without its envelope, or null if it is not from an IPsec daemon. */
  read(line: SourceLine): LogRecord | null;
  /** Like `read`, for each message of a line that may hold several. */
  readEach(line: SourceLine, take: (record: LogRecord) => void): void;
  /** Ends the source; returns the records that only its end completes. */
  end(source: string): LogRecord[];
  /**
   * The record without the markup and runs of blanks that web pages and terminals leave in a message; null if there are
   * none.
   */
  repair(record: LogRecord): LogRecord | null;
  /**
   * Does the source list its newest lines first? Then collect its lines and pass them all to {@link readNewestFirst}.
   * `lines` are the first ones, from a source that the filter has not seen.
   */
  isNewestFirst(source: string, lines: readonly SourceLine[]): boolean;
  /**
   * Reads all lines of a newest-first source, given in their original order; returns the records in chronological
   * order.
   */
  readNewestFirst(lines: readonly SourceLine[]): LogRecord[];
  /**
   * Rejoins lines broken at a fixed width, if the source has such lines; null otherwise. `lines` are its first ones.
   */
  unwrapper(lines: readonly SourceLine[]): Unwrapper | null;
  /** Reads the stamp at the start of a text: its end (0 if there is none) and its time. */
  stamp(text: string, source: string): { readonly end: number } & Pick<LogRecord, 'time' | 'inferred'>;
  /**
   * Skips, in blocks of a source, lines for which `read` would return null. Must see every block from the first one on.
   */
  readonly filter: LineFilter;
  /** What had to be inferred so far: `year: 2026`, `zone: UTC`. */
  inferred(): string[];
}

/** Creates a reader for any number of sources. @throws UsageError if the zone does not exist. */
export function createEnvelopeReader(options: ClockOptions): EnvelopeReader {
  const open = (name: string): Source => openSource(new Clock(options, name));
  const sources = new Map<string, Source>();
  let current = open('');
  let currentName: string | null = null;

  const select = (name: string): Source => {
    if (name === currentName) return current;
    let source = sources.get(name);
    if (source === undefined) sources.set(name, (source = open(name)));
    currentName = name;
    return (current = source);
  };

  return {
    read: (line) => readLine(line, select(line.source)),
    readEach(line, take) {
      const source = select(line.source);
      const parts = splitLine(line);
      if (parts !== null) return readParts(parts, source).forEach(take);
      const record = readLine(line, source);
      if (record !== null) take(record);
    },
    end: (name) => endSource(select(name)),
    repair(record) {
      const message = tidyText(record.message).replace(/ {2,}/g, ' ');
      return message === record.message ? null : { ...record, message };
    },
    isNewestFirst(name, lines) {
      const source = select(name);
      source.order ??= examine(lines.map(({ text }) => text), source, open(name)).order;
      return source.order !== 'oldest-first';
    },
    readNewestFirst: (lines) => (lines[0] === undefined ? [] : readTurned(lines, select(lines[0].source))),
    unwrapper(lines) {
      const findStamp = stampFinder(open(''));
      const texts = lines.map(({ text }) => text);
      const wrapping = findWrapping(texts, findStamp);
      return wrapping === null ? null : new Unwrapper(wrapping, texts, findStamp);
    },
    stamp(text, name) {
      const { stamps } = select(name);
      const end = stamps.read(text, 0);
      return end < 0 ? { end: 0, time: null, inferred: [] } : { end, time: stamps.time, inferred: stamps.inferred };
    },
    filter: createFilter((name, block) => {
      const source = select(name);
      learnHeading(block.slice(0, block.indexOf('\n')), source);
      const { kind, order, isShort } = examine(linesOf(block), source, open(name));
      source.isOwn = kind === 'own';
      source.order = order;
      return kind !== 'named' || isShort || findWrapping(linesOf(block), stampFinder(open(name))) !== null;
    }),
    inferred: () => describeInferred([...sources.values()].map((source) => source.clock)),
  };
}

function stampFinder({ stamps }: Source): (text: string, at: number) => number {
  return (text, at) => stamps.read(text, skipPriority(text.slice(at)) + at);
}

/** The messages of one line, oldest first. */
function readParts(parts: readonly SourceLine[], source: Source): readonly LogRecord[] {
  const records = readAll(parts, source);
  return turn(records, orderOf(records), timeOf);
}

/** The lines of a newest-first source; where entries have several lines, those stand in their own order. */
function readTurned(lines: readonly SourceLine[], source: Source): LogRecord[] {
  if (source.spansLines) return [...turn([...readAll(lines, source), ...endSource(source)], source.order ?? 'newest-first', timeOf)];
  const records = readAll(lines.toReversed(), source);
  return source.order === 'newest-second-first' ? turnSeconds(records, timeOf) : records;
}

const timeOf = ({ time }: LogRecord): number | null => time;

function readAll(lines: readonly SourceLine[], source: Source): LogRecord[] {
  return lines.map((line) => readLine(line, source)).filter((record) => record !== null);
}

/**
 * Looks at the first lines of a source with a `fresh` one, and tells the source what year they show and whether an entry
 * has several lines.
 */
function examine(texts: Iterable<string>, source: Source, fresh: Source): Probe {
  const found = probeLines(texts, (line) => readLine(line, fresh), () => endSource(fresh));
  source.clock.startsNear(fresh.clock.dated);
  source.spansLines = fresh.format === readBlock;
  return found;
}

function describeInferred(clocks: readonly Clock[]): string[] {
  const years = clocks.flatMap((clock) => [...clock.years]).sort((a, b) => a - b).map(String);
  const days = clocks.flatMap((clock) => [...clock.days]).sort();
  const zone = clocks.some((clock) => clock.assumedZone) ? ['zone: UTC'] : [];
  const uptime = clocks.some((clock) => clock.countsFromBoot) ? ['date: time since boot'] : [];
  return [...describeSpan('year', years), ...describeSpan('date', days), ...uptime, ...zone];
}

function describeSpan(what: string, values: readonly string[]): string[] {
  const first = values[0];
  const last = values.at(-1);
  if (first === undefined) return [];
  return [first === last ? `${what}: ${first}` : `${what}s: ${first} to ${last}`];
}
