import type { LineFilter } from '../model/line-filter.js';
import { HINTS } from './formats/programs.js';

/**
 * Selects the lines that may be relevant. A source that begins with a daemon's own lines is read in full; in any other
 * one, program names are searched for. `isDaemonFile` decides from the first block.
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
