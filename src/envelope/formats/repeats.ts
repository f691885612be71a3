import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';

const WRAPPED = /^ ?message repeated (\d{1,6}) times?: \[ ?/;
const LAST = 'ast message ';
const DASHES = '--- ';
const LAST_OUTPUT = 'Last output repeated ';
/**
 * sysklogd 2 says `buffered`; metalog's `twice` is once more. syslog-ng quotes the first twenty characters of the
 * message and logs under the repeating program's name.
 */
const BARE = /last message (?:repeated|buffered) (?<times>\d{1,6}) times?|Last message '(?<quote>.{0,80})' repeated (?<times2>\d{1,6}) times, suppressed by syslog-ng|- Last output repeated (?:(?<times3>\d{1,6}) times|twice) -/;

/** rsyslog's `message repeated 3 times: [ text]` stands for three more occurrences of the text. */
export function unwrapRepeats(record: LogRecord): LogRecord {
  const match = record.message.startsWith('message repeated ', record.message.startsWith(' ') ? 1 : 0) ? WRAPPED.exec(record.message) : null;
  if (match === null) return record;
  const end = record.message.endsWith(']') ? -1 : undefined;
  return { ...record, message: record.message.slice(match[0].length, end), repeats: Number(match[1]) };
}

/** Does the message, with rsyslog's leading blank or macOS's dashes or without, say that the previous one was repeated? */
export function isLastRepeated(message: string): boolean {
  const before = message.charCodeAt(0) === 0x20 ? 1 : message.startsWith(DASHES) ? DASHES.length : 0;
  return message.startsWith(LAST, before + 1) && BARE.test(message);
}

/**
 * BSD's `last message repeated 3 times` names no program: it refers to the previous line, so it is relevant only if
 * that line was. Undefined: not such a line; null: it repeats a line that is not relevant.
 */
export function readLastRepeated(line: SourceLine, previous: LogRecord | null, time: number): LogRecord | null | undefined {
  const said = line.text.includes(LAST) || line.text.includes(LAST_OUTPUT) ? BARE.exec(line.text)?.groups : undefined;
  if (said === undefined) return undefined;
  if (previous === null || Math.abs(previous.line.number - line.number) > 1) return null;
  const { times, times2, times3, quote = '' } = said;
  return previous.message.startsWith(quote) ? { ...previous, line, time, repeats: Number(times ?? times2 ?? times3 ?? 1) } : null;
}
