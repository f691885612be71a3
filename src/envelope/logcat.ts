import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { startsDaemon } from './daemon-shape.js';
import type { SourceState } from './format.js';
import { isIpsecProgram, programName } from './programs.js';

/**
 * The part between logcat's stamp, if any, and the message (each part bounded), in `-v threadtime`, `time`, `brief`, `tag` and
 * `process`, and as Android Studio shows them old and new.
 */
const FORMS: readonly RegExp[] = [
  / {0,4}(?:\S{1,16} {1,6})?(?<pid>\d{1,7}) {1,8}\d{1,7} [VDIWEFAS] (?<tag>\S{1,64}) {0,24}: /y,
  / {0,4}(?:(?<pid>\d{1,7})-\d{1,7}\/\S{1,96} )?[VDIWEFAS]\/(?<tag>[^\s(:]{1,64}) {0,24}(?:\( {0,8}(?<pid2>\d{1,8})\))?: /y,
  / {0,4}(?<pid>\d{1,7})-\d{1,7} {1,4}(?<tag>\S{1,64}) {1,32}\S{1,96} {1,48}[VDIWEFAS] {1,4}/y,
  /[VDIWEFAS]\( {0,8}(?<pid>\d{1,8})\) (?=\d\d\[[A-Z]{3}\])/y,
];

/** Android's logcat, in which the strongSwan app's charon writes: `11-20 10:00:01.515  1234  1240 I charon  : 10[IKE] text`. */
export function readLogcat(line: SourceLine, state: SourceState): LogRecord | undefined {
  const { text } = line;
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
