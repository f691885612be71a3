import type { LineFilter } from '../model/line-filter.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { readCharonJson } from './charon-json.js';
import { Clock, type ClockOptions } from './clock.js';
import { readContainer } from './container.js';
import { bareRecord, readDaemonFile } from './daemon-file.js';
import { readColumns } from './columns.js';
import { createFilter } from './filter.js';
import { OTHER_PROGRAM, type Format, type SourceState } from './format.js';
import { readJournalJson } from './journal-json.js';
import { readLogcat } from './logcat.js';
import { isLastRepeated, readLastRepeated, unwrapRepeats } from './repeats.js';
import { turnSeconds, type Order } from './order.js';
import { linesOf, probeLines } from './probe.js';
import { readOddHeader } from './odd-headers.js';
import { readRfc5424 } from './rfc5424.js';
import { StampReader } from './stamp.js';
import { readSyslog } from './syslog.js';

export interface EnvelopeReader {
  /** The line without its envelope, or null if it is not by an IPsec daemon. */
  read(line: SourceLine): LogRecord | null;
  /**
   * Does the source have its newest lines first? Its lines are to be kept then and given to {@link readNewestFirst} as a whole.
   * `lines` are its first ones, of a source that the filter has not seen.
   */
  isNewestFirst(source: string, lines: readonly SourceLine[]): boolean;
  /** All lines of a source that is newest first, in its order; returns the records in the order of time. */
  readNewestFirst(lines: readonly SourceLine[]): LogRecord[];
  /** Passes over, in blocks of a source, what `read` would answer null to. Needs the blocks from the first one on. */
  readonly filter: LineFilter;
  /** What the logs did not say so far: `year: 2026`, `zone: UTC`. */
  inferred(): string[];
}

interface Source extends SourceState {
  readonly clock: Clock;
  /** A daemon's own file, where text without any envelope belongs to the daemon. */
  isOwn: boolean;
  /** Null until its first lines were looked at. */
  order: Order | null;
  format: Format;
  previous: LogRecord | null;
}

/** The commonest first, and those that take much for theirs last. */
const FORMATS: readonly Format[] = [
  readSyslog, readDaemonFile, readRfc5424, readJournalJson, readCharonJson, readContainer, readOddHeader, readLogcat, readColumns,
];

/** Reads the envelopes of any number of sources. @throws UsageError for a zone that does not exist. */
export function createEnvelopeReader(options: ClockOptions): EnvelopeReader {
  const sources = new Map<string, Source>();
  let current = openSource(options);
  let currentName: string | null = null;

  const select = (name: string): Source => {
    if (name === currentName) return current;
    let source = sources.get(name);
    if (source === undefined) sources.set(name, (source = openSource(options)));
    currentName = name;
    return (current = source);
  };

  return {
    read: (line) => readLine(line, select(line.source)),
    isNewestFirst(name, lines) {
      const source = select(name);
      source.order ??= probeLines(lines.map(({ text }) => text), reading(openSource(options))).order;
      return source.order !== 'oldest-first';
    },
    readNewestFirst(lines) {
      const records = lines.toReversed().map((line) => readLine(line, select(line.source))).filter((record) => record !== null);
      return current.order === 'newest-second-first' ? turnSeconds(records) : records;
    },
    filter: createFilter((name, block) => {
      const source = select(name);
      const { kind, order } = probeLines(linesOf(block), reading(openSource(options)));
      source.isOwn = kind === 'own';
      source.order = order;
      return kind !== 'named';
    }),
    inferred: () => describeInferred([...sources.values()].map((source) => source.clock)),
  };
}

const reading = (source: Source) => (line: SourceLine): LogRecord | null => readLine(line, source);

function openSource(options: ClockOptions): Source {
  const clock = new Clock(options);
  return { clock, stamps: new StampReader(clock), header: { text: '', host: '', program: '', pid: null }, isOwn: false, order: null, format: readSyslog, previous: null };
}

function readLine(line: SourceLine, source: Source): LogRecord | null {
  let answer = source.format(line, source);
  if (answer === undefined) answer = tryFormats(line, source);
  if (answer === OTHER_PROGRAM) {
    source.isOwn = false;
    return null;
  }
  if (answer === undefined) return readRest(line, source);
  const record = unwrapRepeats(answer);
  if (isLastRepeated(record.message)) return readRest(line, source);
  source.previous = record;
  source.isOwn = record.program === '';
  return record;
}

/** The format of the last line is tried first; it changes rarely. */
function tryFormats(line: SourceLine, source: Source): LogRecord | typeof OTHER_PROGRAM | undefined {
  for (const format of FORMATS) {
    const answer = format === source.format ? undefined : format(line, source);
    if (answer === undefined) continue;
    source.format = format;
    return answer;
  }
  return undefined;
}

/** What no format claims: repetitions of the line before and, in a daemon's own file, text without stamp and prefix. */
function readRest(line: SourceLine, source: Source): LogRecord | null {
  const repeated = readLastRepeated(line, source.previous, source.stamps.time);
  if (repeated === undefined) {
    const counts = source.isOwn && line.text.trim() !== '' && !line.text.startsWith('-- ');
    return counts ? bareRecord(line, 0) : null;
  }
  if (repeated !== null) source.previous = repeated;
  return repeated;
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
