import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { startsPluto, startsThread } from './daemon-shape.js';
import type { SourceState } from './format.js';

/**
 * The daemons' own log files and consoles, with and without time stamps: charon's `Nov 20 10:00:01 05[IKE] text`, pluto's
 * `Nov 20 10:00:01.123456: text` (a colon behind a stamp that begins with the month), its per-peer logs and whack's `002 "gw" #1: text`.
 */
export function readDaemonFile(line: SourceLine, state: SourceState): LogRecord | undefined {
  const { text } = line;
  const end = state.stamps.read(text, 0);
  if (end < 0) return startsThread(text, 0) || startsPluto(text, 0) ? bareRecord(line, null, 0) : undefined;
  const code = text.charCodeAt(end);
  if (code === 0x3a && text.charCodeAt(end + 1) === 0x20 && text.charCodeAt(0) > 0x39) return stampedRecord(line, state, end + 2);
  if (code !== 0x20) return undefined;
  return startsThread(text, end + 1) || startsPluto(text, end + 1) ? stampedRecord(line, state, end + 1) : undefined;
}

/** A record of a daemon's own file that has no stamp, `message` being all of the line. */
export function bareRecord(line: SourceLine, time: number | null, at: number): LogRecord {
  return { line, time, inferred: [], host: '', program: '', pid: null, message: line.text.slice(at), repeats: 1, tag: null };
}

function stampedRecord(line: SourceLine, state: SourceState, at: number): LogRecord {
  return { ...bareRecord(line, state.stamps.time, at), inferred: state.stamps.inferred };
}
