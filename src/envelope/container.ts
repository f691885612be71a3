import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { bareRecord } from './daemon-file.js';
import type { SourceState } from './format.js';
import { mergeLayers } from './layers.js';

/** ` stdout F `, or `P` for a piece of a line that is longer than our daemons write; `F:tag` has tags. */
const STREAM = / (?:stdout|stderr) [FP](?::\S{1,64})? /y;

/**
 * The output of a daemon in a container as Kubernetes keeps it (CRI): `2026-11-20T10:00:01.5Z stdout F 05[IKE] text`. It is all
 * the daemon's, so what has no envelope of its own counts too.
 */
export function readContainer(line: SourceLine, state: SourceState): LogRecord | undefined {
  const { text } = line;
  const end = state.stamps.read(text, 0);
  if (end < 20 || state.stamps.inferred.length > 0) return undefined;
  STREAM.lastIndex = end;
  if (!STREAM.test(text)) return undefined;
  const outer: LogRecord = { ...bareRecord(line, STREAM.lastIndex), time: state.stamps.time };
  const inner = state.readInner({ ...line, text: outer.message });
  return inner === undefined ? outer : mergeLayers(outer, inner);
}
