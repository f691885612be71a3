import type { Place } from '../../model/follow.js';
import type { LineFilter } from '../../model/line-filter.js';
import type { LineBatch } from '../batch.js';
import { BlockLines } from '../block-lines.js';

/** Smaller blocks are live input and passed on unfiltered: they are too short to tell what kind of source it is. */
const SMALL_BLOCK = 1 << 16;

/** Splits a file's bytes into lines, starting at any place, and tracks the end of the last complete line. */
export class PlacedLines {
  private end: Place;
  private offset: number;
  private readonly lines: BlockLines;

  constructor(source: string, filter: LineFilter, from: Place) {
    this.end = from;
    this.offset = from.offset;
    this.lines = new BlockLines(source, unlessSmall(filter), from.lines + 1);
  }

  /** After the last complete line. */
  get place(): Place {
    return this.end;
  }

  /** Bytes read from the start of the file, including an unfinished line. */
  get read(): number {
    return this.offset;
  }

  /** Buffer space for the next block. */
  space(): Buffer {
    return this.lines.space();
  }

  push(block: Buffer): LineBatch[] {
    const end = block.lastIndexOf(0x0a) + 1;
    const batches = this.lines.push(block);
    const lines = batches.reduce((sum, { scanned }) => sum + scanned, this.end.lines);
    if (end > 0) this.end = { offset: this.offset + end, lines };
    this.offset += block.length;
    return batches;
  }

  /** Returns the last line, which has no line end and will get none. */
  finish(): LineBatch {
    const batch = this.lines.finish();
    this.end = { offset: this.offset, lines: this.end.lines + batch.scanned };
    return batch;
  }
}

function unlessSmall(filter: LineFilter): LineFilter {
  return {
    hints: (source, block) => (block.length >= SMALL_BLOCK ? filter.hints(source, block) : null),
  };
}
