import type { LineFilter } from '../model/line-filter.js';
import { KERNEL_HINT, RELEVANT_HINT } from './programs.js';

/**
 * Lines that may be ours. A source that begins with a daemon's own lines belongs to us as a whole; in all others, program
 * names are looked for. `isDaemonFile` decides by the first block.
 */
export function createFilter(isDaemonFile: (source: string, firstBlock: string) => boolean): LineFilter {
  const whole = new Map<string, boolean>();
  const daemons = new Hint(RELEVANT_HINT);
  const kernel = new Hint(KERNEL_HINT);
  return {
    next(source, block, from) {
      let takesAll = whole.get(source);
      if (takesAll === undefined) whole.set(source, (takesAll = isDaemonFile(source, block)));
      if (takesAll) return from < block.length ? from : -1;
      const one = daemons.next(block, from);
      const other = kernel.next(block, from);
      return one < 0 || (other >= 0 && other < one) ? other : one;
    },
  };
}

/** Finds the words of one kind; what it found is good until the reader has passed it. */
class Hint {
  private readonly pattern: RegExp;
  private block = '';
  private from = 0;
  private found = -1;

  constructor(pattern: RegExp) {
    this.pattern = new RegExp(pattern);
  }

  next(block: string, from: number): number {
    const isGood = block === this.block && from >= this.from && (this.found < 0 || from <= this.found);
    if (!isGood) {
      this.pattern.lastIndex = from;
      // The end of what matches is in the same line as its begin, and exec would make an array for it.
      this.found = this.pattern.test(block) ? this.pattern.lastIndex - 1 : -1;
      this.block = block;
    }
    this.from = from;
    return this.found;
  }
}
