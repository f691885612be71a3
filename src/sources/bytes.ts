import { createReadStream, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import { isUndecided, PROBE_BYTES } from './content.js';

/** Pieces of any size. They may be reused by their producer: valid until the next one. */
export type Bytes = AsyncIterable<Buffer>;

/** Large enough that a block costs little per line, small enough to stay in the processor's cache. */
export const BLOCK_BYTES = 1 << 19;

/** Packed files are read in smaller pieces: so much is unpacked before the next is asked for. */
const STORED_BYTES = 1 << 17;

/** Told how many bytes of an input were taken in, as they are stored. */
export type OnBytes = (count: number) => void;

/** The first {@link PROBE_BYTES} of a file. @throws the file system's errors. */
export async function probeFile(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, null);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * A file in blocks that are read into what `reuse` gives: nothing is copied. Each is read at once, since asking another thread
 * takes longer than the reading; signals and timers have their turn in between. @throws the file system's errors.
 */
export async function* readPlain(path: string, reuse: () => Buffer, onBytes: OnBytes): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      const target = reuse();
      const read = readSync(file.fd, target, 0, target.length, null);
      if (read === 0) return;
      onBytes(read);
      yield target.subarray(0, read);
      await setImmediate();
    }
  } finally {
    await file.close();
  }
}

/** A file or pipe by its name. @throws the file system's errors. */
export function readStored(path: string, onBytes: OnBytes): Bytes {
  return counted(createReadStream(path, { highWaterMark: STORED_BYTES }), onBytes);
}

/** The same bytes, counted. */
export async function* counted(bytes: Bytes, onBytes: OnBytes): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    onBytes(piece.length);
    yield piece;
  }
}

/**
 * Looks at the beginning, as far as it is needed to classify it (`all`: {@link PROBE_BYTES}, if there are so many). Never throws:
 * an error comes after the bytes before it.
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

/** Collects pieces into blocks that stand in what `reuse` gives, as {@link readPlain} does; what came before an error, too. */
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

/** For unpackers, which drop what is queued when they find that the end came before its time: lets it be read first. */
export async function* endLate(bytes: Bytes): AsyncGenerator<Buffer> {
  yield* bytes;
  await setImmediate();
}

/** UTF-16 as UTF-8. */
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
