import type { LineFilter } from '../model/line-filter.js';
import { HINTS } from './programs.js';

/**
 * Lines that may be ours. A source that begins with a daemon's own lines belongs to us as a whole; in all others, program
 * names are looked for. `isDaemonFile` decides by the first block.
 */
export function createFilter(isDaemonFile: (source: string, firstBlock: string) => boolean): LineFilter {
  const whole = new Map<string, boolean>();
  const hints = HINTS.map((pattern) => new Hint(pattern));
  return {
    next(source, block, from) {
      let takesAll = whole.get(source);
      if (takesAll === undefined) whole.set(source, (takesAll = isDaemonFile(source, block)));
      if (takesAll) return from < block.length ? from : -1;
      let first = -1;
      for (const hint of hints) {
        const found = hint.next(block, from);
        if (found >= 0 && (first < 0 || found < first)) first = found;
      }
      return first;
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
