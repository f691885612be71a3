import { createTarDecoder } from 'modern-tar';
import { ReadableStream } from 'node:stream/web';

import { endLate, type Bytes } from './bytes.js';
import { damaged, SourceError } from './problems.js';

/** A file in an archive. Its bytes can be had until the next member is asked for, all of them or only the first ones. */
export interface Member {
  readonly name: string;
  /** When it was last written, epoch milliseconds. */
  readonly written: number;
  readonly size: number;
  readonly bytes: Bytes;
}

/** A name in an archive may have any length; no file system has longer ones. */
const MAX_NAME = 4096;

/** The files of a tar archive (ustar, GNU, pax) in the order in which they stand there. @throws SourceError where it is damaged. */
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

/** A body that is cancelled may stall the decoder, so the rest of it is read. */
async function* inBuffers(body: ReadableStream<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    for await (const piece of body.values({ preventCancel: true })) yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  } catch (error) {
    throw described(error);
  }
}

/** Errors of what is below pass as they are; those without a code are of the archive. */
function described(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  return error instanceof SourceError || code !== undefined ? error : damaged(message);
}
