import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Characters that are written at once. */
const BLOCK = 1 << 16;

/** Writes pieces one after the other and waits while the reader is slow: a report may be larger than memory. */
export async function printPieces(pieces: Iterable<string>, output: Writable): Promise<void> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < BLOCK) continue;
    if (!output.write(text)) await once(output, 'drain');
    text = '';
  }
  if (text !== '') output.write(text);
}
