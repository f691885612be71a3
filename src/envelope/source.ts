import { withoutCellBorders } from '../model/cell-borders.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { findLine, tidyLine, tidyText } from './damage/damage.js';
import { readCharonJson } from './formats/charon-json.js';
import { hostColumn, readColumns } from './formats/columns.js';
import { readContainer } from './formats/container.js';
import { bareRecord, readDaemonFile } from './formats/daemon-file.js';
import { OTHER_PROGRAM, type Format, type SourceState } from './formats/format.js';
import { endBlock, readBlock } from './formats/journal-block.js';
import { readJournalJson } from './formats/journal-entry.js';
import { journalEnd } from './formats/journal-span.js';
import { readJson } from './formats/json-wrapper.js';
import { readKernelRing } from './formats/kernel-ring.js';
import { readLogcat } from './formats/logcat.js';
import { readLogfmt } from './formats/logfmt.js';
import { mayHoldAnother, mergeLayers } from './formats/nested-envelopes.js';
import { isIpsecProgram, isKernelProgram, isRelay, readTag } from './formats/programs.js';
import { isLastRepeated, readLastRepeated, unwrapRepeats } from './formats/repeats.js';
import { readRfc5424 } from './formats/rfc5424.js';
import { readCef, readRouteros } from './formats/routeros.js';
import { readSyslog } from './formats/syslog.js';
import { readVendorHeader } from './formats/vendor-headers.js';
import type { Order } from './order/order.js';
import type { Clock } from './time/clock.js';
import { StampReader } from './time/stamp.js';

/** State of one source while it is read. */
export interface Source extends SourceState {
  readonly clock: Clock;
  /** It is a daemon's own file, where text without any envelope belongs to that daemon. */
  isOwn: boolean;
  /** Program of the last record. */
  program: string;
  /** Null until the first lines were examined. */
  order: Order | null;
  /** Its entries have several lines each, as far as examined. */
  spansLines: boolean;
  format: Format;
  previous: LogRecord | null;
}

/** Commonest first; formats that accept nearly anything come last. */
const FORMATS: readonly Format[] = [
  readSyslog, readDaemonFile, readRfc5424, readJournalJson, readCharonJson, readContainer, readBlock, readJson, readVendorHeader, readRouteros, readCef, readLogcat, readLogfmt, readKernelRing, readColumns,
];

/**
 * `&quot;gw&quot; #1: text`: a web page escaped the quotes around pluto's connection name; unless they are restored,
 * the rest would be read as a different message.
 */
const AMPERSAND = 0x26;
/** The first character of the borders of a table on a web page, at the end of the line: `text | |`. */
const BAR = 0x7c;
/** The end of a line that a page shows as code between backquotes. */
const TICK = 0x60;
/** End-of-line mark printed by `cat -A`, and borders of a text window that lines were copied from. */
const DOLLAR = 0x24;
const BORDERS = '│┃║';
/** A line end written as two characters, by a program that prints strings as source code, or a continued line. */
const BACKSLASH = 0x5c;
const SMALL_N = 0x6e;
const WRITTEN_END = /(?:\\r)?\\n?$/;
/** metalog writes an underscore for the line end that a program added to its message. */
const UNDERSCORE = 0x5f;
const METALOG = /^[-*>\d. ]{0,8}[A-Z][a-z]{2} [ \d]\d [\d:]{8} \[/;
/** Markdown escape before a bracket. */
const ESCAPED_BRACKET = '\\[';
/** A reader's annotation at the end of a quoted line: an arrow followed by words. */
const REMARK = /\s{1,20}(?:\u2190|<-{2,10}\s).*$/s;
/** Host and program, or the program alone. */
const TAG = /^(?:(?<host>[\w.-]{1,64}) )?(?<tag>[\w.-]{1,40}\[\d{1,7}\]): /;
/** Text without a letter or digit is a horizontal rule or code fence, not a message. */
const WORD = /[\p{L}\d]/u;
/** A heading is looked for in this many lines at the start of a source. */
const HEADING = 5;
/** Nesting limit for envelopes; nothing real is deeper. */
const MAX_LAYERS = 4;

/** A source from which nothing has been read yet. */
export function openSource(clock: Clock, layer = 1): Source {
  let inner: Source | undefined;
  return {
    clock,
    stamps: new StampReader(clock),
    header: { text: '', host: '', program: '', pid: null },
    otherHeader: { text: '', host: '', program: '', pid: null },
    block: null,
    finished: null,
    long: null,
    pieces: null,
    hostColumn: null,
    isOwn: false,
    program: '',
    order: null,
    spansLines: false,
    format: readSyslog,
    previous: null,
    readInner(line) {
      if (layer === MAX_LAYERS) return undefined;
      inner ??= openSource(clock, layer + 1);
      const answer = readFormats(line, inner);
      return answer === OTHER_PROGRAM ? undefined : answer;
    },
  };
}

/** The line without its envelope, or null if it is not from an IPsec daemon. */
export function readLine(line: SourceLine, source: Source): LogRecord | null {
  const record = readOne(line, source);
  if (source.finished === null) return record;
  const { finished } = source;
  source.finished = record;
  return finished;
}

/** Learns from a heading: journalctl's gives the year of the lines below, a table header the column of the host. */
export function learnHeading(text: string, source: Source): void {
  const end = journalEnd(text);
  if (end !== null) source.clock.endsAt(end);
  source.hostColumn ??= hostColumn(text);
}

/** Completes what only the end of the source can complete. */
export function endSource(source: Source): LogRecord[] {
  const { finished, pieces } = source;
  source.finished = null;
  source.pieces = null;
  return [finished, endBlock(source), ...(pieces?.values() ?? [])].filter((record) => record !== null && record !== undefined);
}

function readOne(line: SourceLine, source: Source): LogRecord | null {
  const answer = readPlain(line, source) ?? readDamaged(line, source);
  if (answer !== undefined) source.stamps.noteYear();
  if (answer === OTHER_PROGRAM) {
    source.isOwn = false;
    return null;
  }
  if (answer === undefined || isLastRepeated(answer.message)) return readRest(line, source);
  const record = clearEnds(answer);
  source.previous = record;
  source.isOwn = source.format === readDaemonFile || source.format === readContainer;
  source.program = record.program;
  return record;
}

function readPlain(line: SourceLine, source: Source): LogRecord | typeof OTHER_PROGRAM | undefined {
  const answer = readFormats(line, source);
  return answer === OTHER_PROGRAM && line.text.includes(ESCAPED_BRACKET) ? readDamaged(line, source) ?? answer : answer;
}

/** Removes page markup at the ends of a message. Runs on every line, so the rare character is tested first. */
function clearEnds(record: LogRecord): LogRecord {
  const { message } = record;
  if (message.charCodeAt(0) === AMPERSAND) return { ...record, message: tidyText(message) };
  const last = message.charCodeAt(message.length - 1);
  if (last === BAR) return { ...record, message: withoutCellBorders(message) };
  if (last === TICK && record.line.text.trimStart().startsWith('`')) return { ...record, message: message.slice(0, -1) };
  if (last === BACKSLASH || (last === SMALL_N && message.charCodeAt(message.length - 2) === BACKSLASH)) return { ...record, message: message.replace(WRITTEN_END, '') };
  if (last === UNDERSCORE && METALOG.test(record.line.text)) return { ...record, message: message.slice(0, -1) };
  if (last === DOLLAR || (last > 0x2500 && BORDERS.includes(message.charAt(message.length - 1)))) return { ...record, message: message.slice(0, -1).trimEnd() };
  return message.includes('\u2190') || (message.includes('<--') && message.includes(' <--')) ? { ...record, message: message.replace(REMARK, '') } : record;
}

/** Tries the format of the previous line first, since it rarely changes. */
function readFormats(line: SourceLine, source: Source): LogRecord | typeof OTHER_PROGRAM | undefined {
  let answer = source.format(line, source);
  for (let index = 0; answer === undefined && index < FORMATS.length; index++) {
    const format = FORMATS[index] as Format;
    answer = format === source.format ? undefined : format(line, source);
    if (answer !== undefined) source.format = format;
  }
  if (answer === undefined || answer === OTHER_PROGRAM) return answer;
  const record = unwrapRepeats(answer);
  const inner = mayHoldAnother(record.message) ? source.readInner({ ...line, text: record.message }) : undefined;
  return inner === undefined ? record : mergeLayers(record, inner);
}

/** Retries a line without the marks that pasting and quoting added, then searches for a line after a prefix. */
function readDamaged(line: SourceLine, source: Source): LogRecord | undefined {
  const tidy = tidyLine(line.text);
  const text = tidy.includes('\t') ? tidy.replaceAll('\t', ' ') : tidy;
  const answer = text === line.text ? undefined : readFormats({ ...line, text }, source);
  if (answer === OTHER_PROGRAM) return undefined;
  const record = answer ?? findLine(text, (rest) => readInside({ ...line, text: rest }, source));
  if (record === undefined) return undefined;
  const isStamped = record.time === null && source.stamps.read(text, 0) > 0;
  return isStamped ? { ...record, line, time: source.stamps.time, inferred: source.stamps.inferred } : { ...record, line };
}

function readInside(line: SourceLine, source: Source): LogRecord | undefined {
  const answer = readFormats(line, source);
  return answer === OTHER_PROGRAM ? undefined : answer;
}

/**
 * Lines in no known format: repetitions of the previous line and, in a daemon's own file, text without stamp and
 * prefix.
 */
function readRest(line: SourceLine, source: Source): LogRecord | null {
  if (line.number <= HEADING) learnHeading(line.text, source);
  const repeated = readLastRepeated(line, source.previous, source.stamps.time);
  if (repeated === undefined) {
    const other = readOther(line);
    if (other !== undefined) return other;
    const counts = source.isOwn && WORD.test(line.text) && !line.text.startsWith('-- ');
    return counts ? clearEnds({ ...bareRecord(line, 0), program: source.program }) : null;
  }
  if (repeated !== null) source.previous = repeated;
  return repeated;
}

/**
 * A line without stamp of a program that is none of the daemons; null unless it may be about a tunnel's packets, and
 * undefined if it names no such program.
 */
function readOther(line: SourceLine): LogRecord | null | undefined {
  const found = TAG.exec(line.text);
  if (found === null) return undefined;
  const { host = '', tag = '' } = found.groups ?? {};
  const { program, pid } = readTag(tag);
  if (isIpsecProgram(program) || isRelay(program)) return undefined;
  return isKernelProgram(program, line.text) ? { ...bareRecord(line, found[0].length), host, program, pid } : null;
}
