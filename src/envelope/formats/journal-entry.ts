import type { LogRecord, RecordTag } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import { OTHER_PROGRAM } from './format.js';
import { integerOf, parseObject, plainText, stringOf } from './json.js';
import { isRelevant, programName } from './programs.js';

/**
 * One line of `journalctl -o json`, `json-sse` (prefixed with `data: `) or `json-seq` (prefixed with a record
 * separator).
 */
export function readJournalJson(line: SourceLine): LogRecord | typeof OTHER_PROGRAM | undefined {
  const start = line.text.indexOf('{');
  if (start < 0 || start > 6 || !line.text.includes('"__REALTIME_TIMESTAMP"')) return undefined;
  const entry = parseObject(line.text.slice(start));
  return entry === null ? undefined : readJournalEntry(entry, line);
}

/**
 * Builds a record from the fields of a journal entry. charon-systemd puts thread and connection into journal fields of
 * their own, not into the message text (strongSwan, charon-systemd.c).
 */
export function readJournalEntry(entry: Record<string, unknown>, line: SourceLine): LogRecord | typeof OTHER_PROGRAM {
  const program = programName(stringOf(entry['SYSLOG_IDENTIFIER']) ?? stringOf(entry['_COMM']) ?? '');
  const message = readMessage(entry['MESSAGE']);
  if (message === null || !isRelevant(program, message, 0)) return OTHER_PROGRAM;
  return {
    line,
    time: readTime(entry['_SOURCE_REALTIME_TIMESTAMP']) ?? readTime(entry['__REALTIME_TIMESTAMP']),
    inferred: [],
    host: stringOf(entry['_HOSTNAME']) ?? '',
    program,
    pid: integerOf(entry['_PID']) ?? integerOf(entry['SYSLOG_PID']),
    message,
    repeats: 1,
    tag: readTag(entry),
  };
}

function readTag(entry: Record<string, unknown>): RecordTag | null {
  const group = stringOf(entry['GROUP']);
  if (group === null) return null;
  return {
    thread: stringOf(entry['THREAD'])?.padStart(2, '0') ?? null,
    group,
    connectionName: stringOf(entry['IKE_SA_NAME']),
    saNumber: integerOf(entry['IKE_SA_UNIQUE_ID']),
  };
}

/** journald writes a message that is not valid UTF-8 text as an array of bytes. */
function readMessage(value: unknown): string | null {
  if (!Array.isArray(value) || !value.every((byte) => typeof byte === 'number')) return stringOf(value);
  const bytes = Buffer.from(value);
  const text = bytes.toString('utf8');
  return plainText(text.includes('\ufffd') ? bytes.toString('latin1') : text);
}

/** Converts microseconds since the epoch to milliseconds. */
function readTime(value: unknown): number | null {
  const microseconds = integerOf(value);
  return microseconds === null ? null : Math.floor(microseconds / 1000);
}
