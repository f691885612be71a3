import type { LineFilter } from '../model/line-filter.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { readCharonJson } from './charon-json.js';
import { Clock, type ClockOptions } from './clock.js';
import { readContainer } from './container.js';
import { bareRecord, readDaemonFile } from './daemon-file.js';
import { createFilter } from './filter.js';
import { OTHER_PROGRAM, type Format, type SourceState } from './format.js';
import { readJournalJson } from './journal-json.js';
import { isLastRepeated, readLastRepeated, unwrapRepeats } from './repeats.js';
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

/** `whole`: a daemon's own file, where every line counts. `open`: not decided, so far only lines of other formats came. */
interface Source extends SourceState {
  readonly clock: Clock;
  kind: 'open' | 'syslog' | 'whole';
  format: Format;
  previous: LogRecord | null;
}

/** Formats of lines that name their program. */
const SYSLOG_FORMATS: readonly Format[] = [readSyslog, readRfc5424, readJournalJson];
/** Formats that only a daemon's own file or console has. */
const DAEMON_FORMATS: readonly Format[] = [readDaemonFile, readCharonJson, readContainer];
const ALL_FORMATS: readonly Format[] = [...SYSLOG_FORMATS, ...DAEMON_FORMATS];

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
      const source = select(name);
      source.kind = isDaemonFile(block, openSource(options)) ? 'whole' : 'syslog';
      return source.kind === 'whole';
    }),
    inferred: () => describeInferred([...sources.values()].map((source) => source.clock)),
  };
}

function openSource(options: ClockOptions): Source {
  const clock = new Clock(options);
  return { clock, stamps: new StampReader(clock), header: { text: '', host: '', program: '', pid: null }, kind: 'open', format: readSyslog, previous: null };
}

function readLine(line: SourceLine, source: Source): LogRecord | null {
  let answer = source.format(line, source);
  if (answer === undefined) answer = tryFormats(line, source);
  if (answer === OTHER_PROGRAM) return null;
  if (answer === undefined) return readRest(line, source);
  const record = unwrapRepeats(answer);
  if (isLastRepeated(record.message)) return readRest(line, source);
  source.previous = record;
  return record;
}

/** The format of the last line is tried first; it changes rarely. */
function tryFormats(line: SourceLine, source: Source): LogRecord | typeof OTHER_PROGRAM | undefined {
  for (const format of source.kind === 'syslog' ? SYSLOG_FORMATS : ALL_FORMATS) {
    const answer = format === source.format ? undefined : format(line, source);
    if (answer === undefined) continue;
    source.format = format;
    if (source.kind === 'open' && DAEMON_FORMATS.includes(format)) source.kind = 'whole';
    return answer;
  }
  return undefined;
}

/** What no format claims: repetitions of the line before and, in a daemon's own file, text without stamp and prefix. */
function readRest(line: SourceLine, source: Source): LogRecord | null {
  const repeated = readLastRepeated(line, source.previous, source.stamps.time);
  if (repeated === undefined) {
    const counts = source.kind === 'whole' && line.text.trim() !== '' && !line.text.startsWith('-- ');
    return counts ? bareRecord(line, null, 0) : null;
  }
  if (repeated !== null) source.previous = repeated;
  return repeated;
}

function isDaemonFile(block: string, probe: Source): boolean {
  for (let start = 0, number = 1; start < block.length && number <= PROBED_LINES; number++) {
    const end = block.indexOf('\n', start);
    const text = block.slice(start, end < 0 ? block.length : end);
    if (DAEMON_FORMATS.some((format) => format({ source: '', number, text }, probe) !== undefined)) return true;
    if (end < 0) break;
    start = end + 1;
  }
  return false;
}

function describeInferred(clocks: readonly Clock[]): string[] {
  const years = clocks.flatMap((clock) => [...clock.years]).sort((a, b) => a - b);
  const first = years[0];
  const last = years.at(-1);
  const notes = first === undefined ? [] : [first === last ? `year: ${first}` : `years: ${first} to ${last}`];
  return clocks.some((clock) => clock.assumedZone) ? [...notes, 'zone: UTC'] : notes;
}
