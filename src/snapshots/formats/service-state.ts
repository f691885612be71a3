import type { ToolObservation } from '../../model/host-observation.js';
import type { SnapshotFormat } from '../format.js';
import { shorten } from '../text.js';

const UNIT = /^(?:[^\s\w] ?|x )?(?<unit>(?:ipsec|strongswan(?:-starter|-swanctl)?)\.service)(?: - (?<title>.{1,100}))?$/;
const FAILED = /^\s*Active: (?<state>failed \(Result: [\w-]{1,30}\))/;
const STEP = /^\s*Process: \d{1,7} ExecStart(?:Pre)?=(?<step>.{1,200}) \(code=exited, status=[1-9]/;
const ROW = /^\s+(?:(?:Loaded|Drop-In|Active|Docs|Process|Main PID|Status|Error|Tasks|Memory|CPU|CGroup|Since|Duration|Invocation|TriggeredBy|IO|IP|FD Store)\b.{0,40}:|man:|https?:|[└├│`|])/;

/** `systemctl status` of a unit whose daemon failed, with the step of its start that failed, which a later line names. */
export const SERVICE_STATE: SnapshotFormat = {
  name: 'tool',
  opens: (text) => UNIT.test(text),
  start(emit) {
    let header = '';
    let found: ToolObservation | null = null;
    const flush = (): void => {
      if (found !== null) emit(found);
      found = null;
    };
    return {
      take(line) {
        const { unit, title } = UNIT.exec(line.text)?.groups ?? {};
        if (unit !== undefined) header = `${unit}${title === undefined ? '' : ` - ${title}`}`;
        if (unit !== undefined) flush();
        const state = FAILED.exec(line.text)?.groups?.['state'];
        if (state !== undefined) found = { type: 'tool', format: 'tool', line: { ...line, text: shorten(`${header}: ${state}`, 200) }, reason: 'not-running' };
        const step = STEP.exec(line.text)?.groups?.['step'];
        if (step !== undefined && found !== null && found.step === undefined) found = { ...found, step, line: { ...line, text: shorten(`${header}: ${line.text.trim()}`, 260) } };
        return unit !== undefined || ROW.test(line.text);
      },
      end: flush,
    };
  },
};
