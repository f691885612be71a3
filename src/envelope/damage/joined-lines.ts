import type { LogRecord, RecordTag } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import { startsPluto, startsThread } from '../formats/daemon-shape.js';

const STAMP = '(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\\d{1,2} \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?|\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d[^ :]{0,16}(?::\\d\\d)?|(?<![A-Z][a-z]{2} [ \\d]?\\d |\\d{4}-\\d\\d-\\d\\d )\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?)';
/**
 * Inside a line, a stamp followed by a host and a tag, or by a daemon's own prefix: quoting has joined several log
 * lines.
 */
const NEXT_LINE = new RegExp(` (?=${STAMP}(?: \\S{1,64} (?:[\\w./-]{2,40}\\[\\d{1,8}\\]|charon|pluto|racoon): | \\d\\d\\[[A-Z]{3}\\d?\\] |: (?:INFO|ERROR|WARNING|NOTIFY): ))`, 'g');

/** Stamp, host and tag at the start of a syslog line of any program, and the same after a blank or an escaped line end. */
const FIRST_LINE = new RegExp(`^${STAMP} (\\S{1,64}) [\\w./-]{2,40}(?:\\[\\d{1,8}\\])?: `);
const STAMPED = new RegExp(`^${STAMP} `);
const ANY_LINE = new RegExp(`(?: |(?:\\\\r)?\\\\n)(?=${STAMP} \\S{1,64} [\\w./-]{2,40}(?:\\[\\d{1,8}\\])?: )`, 'g');

/** charon's `07[IKE] ` or `[IKE] ` inside a line. */
const NEXT_THREAD = / (?=\d{0,2}\[(?:DMN|MGR|IKE|CHD|JOB|CFG|KNL|NET|ENC|TLS|LIB)\d?\] )/g;
/** pluto's `"gw" #1: ` inside a line that begins with such a prefix. */
const NEXT_STATE = / (?="[^"\s]{1,80}"(?:\[\d{1,9}\] \S{2,60})? #\d{1,9}: )/g;
/** charon's prefix after a line end written as the two characters `\n`, as in JSON and program output. */
const ESCAPED_END = /\\n(?=\d{0,2}\[[A-Z]{3}\d?\] )/g;
/** Openings of what `ipsec up` prints. */
const NEXT_SENTENCE = / (?=(?:generating|parsed) [A-Z_\d]{4,20} (?:request|response) \d|(?:sending|received) packet: from |received \S{1,60} (?:vendor ID|error notify|notify error)|selected proposal: |local host is behind NAT|remote host is behind NAT|authentication of '|sending cert request for |sending end entity cert |establishing (?:CHILD_SA|connection) |(?:IKE|CHILD)_SA \S{1,80} established |(?:sending )?retransmit \d{1,2} of request |giving up after \d|establishing IKE_SA failed|scheduling re(?:keying|authentication) in |maximum IKE_SA lifetime )/g;
/** One sentence may contain the opening of another; this many are separate lines. */
const CONVERSATION = 3;
/** Longer than nearly every single-line message of a daemon. */
const LONG = 240;

/** A shorter beginning is a tag or foreign stamp, as in `vpn | 07[IKE] `. */
const SENTENCE = 24;

/**
 * Splits a text to which somebody appended charon lines, such as the title of a question. `first` is the text before
 * them, taken to come from the same thread as the first of them. Null if there are none.
 */
export function splitTitle(line: SourceLine): { readonly first: SourceLine; readonly tag: RecordTag; readonly others: readonly SourceLine[] } | null {
  const [text = '', ...others] = line.text.split(NEXT_THREAD);
  if (others.length === 0 || text.trim().length < SENTENCE || startsThread(text, 0)) return null;
  const thread = /^\d*/.exec(others[0] ?? '')?.[0] ?? '';
  return { first: { ...line, text }, tag: { thread: thread === '' ? null : thread, group: null, connectionName: null, saNumber: null }, others: others.map((part) => ({ ...line, text: part })) };
}

type Joined = { readonly first: LogRecord; readonly others: readonly SourceLine[] };

/**
 * Splits several log lines that a program printed as one string with escaped line ends; null if it is not one. Lines
 * from a real log are left alone, because a peer may have put such text into an identity or vendor ID.
 */
export function splitEscaped(record: LogRecord): Joined | null {
  const { message } = record;
  if (!isQuoted(record) || !message.includes('\\n')) return null;
  const [first = '', ...others] = message.split(ESCAPED_END);
  return others.length < CONVERSATION || startsThread(message, 0) ? null : joined(record, first, others);
}

/**
 * Splits lines that were joined into one text: syslog lines of one host, and whatever a program printed as one string
 * with escaped line ends. Null if it is a single line, or JSON, which has a format of its own.
 */
export function splitStamped(line: SourceLine): readonly SourceLine[] | null {
  const host = FIRST_LINE.exec(line.text)?.[1];
  if (host === undefined) return splitPrinted(line);
  const parts = line.text.split(ANY_LINE);
  return parts.length > 1 && parts.every((text) => FIRST_LINE.exec(text)?.[1] === host) ? parts.map((text) => ({ ...line, text })) : null;
}

/** The text must not begin as a daemon's line does, for a peer may have put line ends into a name there. */
function splitPrinted(line: SourceLine): readonly SourceLine[] | null {
  const { text } = line;
  if (!text.includes('\\n') || text.startsWith('{') || startsThread(text, 0) || startsPluto(text, 0)) return null;
  const parts = text.split(/(?:\\r)?\\n/);
  return parts.length > CONVERSATION && parts.filter((part) => STAMPED.test(part) || startsThread(part, 0) || startsPluto(part, 0)).length >= CONVERSATION ? parts.map((part) => ({ ...line, text: part })) : null;
}

/** Splits several joined lines into the record of the first and the text of the others; null if there is only one. */
export function splitJoined(record: LogRecord): Joined | null {
  const [message = '', ...others] = partsOf(record);
  return others.length === 0 ? null : joined(record, message, others);
}

/**
 * The same for a line that is understood as it stands, since some messages end in free text. Splits only where each
 * further part repeats the record's own host.
 */
export function splitSwallowed(record: LogRecord): Joined | null {
  const { host, message } = record;
  if (host === '' || !message.includes(` ${host} `)) return null;
  const [first = '', ...others] = message.split(NEXT_LINE);
  return others.length > 0 && others.every((text) => text.includes(` ${host} `)) ? joined(record, first, others) : null;
}

function partsOf(record: LogRecord): readonly string[] {
  const { message } = record;
  const lines = message.split(NEXT_LINE);
  if (lines.length > 1 || record.time !== null || record.pid !== null) return lines;
  const quoted = isQuoted(record);
  const own = startsThread(message, 0) ? [NEXT_THREAD] : startsPluto(message, 0) ? [NEXT_STATE] : [];
  for (const next of quoted ? [...own, NEXT_THREAD] : own) {
    const parts = message.split(next);
    if (parts.length > 1) return parts;
  }
  if (!quoted) return [message];
  const sentences = message.split(NEXT_SENTENCE);
  return sentences.length >= CONVERSATION ? sentences : [message];
}

/** Is it a long text without stamp and pid, unlike a line of a log? */
function isQuoted({ message, time, pid }: LogRecord): boolean {
  return message.length >= LONG && time === null && pid === null;
}

function joined(record: LogRecord, message: string, others: readonly string[]): Joined {
  const isUnclosed = record.repeats > 1 && message.endsWith(']');
  return { first: { ...record, message: isUnclosed ? message.slice(0, -1) : message }, others: others.map((text) => ({ ...record.line, text })) };
}
