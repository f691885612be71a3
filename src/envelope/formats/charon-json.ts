import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import type { SourceState } from './format.js';
import { integerOf, parseObject, stringOf } from './json.js';

/** charon's JSON log file (strongSwan 6.0, file_logger.c): `{"time":"...","thread":5,"group":"IKE","ikesa-uniqueid":"1","msg":"..."}`. */
export function readCharonJson(line: SourceLine, state: SourceState): LogRecord | undefined {
  const { text } = line;
  if (!text.startsWith('{"') || !text.includes('"group":"') || !text.includes('"thread":')) return undefined;
  const entry = parseObject(text);
  const message = entry && stringOf(entry['msg']);
  if (entry === null || message === null) return undefined;
  const stamp = stringOf(entry['time']);
  const isStamped = stamp !== null && state.stamps.read(stamp, 0) >= 0;
  return {
    line,
    time: isStamped ? state.stamps.time : null,
    inferred: isStamped ? state.stamps.inferred : [],
    host: '',
    program: 'charon',
    pid: null,
    message,
    repeats: 1,
    tag: {
      thread: stringOf(entry['thread'])?.padStart(2, '0') ?? null,
      group: stringOf(entry['group']),
      connectionName: stringOf(entry['ikesa-name']),
      saNumber: integerOf(entry['ikesa-uniqueid']),
    },
  };
}
