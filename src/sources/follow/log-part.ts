import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import type { FileIdentity, Place } from '../../model/follow.js';
import type { LineFilter } from '../../model/line-filter.js';
import type { LineBatch } from '../batch.js';
import { HEAD_BYTES, hashOf, readHead } from './identity.js';
import { PlacedLines } from './placed-lines.js';
import type { StoredFile } from './stored-file.js';

const START: Place = { offset: 0, lines: 0 };
const NO_HEAD = { bytes: 0, hash: hashOf(Buffer.alloc(0)) };

/** One file that a followed log is or was in. It stays open while it may still be written to. */
export class LogPart {
  /** Consecutive polls that found nothing new in this part. */
  quiet = 0;
  private fd: number | null = null;
  private known: FileIdentity = { dev: 0, ino: 0, head: NO_HEAD };
  private at: Place;
  /** Null when everything has been read. */
  private lines: PlacedLines | null = null;

  private constructor(
    private readonly source: string,
    private readonly filter: LineFilter,
    from: Place,
  ) {
    this.at = from;
  }

  /** Opens the file at `path` now, to be followed from a given place. @throws file system errors. */
  static open(path: string, source: string, filter: LineFilter, from = START): LogPart {
    const part = new LogPart(source, filter, from);
    part.fd = openSync(path, 'r');
    part.identify(fstatSync(part.fd), NO_HEAD);
    part.noticeHead();
    return part;
  }

  /** A file that no longer grows; read it with {@link readFrom}. */
  static closed(source: string, filter: LineFilter, from = START): LogPart {
    return new LogPart(source, filter, from);
  }

  get identity(): FileIdentity {
    return this.known;
  }

  /** After the last complete line read. */
  get place(): Place {
    return this.at;
  }

  get isOpen(): boolean {
    return this.fd !== null;
  }

  /** Is it the same inode? */
  isFile({ dev, ino }: { dev: number; ino: number }): boolean {
    return this.known.dev === dev && this.known.ino === ino;
  }

  /**
   * Is the open file the known one, judged by its first bytes? If so, takes over that identity. A file of which nothing
   * was read is recognised by its inode only.
   */
  becomes({ head, ...inode }: FileIdentity): boolean {
    const isSame = head.bytes === 0 ? this.isFile(inode) : this.beginsLike(head);
    if (isSame) this.identify(this.known, head);
    return isSame;
  }

  /**
   * Reads the next block of the open file, up to byte `to`. Null if there is no more for now, or if the file was
   * truncated before it was read: it may have grown beyond our offset again. @throws file system errors.
   */
  readMore(to = Number.POSITIVE_INFINITY): LineBatch | null {
    if (this.fd === null) return null;
    const lines = this.openLines();
    const space = lines.space();
    const length = Math.min(space.length, to - lines.read);
    const bytes = length <= 0 ? 0 : readSync(this.fd, space, 0, length, lines.read);
    if (bytes === 0 || !this.beginsLike(this.known.head)) return null;
    const [batch] = lines.push(space.subarray(0, bytes));
    this.at = lines.place;
    this.learnHead();
    return batch ?? null;
  }

  /** What happened to the open file. `shortened`: it lost its end (after a power cut) but is the same file. */
  state(): 'grows' | 'truncated' | 'shortened' {
    if (this.fd === null) return 'grows';
    const { head } = this.known;
    if (!this.beginsLike(head)) return 'truncated';
    if (fstatSync(this.fd).size >= (this.lines?.read ?? this.at.offset)) return 'grows';
    return head.bytes === 0 ? 'truncated' : 'shortened';
  }

  /** Continues at the new end of a shortened file. */
  moveToEnd(): void {
    if (this.fd === null) return;
    this.at = { offset: fstatSync(this.fd).size, lines: this.at.lines };
    this.lines = null;
  }

  /** The open file was truncated: returns a new part that takes over the descriptor. */
  restart(): LogPart {
    const part = new LogPart(this.source, this.filter, START);
    part.fd = this.fd;
    // This part may already have been continued in a copy, which is a different file.
    part.identify(this.fd === null ? this.known : fstatSync(this.fd), NO_HEAD);
    this.fd = null;
    this.lines = null;
    part.noticeHead();
    return part;
  }

  /**
   * Continues from the current place to byte `to` in a file, possibly a packed one; this part then has that file's
   * identity.
   */
  async *readFrom(file: StoredFile, to = Number.POSITIVE_INFINITY): AsyncGenerator<LineBatch> {
    const head = await file.head(HEAD_BYTES);
    this.identify(file, { bytes: head.length, hash: hashOf(head) });
    const lines = this.openLines();
    let offset = 0;
    for await (const block of file.read()) {
      const wanted = block.subarray(Math.max(0, lines.read - offset), Math.max(0, to - offset));
      offset += block.length;
      if (wanted.length > 0) for (const batch of lines.push(wanted)) yield this.advance(batch, lines);
      if (offset >= to) return;
    }
  }

  /** The file will not grow: returns its last line even if unterminated. */
  finish(): LineBatch | null {
    const lines = this.lines;
    const batch = lines === null ? null : this.advance(lines.finish(), lines);
    this.close();
    return batch;
  }

  close(): void {
    if (this.fd !== null) closeSync(this.fd);
    this.fd = null;
    this.lines = null;
  }

  private openLines(): PlacedLines {
    return (this.lines ??= new PlacedLines(this.source, this.filter, this.at));
  }

  private advance(batch: LineBatch, lines: PlacedLines): LineBatch {
    this.at = lines.place;
    return batch;
  }

  private identify({ dev, ino }: { dev: number; ino: number }, head: FileIdentity['head']): void {
    this.known = { dev, ino, head };
  }

  private beginsLike({ bytes, hash }: FileIdentity['head']): boolean {
    return this.fd !== null && hashOf(readHead(this.fd, bytes)) === hash;
  }

  /** Identifies the file by the bytes present now, because it may be copied and truncated before any line is read. */
  private noticeHead(): void {
    if (this.fd === null) return;
    const head = readHead(this.fd, HEAD_BYTES);
    this.identify(this.known, { bytes: head.length, hash: hashOf(head) });
  }

  /**
   * Extends the identifying head, but only over lines already read: bytes that appeared later could not identify the
   * file.
   */
  private learnHead(): void {
    const bytes = Math.min(HEAD_BYTES, this.at.offset);
    if (this.fd === null || bytes <= this.known.head.bytes) return;
    const head = readHead(this.fd, bytes);
    this.identify(this.known, { bytes: head.length, hash: hashOf(head) });
  }
}
