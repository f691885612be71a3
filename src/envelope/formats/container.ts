import type { LogRecord } from '../../model/log-record.js';
import { MAX_LINE_LENGTH, type SourceLine } from '../../model/source-line.js';
import { bareRecord } from './daemon-file.js';
import { OTHER_PROGRAM, type SourceState } from './format.js';
import { mergeLayers } from './nested-envelopes.js';

/** ` stdout F `, or `P` for a partial line continued in the next one of the same stream; tags follow as `F:tag`. */
const STREAM = / (stdout|stderr) ([FP])(?::\S{1,64})? /y;

/**
 * Container log format of Kubernetes (CRI): `2026-11-20T10:00:01.5Z stdout F 05[IKE] text`. The file belongs to one
 * container, so a message without an envelope of its own counts too. A line assembled from parts gets the time of its
 * last part.
 */
export function readContainer(line: SourceLine, state: SourceState): LogRecord | typeof OTHER_PROGRAM | undefined {
  const { text } = line;
  const end = state.stamps.read(text, 0);
  if (end < 20 || state.stamps.inferred.length > 0) return undefined;
  STREAM.lastIndex = end;
  const [, stream = '', flag] = STREAM.exec(text) ?? [];
  if (flag === undefined) return undefined;
  const begun = state.pieces?.get(stream);
  const outer: LogRecord = { ...bareRecord(line, 0), time: state.stamps.time, message: `${begun?.message ?? ''}${text.slice(STREAM.lastIndex)}` };
  if (flag === 'P' && outer.message.length <= MAX_LINE_LENGTH) {
    (state.pieces ??= new Map()).set(stream, outer);
    return OTHER_PROGRAM;
  }
  state.pieces?.delete(stream);
  const inner = state.readInner({ ...line, text: outer.message });
  return inner === undefined ? outer : mergeLayers(outer, inner);
}
