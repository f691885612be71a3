import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import type { FileIdentity, Place } from '../../model/follow.js';
import type { LineFilter } from '../../model/line-filter.js';
import type { LineBatch } from '../batch.js';
import { HEAD_BYTES, hashOf, readHead } from './identity.js';
import { PlacedLines } from './placed-lines.js';
import type { StoredFile } from './stored-file.js';

const START: Place = { offset: 0, lines: 0 };
const NO_HEAD = { bytes: 0, hash: hashOf(Buffer.alloc(0)) };

/** One file that a followed log is or was in. Open while something may still be written to it. */
export class LogPart {
  /** Looks at the log in a row that found nothing new in this part. */
  quiet = 0;
  #fd: number | null = null;
  #identity: FileIdentity = { dev: 0, ino: 0, head: NO_HEAD };
  #place: Place;
  /** Null when all has been read. */
  #lines: PlacedLines | null = null;

  private constructor(
    private readonly source: string,
    private readonly filter: LineFilter,
    from: Place,
  ) {
    this.#place = from;
  }

  /** Opens the file that is at `path` now, to be followed from a place on. @throws the file system's errors. */
  static open(path: string, source: string, filter: LineFilter, from = START): LogPart {
    const part = new LogPart(source, filter, from);
    part.#fd = openSync(path, 'r');
    part.#identify(fstatSync(part.#fd), NO_HEAD);
    part.#noticeHead();
    return part;
  }

  /** A file that nothing is added to any more; {@link readFrom} reads it. */
  static closed(source: string, filter: LineFilter, from = START): LogPart {
    return new LogPart(source, filter, from);
  }

  get identity(): FileIdentity {
    return this.#identity;
  }

  /** Behind the last whole line that was read. */
  get place(): Place {
    return this.#place;
  }

  get isOpen(): boolean {
    return this.#fd !== null;
  }

  isFile({ dev, ino }: { dev: number; ino: number }): boolean {
    return this.#identity.dev === dev && this.#identity.ino === ino;
  }

  /** Does the open file begin as this one did? It is that one, then. One of which nothing was read is known by its inode alone. */
  becomes({ head, ...inode }: FileIdentity): boolean {
    const isSame = head.bytes === 0 ? this.isFile(inode) : this.#beginsLike(head);
    if (isSame) this.#identify(this.#identity, head);
    return isSame;
  }

  /**
   * The next block of what is in the open file, up to byte `to`; null when there is no more at present, or when the file was emptied
   * before it was read: it may have grown past our place in it by now. @throws the file system's errors.
   */
  readMore(to = Number.POSITIVE_INFINITY): LineBatch | null {
    if (this.#fd === null) return null;
    const lines = this.#open();
    const space = lines.space();
    const length = Math.min(space.length, to - lines.read);
    const bytes = length <= 0 ? 0 : readSync(this.#fd, space, 0, length, lines.read);
    if (bytes === 0 || !this.#beginsLike(this.#identity.head)) return null;
    const [batch] = lines.push(space.subarray(0, bytes));
    this.#place = lines.place;
    this.#learnHead();
    return batch ?? null;
  }

  /** What has become of the open file. `shortened`: it lost its end, as after a power cut, and is the same otherwise. */
  state(): 'grows' | 'truncated' | 'shortened' {
    if (this.#fd === null) return 'grows';
    const { head } = this.#identity;
    if (!this.#beginsLike(head)) return 'truncated';
    if (fstatSync(this.#fd).size >= (this.#lines?.read ?? this.#place.offset)) return 'grows';
    return head.bytes === 0 ? 'truncated' : 'shortened';
  }

  /** Goes on at the end of a file that was shortened. */
  moveToEnd(): void {
    if (this.#fd === null) return;
    this.#place = { offset: fstatSync(this.#fd).size, lines: this.#place.lines };
    this.#lines = null;
  }

  /** The open file was emptied: what comes now is a new part, which takes it over. */
  restart(): LogPart {
    const part = new LogPart(this.source, this.filter, START);
    part.#fd = this.#fd;
    // We may have gone on in a copy already, which is another file.
    part.#identify(this.#fd === null ? this.#identity : fstatSync(this.#fd), NO_HEAD);
    this.#fd = null;
    this.#lines = null;
    part.#noticeHead();
    return part;
  }

  /** Goes on from the present place to byte `to` in a file, which may be packed and is this part from now on. */
  async *readFrom(file: StoredFile, to = Number.POSITIVE_INFINITY): AsyncGenerator<LineBatch> {
    const head = await file.head(HEAD_BYTES);
    this.#identify(file, { bytes: head.length, hash: hashOf(head) });
    const lines = this.#open();
    let offset = 0;
    for await (const block of file.read()) {
      const wanted = block.subarray(Math.max(0, lines.read - offset), Math.max(0, to - offset));
      offset += block.length;
      if (wanted.length > 0) for (const batch of lines.push(wanted)) yield this.#advance(batch, lines);
      if (offset >= to) return;
    }
  }

  /** Nothing will be added: an unfinished line is taken as it is. */
  finish(): LineBatch | null {
    const lines = this.#lines;
    const batch = lines === null ? null : this.#advance(lines.finish(), lines);
    this.close();
    return batch;
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
    this.#lines = null;
  }

  #open(): PlacedLines {
    return (this.#lines ??= new PlacedLines(this.source, this.filter, this.#place));
  }

  #advance(batch: LineBatch, lines: PlacedLines): LineBatch {
    this.#place = lines.place;
    return batch;
  }

  #identify({ dev, ino }: { dev: number; ino: number }, head: FileIdentity['head']): void {
    this.#identity = { dev, ino, head };
  }

  #beginsLike({ bytes, hash }: FileIdentity['head']): boolean {
    return this.#fd !== null && hashOf(readHead(this.#fd, bytes)) === hash;
  }

  /** The first bytes that are there: the file may be copied and emptied before any line of it is read. */
  #noticeHead(): void {
    if (this.#fd === null) return;
    const head = readHead(this.#fd, HEAD_BYTES);
    this.#identify(this.#identity, { bytes: head.length, hash: hashOf(head) });
  }

  /** The first bytes, as far as whole lines were read: what was not there when we looked cannot tell the file apart later. */
  #learnHead(): void {
    const bytes = Math.min(HEAD_BYTES, this.#place.offset);
    if (this.#fd === null || bytes <= this.#identity.head.bytes) return;
    const head = readHead(this.#fd, bytes);
    this.#identify(this.#identity, { bytes: head.length, hash: hashOf(head) });
  }
}
