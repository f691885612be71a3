import { fromBufferPromise, openPromise, type Entry, type ZipFile } from 'yauzl';

import type { Bytes } from './bytes.js';
import { damaged, endless, MAX_MEMBERS, SourceError, tooMany } from './problems.js';

/** A file in a zip archive; it can be opened at any time and repeatedly. */
export interface ZipMember {
  readonly name: string;
  /** Modification time, epoch milliseconds. */
  readonly written: number;
  open(): Bytes;
}

/**
 * Decompression bomb limits: more than `factor` times the archive and more than `bytes`. Logs compress to between a
 * tenth and a thirtieth.
 */
const BOMB = { factor: 1000, bytes: 1 << 30 } as const;

/**
 * Lists the files of an archive, given by path or in memory, in directory order. @throws SourceError if the directory
 * is damaged.
 */
export async function listZip(archive: string | Buffer): Promise<ZipMember[]> {
  const zip = await open(archive);
  const budget = { left: Math.max(BOMB.bytes, zip.fileSize * BOMB.factor) };
  const members: ZipMember[] = [];
  let isLocked = true;
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName, uncompressedSize } = entry;
      if (fileName.endsWith('/') || uncompressedSize === 0) continue;
      isLocked &&= entry.isEncrypted();
      if (members.push({ name: fileName, written: entry.getLastModDate().getTime(), open: () => readMember(archive, entry, budget) }) > MAX_MEMBERS) throw tooMany();
    }
  } catch (error) {
    throw described(error);
  } finally {
    zip.close();
  }
  if (isLocked && members.length > 0) throw locked();
  return members;
}

/** Opens the archive anew for each member, so that nothing stays open for members not read to the end. */
async function* readMember(archive: string | Buffer, entry: Entry, budget: { left: number }): AsyncGenerator<Buffer> {
  if (entry.isEncrypted()) throw locked();
  const zip = await open(archive);
  try {
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      budget.left -= (piece as Buffer).length;
      if (budget.left < 0) throw endless(BOMB.factor);
      yield piece as Buffer;
    }
  } catch (error) {
    throw described(error);
  } finally {
    zip.close();
  }
}

async function open(archive: string | Buffer): Promise<ZipFile> {
  const options = { lazyEntries: true, autoClose: false };
  try {
    return await (typeof archive === 'string' ? openPromise(archive, options) : fromBufferPromise(archive, options));
  } catch (error) {
    if (described(error) === error) throw error;
    throw new SourceError('damaged-archive', `Expected a whole zip archive, whose directory is at its end (${(error as Error).message.split('.')[0]})`, 'Get a complete copy');
  }
}

function locked(): SourceError {
  return new SourceError('encrypted', 'Cannot unpack without its password', 'Unpack it and pass the directory');
}

/** File system errors have codes of their own; zlib's codes mean that the archive is damaged. */
function described(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  return error instanceof SourceError || (code !== undefined && !code.startsWith('Z_')) ? error : damaged(message);
}
