import type { Hint, LineFilter } from '../model/line-filter.js';
import { MAX_LINE_LENGTH, type SourceLine } from '../model/source-line.js';
import type { LineBatch } from './batch.js';
import { BLOCK_BYTES } from './bytes.js';
import { borrowScanner, END, giveBack, NEWLINES, NUMBERS, PLAIN, START, type LineScanner } from './line-scanner.js';
import { decodeLine } from './text.js';

/**
 * Splits the blocks of one source into batches of lines. Only lines that the filter lets through are decoded to
 * strings.
 */
export class BlockLines {
  private readonly source: string;
  private readonly filter: LineFilter;
  private readonly scanner: LineScanner = borrowScanner();
  /** Begins with the unfinished line of the last block; the next block is written after it. */
  private readonly buffer = this.scanner.block;
  private pending = 0;
  private number: number;
  /** The pending line exceeds a block: its head is kept, and the rest is skipped. */
  private isSkipping = false;

  /** `firstNumber`: line number to start with, if reading starts inside the source. */
  constructor(source: string, filter: LineFilter, firstNumber = 1) {
    this.source = source;
    this.filter = filter;
    this.number = firstNumber;
  }

  /** Buffer space for the next block, at most {@link BLOCK_BYTES}. */
  space(): Buffer {
    return this.buffer.subarray(this.pending, this.pending + BLOCK_BYTES);
  }

  /** Adds a block, which may already be in {@link space}. */
  push(block: Buffer): LineBatch[] {
    const batches: LineBatch[] = [];
    for (let at = 0; at < block.length; at += BLOCK_BYTES) batches.push(this.pushPart(block.subarray(at, at + BLOCK_BYTES)));
    return batches;
  }

  /** Returns the last line if it lacks a line end. Must be the last call. */
  finish(): LineBatch {
    const batch = this.pending === 0 ? { lines: [], scanned: 0, bytes: 0 } : this.finishLine();
    giveBack(this.scanner);
    return batch;
  }

  private finishLine(): LineBatch {
    this.breakAtReturns(this.pending - 1);
    this.buffer[this.pending] = 0x0a;
    const batch = this.scan(this.pending + 1, 0);
    this.pending = 0;
    return batch;
  }

  private pushPart(part: Buffer): LineBatch {
    const fresh = this.isSkipping ? this.dropRest(part) : part;
    const buffer = this.buffer;
    if (fresh.buffer !== buffer.buffer || fresh.byteOffset !== buffer.byteOffset + this.pending) fresh.copy(buffer, this.pending);
    const filled = this.pending + fresh.length;
    let end = buffer.lastIndexOf(0x0a, filled - 1) + 1;
    if (end === 0 && filled >= BLOCK_BYTES && !this.isSkipping) {
      this.breakAtReturns(filled - 1);
      end = buffer.lastIndexOf(0x0a, filled - 1) + 1;
    }
    const isUnfinished = filled === 0 || end === 0 || end > filled;
    const batch = isUnfinished ? { lines: [], scanned: 0, bytes: part.length } : this.scan(end, part.length);
    this.keep(isUnfinished ? 0 : end, filled);
    return batch;
  }

  /** Data without any newline may use lone carriage returns as line ends: turns those before `end` into newlines. */
  private breakAtReturns(end: number): void {
    const buffer = this.buffer;
    for (let at = buffer.indexOf(0x0d); at >= 0 && at < end; at = buffer.indexOf(0x0d, at + 1)) buffer[at] = 0x0a;
  }

  /** Skips the rest of an over-long line without examining it. */
  private dropRest(part: Buffer): Buffer {
    const end = part.indexOf(0x0a);
    if (end < 0) return part.subarray(part.length);
    this.isSkipping = false;
    return part.subarray(end);
  }

  private keep(start: number, filled: number): void {
    const length = filled - start;
    if (start > 0) this.buffer.copyWithin(0, start, filled);
    this.isSkipping ||= length >= BLOCK_BYTES;
    this.pending = this.isSkipping ? Math.min(length, MAX_LINE_LENGTH + 2) : length;
  }

  /** Scans the first `end` bytes of the buffer, which must be whole lines. */
  private scan(end: number, bytes: number): LineBatch {
    const lines: SourceLine[] = [];
    const first = this.number;
    let cut = 0;
    const hints = this.filter.hints(this.source, { length: end, text: () => this.buffer.toString('latin1', 0, end) });
    for (let at = 0; at < end; at = this.scanner.position) cut += this.find(hints, at, end, lines);
    return { lines, scanned: this.number - first, bytes, cut };
  }

  /** Adds the lines that the filter lets through; returns how many of them were cut. */
  private find(hints: readonly Hint[] | null, from: number, end: number, lines: SourceLine[]): number {
    const { found } = this.scanner;
    let cut = 0;
    const count = this.scanner.find(hints, from, end);
    for (let index = 0; index < count; index++) {
      const at = NUMBERS * index;
      const start = found[at + START] as number;
      const stop = found[at + END] as number;
      const isLong = stop - start > MAX_LINE_LENGTH;
      const text = found[at + PLAIN] === 1 && !isLong ? this.buffer.toString('latin1', start, stop) : decodeLine(this.buffer, start, stop);
      lines.push({ source: this.source, number: this.number + (found[at + NEWLINES] as number), text });
      if (stop - start > MAX_LINE_LENGTH + 1) cut += 1;
    }
    this.number += this.scanner.newlines;
    return cut;
  }
}
