import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';

/** Length of the prefix that identifies a log file: a few lines with their stamps. */
export const HEAD_BYTES = 512;

/** Up to `bytes` bytes from the start of an open file. */
export function readHead(fd: number, bytes: number): Buffer {
  const head = Buffer.alloc(bytes);
  return head.subarray(0, readSync(fd, head, 0, bytes, 0));
}

/** SHA-256 in hexadecimal. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
