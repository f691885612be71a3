import type { LineFilter } from '../../src/model/line-filter.js';
import { BlockLines } from '../../src/sources/block-lines.js';

/** Numbers of the lines that the filter passes if they are read as one block of a file. */
export function passedBy(filter: LineFilter, texts: readonly string[], source = 'a.log'): number[] {
  const lines = new BlockLines(source, filter);
  const batches = [...lines.push(Buffer.from(texts.map((text) => `${text}\n`).join(''))), lines.finish()];
  return batches.flatMap((batch) => batch.lines.map(({ number }) => number));
}
