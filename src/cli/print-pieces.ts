import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Characters per write. */
const BLOCK = 1 << 16;

/** Writes pieces in sequence with back-pressure, since a report may be larger than memory. */
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
