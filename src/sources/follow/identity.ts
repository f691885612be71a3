import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { stat } from 'node:fs/promises';

import type { FileIdentity } from '../../model/follow.js';
import { probeFile, readStored } from '../bytes.js';
import { classify } from '../content.js';
import { unpack } from '../unpack.js';

/** First bytes that tell one log file from the next: a few lines with their stamps. */
export const HEAD_BYTES = 512;

/** Up to `bytes` bytes from the beginning of an open file. */
export function readHead(fd: number, bytes: number): Buffer {
  const head = Buffer.alloc(bytes);
  return head.subarray(0, readSync(fd, head, 0, bytes, 0));
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Is the file at `path` this one, perhaps copied or packed? One of which nothing was read is known by its inode alone. */
export async function isSameFile(path: string, { dev, ino, head }: FileIdentity): Promise<boolean> {
  try {
    const status = await stat(path);
    if (!status.isFile()) return false;
    if (head.bytes === 0) return status.dev === dev && status.ino === ino;
    const bytes = await unpackedHead(path, head.bytes);
    return bytes.length === head.bytes && hashOf(bytes) === head.hash;
  } catch {
    return false;
  }
}

/** First bytes of a file as text, whatever it is packed with. @throws the file system's and the unpacker's errors. */
export async function unpackedHead(path: string, bytes: number): Promise<Buffer> {
  const blocks: Buffer[] = [];
  let length = 0;
  for await (const block of unpacked(path)) {
    blocks.push(Buffer.from(block.subarray(0, bytes)));
    length += block.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(blocks).subarray(0, bytes);
}

/** A file that nothing is added to any more, as text; nothing if it cannot be that. @throws the file system's and the unpacker's errors. */
export async function* unpacked(path: string): AsyncGenerator<Buffer> {
  const content = classify(await probeFile(path));
  const stored = readStored(path, () => undefined);
  if (content.type === 'text') yield* stored;
  else if (content.type === 'packed') yield* unpack(content.packing, stored);
}
