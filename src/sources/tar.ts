import { createTarDecoder } from 'modern-tar';
import { ReadableStream } from 'node:stream/web';

import { endLate, type Bytes } from './bytes.js';
import { damaged, SourceError } from './problems.js';

/** A file in an archive. Its bytes must be read, completely or in part, before the next member is requested. */
export interface Member {
  readonly name: string;
  /** Modification time, epoch milliseconds. */
  readonly written: number;
  readonly size: number;
  readonly bytes: Bytes;
}

/** Limit for member names, which an archive does not limit; the file system limit on paths. */
const MAX_NAME = 4096;

/** The files of a tar archive (ustar, GNU, pax) in stored order. @throws SourceError if it is damaged. */
export async function* readTar(bytes: Bytes): AsyncGenerator<Member> {
  const entries = ReadableStream.from(endLate(bytes)).pipeThrough(createTarDecoder({ strict: true }));
  try {
    for await (const { header, body } of entries) {
      const pieces = inBuffers(body);
      if (header.type === 'file' && header.size > 0) yield { name: header.name.replace(/^(?:\.\/)+/, '').slice(0, MAX_NAME), written: header.mtime?.getTime() ?? 0, size: header.size, bytes: pieces };
      await pieces.return(undefined);
      for await (const piece of body) void piece;
    }
  } catch (error) {
    throw described(error);
  }
}

/** Reads the body without cancelling it: a cancelled body may stall the decoder, so the caller drains the rest. */
async function* inBuffers(body: ReadableStream<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    for await (const piece of body.values({ preventCancel: true })) yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  } catch (error) {
    throw described(error);
  }
}

/**
 * Errors with a code come from the file system or unpacker and pass unchanged; others mean that the archive is damaged.
 */
function described(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  return error instanceof SourceError || code !== undefined ? error : damaged(message);
}
