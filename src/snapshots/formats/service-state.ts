import type { SnapshotFormat } from '../format.js';
import { shorten } from '../text.js';

const UNIT = /^(?:[^\s\w] ?|x )?(?<unit>(?:ipsec|strongswan(?:-starter|-swanctl)?)\.service)(?: - (?<title>.{1,100}))?$/;
const FAILED = /^\s*Active: (?<state>failed \(Result: [\w-]{1,30}\))/;
const ROW = /^\s+(?:(?:Loaded|Drop-In|Active|Docs|Process|Main PID|Status|Error|Tasks|Memory|CPU|CGroup|Since|Duration|Invocation|TriggeredBy|IO|IP|FD Store)\b.{0,40}:|man:|https?:|[└├│`|])/;

/** `systemctl status` of a unit whose daemon failed. */
export const SERVICE_STATE: SnapshotFormat = {
  name: 'tool',
  opens: (text) => UNIT.test(text),
  start(emit) {
    let header = '';
    return {
      take(line) {
        const { unit, title } = UNIT.exec(line.text)?.groups ?? {};
        if (unit !== undefined) header = `${unit}${title === undefined ? '' : ` - ${title}`}`;
        const state = FAILED.exec(line.text)?.groups?.['state'];
        if (state !== undefined) emit({ type: 'tool', format: 'tool', line: { ...line, text: shorten(`${header}: ${state}`, 200) }, reason: 'not-running' });
        return unit !== undefined || ROW.test(line.text);
      },
      end: () => undefined,
    };
  },
};
