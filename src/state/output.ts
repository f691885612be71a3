import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { UsageError } from '../model/problem.js';

/** What a state records about the output. */
export interface SavedOutput {
  /** The output file, or null for standard output. */
  readonly file: { readonly dev: number; readonly ino: number; readonly length: number } | null;
  /** Text to follow `length`; the file may contain all, part or none of it. */
  readonly pending: string;
}

/**
 * Where a follower writes its report. Each text is recorded in the state before it is written, so that a kill in
 * between loses nothing.
 */
export interface Output {
  /** Completes or undoes what an earlier run was writing when it ended. */
  recover(saved: SavedOutput): void;
  /** What the state must record before `text` is written. */
  announce(text: string): SavedOutput;
  /** @throws UsageError if it cannot be written, or only in part: the next run completes what the state has recorded. */
  write(text: string): void;
  /** Resolves once everything is on disk, after which the state no longer needs to hold it. */
  sync(): Promise<void>;
}

/**
 * A file that only this program writes. After a kill it is restored to exactly what the state says, so nothing appears
 * twice.
 */
export class OutputFile implements Output {
  private fd: number;
  /** The file is known to be on disk up to here; pending text follows. */
  private length: number;
  private pending = '';

  /** @throws UsageError if it cannot be opened. */
  constructor(private readonly path: string) {
    this.fd = this.open();
    this.length = fstatSync(this.fd).size;
  }

  recover({ file, pending }: SavedOutput): void {
    const { dev, ino } = fstatSync(this.fd);
    if (file === null) return;
    const text = Buffer.from(pending);
    if (file.dev === dev && file.ino === ino) this.complete(file.length, text);
    else this.append(this.missingFrom(file, text));
    this.length = fstatSync(this.fd).size;
  }

  announce(text: string): SavedOutput {
    this.followRename();
    const { dev, ino } = fstatSync(this.fd);
    return { file: { dev, ino, length: this.length }, pending: this.pending + text };
  }

  write(text: string): void {
    this.append(Buffer.from(text));
    this.pending += text;
  }

  async sync(): Promise<void> {
    const [fd, pending] = [this.fd, this.pending];
    if (pending === '') return;
    // Pipes and devices cannot be synced.
    await promisify(fdatasync)(fd).catch(() => undefined);
    if (this.fd !== fd || !this.pending.startsWith(pending)) return;
    this.length += Buffer.byteLength(pending);
    this.pending = this.pending.slice(pending.length);
  }

  /**
   * Makes the file end in `text` after `length`, keeping the part already there. Anything else belongs to a state that
   * was lost, and is cut off.
   */
  private complete(length: number, text: Buffer): void {
    const { size } = fstatSync(this.fd);
    const there = readFrom(this.fd, Math.min(length, size), text.length);
    const isBeginning = size >= length && there.equals(text.subarray(0, there.length));
    const kept = isBeginning ? there.length : 0;
    if (size > length + kept) ftruncateSync(this.fd, length + kept);
    this.append(text.subarray(kept));
  }

  /** The file was renamed between runs: the part of the text that it lacks goes to the new file. */
  private missingFrom({ dev, ino, length }: NonNullable<SavedOutput['file']>, text: Buffer): Buffer {
    const directory = dirname(this.path);
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      const status = statSync(path, { throwIfNoEntry: false });
      if (status?.dev !== dev || status.ino !== ino) continue;
      const fd = openSync(path, 'r');
      const there = readFrom(fd, length, text.length);
      closeSync(fd);
      if (there.equals(text.subarray(0, there.length))) return text.subarray(there.length);
    }
    return text;
  }

  /** If logrotate renamed the file, or copied and truncated it, writing continues at the path. */
  private followRename(): void {
    const ours = fstatSync(this.fd);
    const status = statSync(this.path, { throwIfNoEntry: false });
    const isOurs = status?.dev === ours.dev && status.ino === ours.ino;
    if (isOurs && ours.size >= this.length) return;
    if (!isOurs) {
      closeSync(this.fd);
      this.fd = this.open();
    }
    this.length = fstatSync(this.fd).size;
    this.pending = '';
  }

  private open(): number {
    return this.orRefuse(() => openSync(this.path, 'a+', 0o640));
  }

  private append(bytes: Buffer): void {
    this.orRefuse(() => writeAll(this.fd, bytes));
  }

  private orRefuse<T>(use: () => T): T {
    try {
      return use();
    } catch (error) {
      throw new UsageError(`Cannot write --output ${this.path}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
}

/** Standard output. After a kill nobody knows how much of it arrived, so text in doubt is repeated. */
export class OutputStream implements Output {
  private pending = '';

  constructor(private readonly stream: NodeJS.WritableStream) {}

  recover({ pending }: SavedOutput): void {
    if (pending !== '') this.write(pending);
  }

  announce(text: string): SavedOutput {
    return { file: null, pending: this.pending + text };
  }

  write(text: string): void {
    this.pending += text;
    this.stream.write(text, (error) => {
      if (error == null) this.pending = this.pending.slice(text.length);
    });
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }
}

function readFrom(fd: number, position: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  return buffer.subarray(0, readSync(fd, buffer, 0, bytes, position));
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
