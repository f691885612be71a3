import type { CheckObservation } from '../../model/observation.js';
import type { SnapshotFormat } from '../format.js';

const HEAD = /^(?:Verifying installed system and configuration files|Checking your system to see if IPsec got installed)/;
const RESULT = /^(.{3,160}?)[\s.:]*\[([A-Z][A-Z /.0-9]{1,30})\]\s*(?:\(.{0,100}\))?$/;

/** `ipsec verify` of all versions: a check followed by its result in brackets, coloured on a terminal. */
export const VERIFY: SnapshotFormat = {
  name: 'verify',
  opens: (text) => HEAD.test(text),
  start: (emit) => {
    let gap = 0;
    return {
      take(line) {
        const text = plain(line.text).trimEnd();
        if (HEAD.test(text)) return true;
        const [, check, answer] = RESULT.exec(text) ?? [];
        // Explanations and details may come between checks
        if (check === undefined || answer === undefined) return (gap += 1) <= MOST_BETWEEN && !/^(?:src |Chain |\*|table |Xfrm|000 )/.test(text);
        gap = 0;
        emit({ type: 'check', format: 'verify', line: { ...line, text: text.trim() }, check: check.trim(), result: resultOf(check, answer) });
        return true;
      },
      end: () => undefined,
    };
  },
};

/** Lines without a result after which the output counts as ended. */
const MOST_BETWEEN = 6;

/** Removes terminal colours. */
const plain = (text: string): string => (text.includes('\u001b') ? text.replace(/\u001b\[[0-9;]{0,12}m/g, '') : text);

/** For rp_filter, ENABLED is the bad result. */
function resultOf(check: string, answer: string): CheckObservation['result'] {
  if (answer === 'ENABLED' && check.includes('rp_filter')) return 'failed';
  if (/^(?:OK|PRESENT|N\/A|ENABLED|DISABLED|IN USE)$/.test(answer)) return 'ok';
  if (/^(?:FAILED|MISSING|NOT DISABLED|PARSE ERROR|VERY BROKEN KERNEL|OBSOLETE KEYWORD)$/.test(answer)) return 'failed';
  return answer.startsWith('WARN') ? 'warning' : 'unknown';
}
