import type { LineFilter } from '../../model/line-filter.js';
import type { Place } from '../../model/follow.js';
import type { LineBatch } from '../batch.js';
import { BlockLines } from '../block-lines.js';

/** Blocks below this size are live input: their lines are passed on unfiltered, since so little tells nothing about the source. */
const SMALL_BLOCK = 1 << 16;

/** Turns bytes of a file from any place on into lines, and knows up to where whole lines were read. */
export class PlacedLines {
  #place: Place;
  #read: number;
  readonly #lines: BlockLines;

  constructor(source: string, filter: LineFilter, from: Place) {
    this.#place = from;
    this.#read = from.offset;
    this.#lines = new BlockLines(source, unlessSmall(filter), from.lines + 1);
  }

  /** Behind the last whole line. */
  get place(): Place {
    return this.#place;
  }

  /** Bytes taken in, those of an unfinished line included, counted from the beginning of the file. */
  get read(): number {
    return this.#read;
  }

  /** Lines longer than can be kept, which were cut. */
  get cutLines(): number {
    return this.#lines.cutLines;
  }

  /** Memory for the next block. */
  space(): Buffer {
    return this.#lines.space();
  }

  push(block: Buffer): LineBatch[] {
    const end = block.lastIndexOf(0x0a) + 1;
    const batches = this.#lines.push(block);
    const lines = batches.reduce((sum, { scanned }) => sum + scanned, this.#place.lines);
    if (end > 0) this.#place = { offset: this.#read + end, lines };
    this.#read += block.length;
    return batches;
  }

  /** The last line, if it has no line end and never will. */
  finish(): LineBatch {
    const batch = this.#lines.finish();
    this.#place = { offset: this.#read, lines: this.#place.lines + batch.scanned };
    return batch;
  }
}

function unlessSmall(filter: LineFilter): LineFilter {
  return {
    hints: (source, block) => (block.length >= SMALL_BLOCK ? filter.hints(source, block) : null),
  };
}
