import type { LineFilter } from '../model/line-filter.js';
import { HINTS } from './programs.js';

/**
 * Lines that may be ours. A source that begins with a daemon's own lines belongs to us as a whole; in all others, program
 * names are looked for. `isDaemonFile` decides by the first block.
 */
export function createFilter(isDaemonFile: (source: string, firstBlock: string) => boolean): LineFilter {
  const whole = new Map<string, boolean>();
  return {
    hints(source, block) {
      let takesAll = whole.get(source);
      if (takesAll === undefined) whole.set(source, (takesAll = isDaemonFile(source, block.text())));
      return takesAll ? null : HINTS;
    },
  };
}
