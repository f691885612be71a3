import { readdirSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import type { FileIdentity } from '../../model/follow.js';
import { BLOCK_BYTES } from '../bytes.js';
import { classify, PROBE_BYTES } from '../content.js';
import { olderParts } from '../rotation.js';
import { unpack } from '../unpack.js';
import { hashOf } from './identity.js';

/** Limit on open files. A log rotated more often than this between two polls is not read in full. */
const MOST_OPEN = 64;
/** How often a directory that changes while it is read is listed again, and the pause in milliseconds. */
const TRIES = 20;
const PATIENCE = 50;

/** An open file that no longer grows. Its name may come to mean another file, as rotation renames and packs. */
export class StoredFile {
  private begun: Buffer = Buffer.alloc(0);

  private constructor(
    /** Name at the time of opening. */
    readonly path: string,
    private readonly handle: FileHandle,
    readonly dev: number,
    readonly ino: number,
    /** Unix milliseconds. */
    readonly lastWritten: number,
  ) {}

  /** @throws file system errors. */
  static async open(path: string): Promise<StoredFile> {
    const handle = await open(path, 'r');
    const { dev, ino, mtimeMs } = await handle.stat();
    return new StoredFile(path, handle, dev, ino, mtimeMs);
  }

  /** Its unpacked text; empty if it is not text. @throws file system and unpacking errors. */
  async *read(): AsyncGenerator<Buffer> {
    const { buffer, bytesRead } = await this.handle.read(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, 0);
    const content = classify(buffer.subarray(0, bytesRead));
    if (content.type === 'text') yield* this.stored();
    else if (content.type === 'packed') yield* unpack(content.packing, this.stored());
  }

  /** Its first bytes, unpacked. */
  async head(bytes: number): Promise<Buffer> {
    if (this.begun.length < bytes) this.begun = await this.readHead(bytes);
    return this.begun.subarray(0, bytes);
  }

  private async readHead(bytes: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of this.read()) {
      pieces.push(Buffer.from(piece.subarray(0, bytes)));
      length += piece.length;
      if (length >= bytes) break;
    }
    return Buffer.concat(pieces).subarray(0, bytes);
  }

  /**
   * Is this the identified file, possibly copied or packed? A file of which nothing was read is recognised by its inode
   * only.
   */
  async is({ dev, ino, head }: FileIdentity): Promise<boolean> {
    if (head.bytes === 0) return this.dev === dev && this.ino === ino;
    const bytes = await this.head(head.bytes).catch(() => Buffer.alloc(0));
    return bytes.length === head.bytes && hashOf(bytes) === head.hash;
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private async *stored(): AsyncGenerator<Buffer> {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    for (let at = 0; ; ) {
      const { bytesRead } = await this.handle.read(block, 0, block.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield block.subarray(0, bytesRead);
    }
  }
}

/** Opens the rotated parts of a log, oldest first. */
export async function openOlder(log: string): Promise<StoredFile[]> {
  for (let tries = 1; ; tries += 1) {
    const files = await openOnce(older(log), tries === TRIES);
    if (files !== null) return files;
    await new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  }
}

/**
 * Opens the newest first: rotation moves files to older names, so one may be met twice but none is missed. Null if one
 * has vanished.
 */
async function openOnce(paths: readonly string[], isLastTry: boolean): Promise<StoredFile[] | null> {
  const files: StoredFile[] = [];
  for (const path of paths.slice(-MOST_OPEN).reverse()) {
    const file = await StoredFile.open(path).catch((error: NodeJS.ErrnoException) => error.code);
    if (file === 'ENOENT' && !isLastTry) {
      await closeAll(files);
      return null;
    }
    if (typeof file !== 'object') continue;
    if (files.some(({ dev, ino }) => dev === file.dev && ino === file.ino)) await file.close();
    else files.unshift(file);
  }
  return files;
}

export async function closeAll(files: Iterable<StoredFile>): Promise<void> {
  for (const file of files) await file.close();
}

function older(log: string): string[] {
  const start = log.slice(0, log.length - basename(log).length);
  try {
    return olderParts(log, readdirSync(dirname(log)).map((name) => `${start}${name}`));
  } catch {
    return [];
  }
}
