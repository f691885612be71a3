import { isDigit } from '../../model/digits.js';
import type { LogRecord } from '../../model/log-record.js';
import { isIpsecProgram } from './programs.js';

/**
 * Cheap test whether the message begins with an envelope of its own: a second header, JSON, or a daemon's own stamp.
 */
export function mayHoldAnother(message: string): boolean {
  const first = message.charCodeAt(0);
  if (first === 0x7b) return message.charCodeAt(1) === 0x22;
  if (first === 0x3c) return isDigit(message.charCodeAt(1)) && /^<\d{1,3}>\S/.test(message);
  if (isDigit(first)) return message.charCodeAt(4) === 0x2d && message.charCodeAt(13) === 0x3a;
  if (first === 0x63) return message.startsWith('charon: ') || message.startsWith('charon[');
  if (first === 0x70) return message.startsWith('pluto: ') || message.startsWith('pluto[');
  return first <= 0x5a && first >= 0x41 && message.charCodeAt(9) === 0x3a && message.charCodeAt(12) === 0x3a;
}

/**
 * Merges two nested envelopes. The time is that of the innermost one with a zone, otherwise of the outermost one with a
 * time.
 */
export function mergeLayers(outer: LogRecord, inner: LogRecord): LogRecord {
  const timed = isZoned(inner) || (!isZoned(outer) && outer.time === null) ? inner : outer;
  return {
    line: outer.line,
    time: timed.time,
    inferred: timed.inferred,
    host: inner.host !== '' ? inner.host : outer.host,
    program: isIpsecProgram(inner.program) || !isIpsecProgram(outer.program) ? inner.program : outer.program,
    pid: inner.pid ?? outer.pid,
    message: inner.message,
    repeats: outer.repeats * inner.repeats,
    tag: inner.tag ?? outer.tag,
  };
}

function isZoned({ time, inferred }: LogRecord): boolean {
  return time !== null && inferred.length === 0;
}
