import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import { startsDaemon } from './daemon-shape.js';
import { OTHER_PROGRAM, type SourceState } from './format.js';
import { isIpsecProgram, programName } from './programs.js';

/**
 * The part between logcat's stamp, if any, and the message, for `-v threadtime`, `time`, `brief` and `tag`, with or
 * without uptime seconds, and as old and new versions of Android Studio show it. Each part is bounded in length.
 */
const FORMS: readonly RegExp[] = [
  / {0,4}(?:\S{1,16} {1,6})?(?<pid>\d{1,7}) {1,8}\d{1,7} [VDIWEFAS] (?<tag>\S{1,64}) {0,24}: /y,
  / {0,8}(?:\d{1,9}\.\d{3,9} )?(?:(?<pid>\d{1,7})-\d{1,7}\/\S{1,96} )?[VDIWEFAS]\/(?<tag>[^\s(:]{1,64}) {0,24}(?:\( {0,8}(?<pid2>\d{1,8})\))?: /y,
  / {0,4}(?<pid>\d{1,7})-\d{1,7} {1,4}(?<tag>\S{1,64}) {1,32}\S{1,96} {1,48}[VDIWEFAS] {1,4}/y,
];
/** With `-v process` the tag follows the message: `I( 1234) text  (charon)`. */
const PROCESS = /^[VDIWEFAS]\( {0,8}(?<pid>\d{1,8})\) /;
/**
 * With `-v long` a header is followed by message lines up to an empty one: `[ 11-20 10:00:01.515  1234: 1240 I/charon
 * ]`.
 */
const LONG = / {1,4}(?:\S{1,16}: ?)?(?<pid>\d{1,7}): {0,6}\d{1,7} [VDIWEFAS]\/(?<tag>\S{1,64}) {0,24}\]$/y;

/** Android's logcat, to which the strongSwan app writes: `11-20 10:00:01.515  1234  1240 I charon  : 10[IKE] text`. */
export function readLogcat(line: SourceLine, state: SourceState): LogRecord | typeof OTHER_PROGRAM | undefined {
  const { text } = line;
  if (text.startsWith('[ ')) return openLong(line, state);
  if (state.long !== null) return readLong(line, state);
  const process = PROCESS.exec(text);
  if (process !== null) return readProcess(line, process);
  const stamp = state.stamps.read(text, 0);
  const isStamped = stamp > 0;
  for (const form of FORMS) {
    form.lastIndex = isStamped ? stamp : 0;
    const groups = form.exec(text)?.groups;
    if (groups === undefined) continue;
    const program = programName(groups['tag'] ?? '');
    const pid = groups['pid'] ?? groups['pid2'];
    if (!isIpsecProgram(program) && !startsDaemon(text, form.lastIndex)) return undefined;
    return {
      line,
      time: isStamped ? state.stamps.time : null,
      inferred: isStamped ? state.stamps.inferred : [],
      host: '',
      program: isIpsecProgram(program) ? program : 'charon',
      pid: pid === undefined ? null : Number(pid),
      message: text.slice(form.lastIndex),
      repeats: 1,
      tag: null,
    };
  }
  return undefined;
}

function openLong(line: SourceLine, state: SourceState): typeof OTHER_PROGRAM | undefined {
  const stamp = state.stamps.read(line.text, 2);
  LONG.lastIndex = Math.max(0, stamp);
  const groups = LONG.exec(line.text)?.groups;
  if (groups === undefined) return undefined;
  const { time, inferred } = state.stamps;
  const isStamped = stamp > 0;
  state.long = { line, time: isStamped ? time : null, inferred: isStamped ? inferred : [], host: '', program: programName(groups['tag'] ?? ''), pid: Number(groups['pid']), message: '', repeats: 1, tag: null };
  return OTHER_PROGRAM;
}

function readLong(line: SourceLine, state: SourceState): LogRecord | typeof OTHER_PROGRAM {
  const head = state.long as LogRecord;
  if (line.text === '') state.long = null;
  return line.text !== '' && isIpsecProgram(head.program) ? { ...head, line, message: line.text } : OTHER_PROGRAM;
}

function readProcess(line: SourceLine, process: RegExpExecArray): LogRecord | undefined {
  const start = process[0].length;
  const at = line.text.endsWith(')') ? line.text.lastIndexOf('  (') : -1;
  const program = at < start ? '' : programName(line.text.slice(at + 3, -1));
  if (!isIpsecProgram(program) && !startsDaemon(line.text, start)) return undefined;
  const message = line.text.slice(start, at < start ? undefined : at);
  return { line, time: null, inferred: [], host: '', program: isIpsecProgram(program) ? program : 'charon', pid: Number(process.groups?.['pid']), message, repeats: 1, tag: null };
}
