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
import { readOddHeader } from './odd-headers.js';
import { RELEVANT_HINT } from './programs.js';
import { readRfc5424 } from './rfc5424.js';
import { StampReader } from './stamp.js';
import { readSyslog } from './syslog.js';

export interface EnvelopeReader {
  /** The line without its envelope, or null if it is not by an IPsec daemon. */
  read(line: SourceLine): LogRecord | null;
  /** Passes over, in blocks of a source, what `read` would answer null to. Needs the blocks from the first one on. */
  readonly filter: LineFilter;
  /** What the logs did not say so far: `year: 2026`, `zone: UTC`. */
  inferred(): string[];
}

interface Source extends SourceState {
  readonly clock: Clock;
  /** A daemon's own file, where text without any envelope belongs to the daemon. */
  isOwn: boolean;
  format: Format;
  previous: LogRecord | null;
}

/** The commonest first, and those that take much for theirs last. */
const FORMATS: readonly Format[] = [
  readSyslog, readDaemonFile, readRfc5424, readJournalJson, readCharonJson, readContainer, readOddHeader, readLogcat, readColumns,
];

/** Lines looked at to tell what a source is. */
const PROBED_LINES = 2000;

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
    filter: createFilter((name, block) => {
      const found = probe(block, openSource(options));
      select(name).isOwn = found === 'own';
      return found !== 'named';
    }),
    inferred: () => describeInferred([...sources.values()].map((source) => source.clock)),
  };
}

function openSource(options: ClockOptions): Source {
  const clock = new Clock(options);
  return { clock, stamps: new StampReader(clock), header: { text: '', host: '', program: '', pid: null }, isOwn: false, format: readSyslog, previous: null };
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

/**
 * What kind of file the first block of a source shows: `named`, where every line of ours contains {@link RELEVANT_HINT}; `own`,
 * a daemon's own file, where every line counts; `mixed`, where some lines of ours name no daemon.
 */
function probe(block: string, source: Source): 'named' | 'own' | 'mixed' {
  let found: 'named' | 'mixed' = 'named';
  for (let start = 0, number = 1; start < block.length && number <= PROBED_LINES; number++) {
    const newline = block.indexOf('\n', start);
    const end = newline < 0 ? block.length : newline;
    const text = block.slice(start, end);
    const record = readLine({ source: '', number, text }, source);
    if (record !== null && record.program === '') return 'own';
    if (record !== null && text.search(RELEVANT_HINT) < 0) found = 'mixed';
    start = end + 1;
  }
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
