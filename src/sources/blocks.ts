import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import type { Content } from './content.js';

/** Large enough that a block costs little per line, small enough to stay in the processor's cache. */
export const BLOCK_BYTES = 1 << 20;

/** Bytes of a file as text in UTF-8 (or whatever its lines are in), in pieces of up to a block. @throws the file system's errors. */
export async function* readBlocks(path: string, type: Exclude<Content['type'], 'not-text'>, reuse: () => Buffer): AsyncGenerator<Buffer> {
  if (type === 'text') yield* readPlain(path, reuse);
  else if (type === 'gzip') yield* unzip(createReadStream(path, { highWaterMark: BLOCK_BYTES }));
  else yield* decodeUtf16(createReadStream(path, { highWaterMark: BLOCK_BYTES }), type);
}

/** `reuse` gives the memory to read into; the block is valid until the next one. */
async function* readPlain(path: string, reuse: () => Buffer): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      const target = reuse();
      const { bytesRead } = await file.read(target, 0, target.length, null);
      if (bytesRead === 0) return;
      yield target.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* unzip(packed: Readable): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: BLOCK_BYTES });
  packed.on('error', (error) => gunzip.destroy(error));
  for await (const block of packed.pipe(gunzip)) yield block as Buffer;
}

async function* decodeUtf16(stream: Readable, type: 'utf-16le' | 'utf-16be'): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(type);
  for await (const block of stream) yield Buffer.from(decoder.decode(block as Buffer, { stream: true }), 'utf8');
}
