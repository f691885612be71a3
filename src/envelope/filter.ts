import type { LineFilter } from '../model/line-filter.js';
import { RELEVANT_HINT } from './programs.js';

/**
 * Lines that may be ours. A source that begins with a daemon's own lines belongs to us as a whole; in all others, program
 * names are looked for. `isDaemonFile` decides by the first block.
 */
export function createFilter(isDaemonFile: (source: string, firstBlock: string) => boolean): LineFilter {
  const whole = new Map<string, boolean>();
  const hint = new RegExp(RELEVANT_HINT);
  return {
    next(source, block, from) {
      let takesAll = whole.get(source);
      if (takesAll === undefined) whole.set(source, (takesAll = isDaemonFile(source, block)));
      if (takesAll) return from < block.length ? from : -1;
      hint.lastIndex = from;
      const match = hint.exec(block);
      return match === null ? -1 : match.index;
    },
  };
}
