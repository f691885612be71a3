import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { readDaemonFile } from './daemon-file.js';
import type { SourceState } from './format.js';
import { parseObject, stringOf } from './json.js';

/**
 * Output of a daemon in a container: Docker's `{"log":"05[IKE] text\n","stream":"stdout","time":"..."}` and the
 * `2026-11-20T10:00:01.5Z stdout F 05[IKE] text` of Kubernetes (CRI). The container's time has a zone, so it wins.
 */
export function readContainer(line: SourceLine, state: SourceState): LogRecord | undefined {
  const inner = line.text.startsWith('{"log":') ? readDocker(line, state) : readCri(line, state);
  if (inner === undefined) return undefined;
  const { time } = state.stamps;
  const record = readDaemonFile({ ...line, text: inner }, state);
  return record && { ...record, line, time, inferred: [] };
}

function readDocker(line: SourceLine, state: SourceState): string | undefined {
  const entry = parseObject(line.text);
  const text = entry && stringOf(entry['log']);
  const time = entry && stringOf(entry['time']);
  return text && time && state.stamps.read(time, 0) > 0 ? text.trimEnd() : undefined;
}

/** `F` marks a full line; the pieces of a line that is cut (`P`) are longer than our daemons write. */
function readCri(line: SourceLine, state: SourceState): string | undefined {
  const { text } = line;
  const end = state.stamps.read(text, 0);
  if (end < 20 || state.stamps.inferred.length > 0) return undefined;
  const stream = text.startsWith(' stdout F ', end) || text.startsWith(' stderr F ', end);
  return stream ? text.slice(end + ' stdout F '.length) : undefined;
}
