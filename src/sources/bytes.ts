import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

import { isUndecided, PROBE_BYTES } from './content.js';

/** Chunks of any size. Producers may reuse the buffer: a chunk is valid until the next one is requested. */
export type Bytes = AsyncIterable<Buffer>;

/** For an input that is not there. */
export async function* noBytes(): AsyncGenerator<Buffer> {}

/** Large enough that the cost per block is negligible, small enough for the processor's cache. */
export const BLOCK_BYTES = 1 << 19;

/** Chunk size for packed files, smaller because each chunk is unpacked completely before the next is read. */
const STORED_BYTES = 1 << 17;

/** Receives the number of bytes read from an input, as stored (packed). */
export type OnBytes = (count: number) => void;

/** The first {@link PROBE_BYTES} of a file. @throws file system errors. */
export function probeFile(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(PROBE_BYTES);
    return head.subarray(0, readSync(file, head));
  } finally {
    closeSync(file);
  }
}

/**
 * Reads a file in blocks directly into the buffers from `reuse`, without copying. The reads are synchronous, since a
 * thread pool round trip takes longer, and so does loading `fs/promises` for a small file; signals
 * and timers run between them. @throws file system errors.
 */
export async function* readPlain(path: string, reuse: () => Buffer, onBytes: OnBytes): AsyncGenerator<Buffer> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const target = reuse();
      const read = readSync(file, target);
      if (read === 0) return;
      onBytes(read);
      yield target.subarray(0, read);
      await setImmediate();
    }
  } finally {
    closeSync(file);
  }
}

/** Reads a file or pipe by name. @throws file system errors. */
export function readStored(path: string, onBytes: OnBytes): Bytes {
  return countBytes(createReadStream(path, { highWaterMark: STORED_BYTES }), onBytes);
}

/** Passes the bytes through and counts them. */
export async function* countBytes(bytes: Bytes, onBytes: OnBytes): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    onBytes(piece.length);
    yield piece;
  }
}

/**
 * Reads ahead as far as classification needs (`all`: up to {@link PROBE_BYTES}); the returned `bytes` include the head.
 * Never throws: an error is thrown by `bytes`, after the data before it.
 */
export async function peek(bytes: Bytes, all: boolean): Promise<{ head: Buffer; bytes: Bytes }> {
  const pieces = bytes[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let failure: unknown = null;
  while (failure === null && (all ? head.length < PROBE_BYTES : isUndecided(head))) {
    const { done, value } = await pieces.next().catch((error: unknown) => ({ done: true as const, value: (failure = error) }));
    if (done === true) break;
    head = head.length === 0 ? Buffer.from(value) : Buffer.concat([head, value]);
  }
  return { head: head.subarray(0, PROBE_BYTES), bytes: putBack(head, pieces, failure) };
}

/** Copies chunks into the buffers from `reuse`, as {@link readPlain} does. Data before an error is yielded first. */
export async function* intoBlocks(bytes: Bytes, reuse: () => Buffer): AsyncGenerator<Buffer> {
  let target = reuse();
  let filled = 0;
  let failure: unknown = null;
  try {
    for await (const piece of bytes) {
      for (let at = 0; at < piece.length; ) {
        const copied = piece.copy(target, filled, at);
        at += copied;
        filled += copied;
        if (filled < target.length) continue;
        yield target;
        target = reuse();
        filled = 0;
      }
    }
  } catch (error) {
    failure = error;
  }
  if (filled > 0) yield target.subarray(0, filled);
  if (failure !== null) throw failure;
}

/** Delays the end of the input: on premature end, unpackers drop what is still queued, so let that be read first. */
export async function* endLate(bytes: Bytes): AsyncGenerator<Buffer> {
  yield* bytes;
  await setImmediate();
}

/** Converts UTF-16 to UTF-8. */
export async function* decodeUtf16(bytes: Bytes, type: 'utf-16le' | 'utf-16be'): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(type);
  for await (const piece of bytes) yield Buffer.from(decoder.decode(piece, { stream: true }), 'utf8');
}

async function* putBack(head: Buffer, rest: AsyncIterator<Buffer>, failure: unknown): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    if (failure !== null) throw failure;
    for (let piece = await rest.next(); piece.done !== true; piece = await rest.next()) yield piece.value;
  } finally {
    await rest.return?.();
  }
}
