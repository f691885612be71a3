import type { SnapshotFormat } from '../format.js';
import { shorten } from '../text.js';

const VICI = /^(?:connecting to '[^']{1,200}' failed: |Error: connecting to '[^']{1,200}' URI failed: )(.{1,80})$/;
const WHACK = /^(?:whack|ipsec whack): (?:Pluto is not running|is Pluto running\?.{0,200})|^(?:whack error: )?"?connect\(\) (?:failed|for).{0,120}|^Pluto is not running/i;
const NOT_PERMITTED = /Permission denied|Operation not permitted/;

/** Error messages of clients that cannot reach their daemon. */
export const TOOL: SnapshotFormat = {
  name: 'tool',
  opens: (text) => VICI.test(text) || WHACK.test(text),
  start: (emit) => ({
    take(line) {
      const isFailure = VICI.test(line.text) || WHACK.test(line.text);
      if (isFailure) emit({ type: 'tool', format: 'tool', line: { ...line, text: shorten(line.text, 200) }, reason: NOT_PERMITTED.test(line.text) ? 'not-permitted' : 'not-running' });
      return isFailure;
    },
    end: () => undefined,
  }),
};
