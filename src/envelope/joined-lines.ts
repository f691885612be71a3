import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';

/** A stamp, a host and a tag with a pid within a line: quoting has joined the lines of a log. */
const NEXT_LINE = / (?=(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,16}) \S{1,64} [\w./-]{2,40}\[\d{1,8}\]: )/g;

/** The record of the first of several joined lines, and the others; null where there is but one. */
export function splitJoined(record: LogRecord): { readonly first: LogRecord; readonly others: readonly SourceLine[] } | null {
  const [message = '', ...others] = record.message.split(NEXT_LINE);
  if (others.length === 0) return null;
  const isUnclosed = record.repeats > 1 && message.endsWith(']');
  return { first: { ...record, message: isUnclosed ? message.slice(0, -1) : message }, others: others.map((text) => ({ ...record.line, text })) };
}
