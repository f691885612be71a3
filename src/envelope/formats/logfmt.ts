import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import { startsConsole, startsDaemon } from './daemon-shape.js';
import type { SourceState } from './format.js';
import { mergeLayers } from './nested-envelopes.js';

/**
 * logfmt key-value pairs around a line, as container supervisors write them: `time="..." level=info msg="05[IKE]
 * text"`.
 */
export function readLogfmt(line: SourceLine, state: SourceState): LogRecord | undefined {
  const { text } = line;
  const message = valueOf(text, 'msg') ?? valueOf(text, 'message') ?? valueOf(text, 'line') ?? valueOf(text, 'output');
  if (message === undefined) return undefined;
  const stamp = valueOf(text, 'time') ?? valueOf(text, 'ts') ?? '';
  const isStamped = stamp !== '' && state.stamps.read(stamp, 0) > 0;
  const { time, inferred } = state.stamps;
  const outer: LogRecord = { line, time: isStamped ? time : null, inferred: isStamped ? inferred : [], host: '', program: '', pid: null, message, repeats: 1, tag: null };
  const inner = state.readInner({ ...line, text: message });
  if (inner !== undefined) return mergeLayers(outer, inner);
  return startsDaemon(message, 0) || startsConsole(message, 0) ? outer : undefined;
}

/** The value after `key=`, quoted or up to a blank. */
function valueOf(text: string, key: string): string | undefined {
  const at = text.startsWith(`${key}=`) ? 0 : text.indexOf(` ${key}=`) + 1;
  if (at === 0 && !text.startsWith(`${key}=`)) return undefined;
  const start = at + key.length + 1;
  if (text.charCodeAt(start) !== 0x22) return text.slice(start, endOf(text, ' ', start));
  let end = start + 1;
  while (end < text.length && text.charCodeAt(end) !== 0x22) end += text.charCodeAt(end) === 0x5c ? 2 : 1;
  return text.slice(start + 1, end).replaceAll('\\"', '"').replaceAll('\\\\', '\\').replace(/\\n$/, '');
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}
