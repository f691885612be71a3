import type { Hint } from '../model/line-filter.js';
import { BLOCK_BYTES } from './bytes.js';
import { LINE_SCANNER } from './line-scanner.wasm.js';

/**
 * Layout of a result: offset of the line's start and of its newline, newlines before it, and 1 if it is printable
 * ASCII.
 */
export const START = 0;
export const END = 1;
export const NEWLINES = 2;
export const PLAIN = 3;
/** Numbers per line. */
export const NUMBERS = 4;

/** Finds lines in a block of bytes. When `found` is full, it stops after the last line found. */
export interface LineScanner {
  /** Room for a block and the unfinished line before it. */
  readonly block: Buffer;
  /** Results of the last search, {@link NUMBERS} numbers each. */
  readonly found: Int32Array;
  /** Offset after the last line examined, and the newlines between the start of the search and there. */
  readonly position: number;
  readonly newlines: number;
  /**
   * Finds lines that contain one of the words, or all lines if null. `from` must be the start of a line and `end`
   * follow a newline. Returns the number of lines found.
   */
  find(hints: readonly Hint[] | null, from: number, end: number): number;
}

/** Memory layout of line-scanner.wat. */
const TABLES = 0;
const GROUPS = 96;
const ENTRIES = 256;
const TEXTS = 2048;
const FOUND = 4096;
const BLOCK = 131_072;
const MOST_FOUND = (BLOCK - FOUND) / (NUMBERS * Int32Array.BYTES_PER_ELEMENT);
const GROUP_COUNT = 8;
/** Adjacent bytes of each word that the scan tests. */
const PLACES = 3;
/** Bytes per entry in the word list. */
const ENTRY = 12;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly position: { readonly value: number };
  readonly newlines: { readonly value: number };
  scan(at: number, end: number, most: number): number;
  lines(at: number, end: number, most: number): number;
}

const idle: VectorScanner[] = [];
const MOST_IDLE = 4;
let compiled: WebAssembly.Module | null | undefined;

/** Takes a scanner for one source; return it with {@link giveBack} when the source has been read. */
export function borrowScanner(): LineScanner {
  const known = idle.pop();
  if (known !== undefined) return known;
  compiled ??= compile();
  return compiled === null ? new TextScanner() : new VectorScanner(compiled);
}

/** Keeps a scanner for the next source; the caller must not use it any more. */
export function giveBack(scanner: LineScanner): void {
  if (scanner instanceof VectorScanner && idle.length < MOST_IDLE && !idle.includes(scanner)) idle.push(scanner);
}

/** Null on processors without SIMD. */
function compile(): WebAssembly.Module | null {
  const bytes = Buffer.from(LINE_SCANNER, 'base64');
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}

/** Examines sixteen bytes at a time; see line-scanner.wat. */
export class VectorScanner implements LineScanner {
  readonly block: Buffer;
  readonly found: Int32Array;
  private readonly exports: Exports;
  private hints: readonly Hint[] = [];

  constructor(module: WebAssembly.Module) {
    this.exports = new WebAssembly.Instance(module).exports as unknown as Exports;
    const { buffer } = this.exports.memory;
    this.block = Buffer.from(buffer, BLOCK, 2 * BLOCK_BYTES);
    this.found = new Int32Array(buffer, FOUND, NUMBERS * MOST_FOUND);
  }

  get position(): number {
    return this.exports.position.value - BLOCK;
  }

  get newlines(): number {
    return this.exports.newlines.value;
  }

  find(hints: readonly Hint[] | null, from: number, end: number): number {
    if (hints !== null && hints !== this.hints) this.learn(hints);
    const find = hints === null ? this.exports.lines : this.exports.scan;
    const count = find(BLOCK + from, BLOCK + end, MOST_FOUND);
    for (let at = 0; at < count * NUMBERS; at += NUMBERS) {
      this.found[at + START]! -= BLOCK;
      this.found[at + END]! -= BLOCK;
    }
    return count;
  }

  /** Words with similar rare characters share a group, so that fewer bytes match a group by accident. */
  private learn(hints: readonly Hint[]): void {
    const sorted = hints.toSorted((one, other) => (one.rare < other.rare ? -1 : 1));
    const numbers = new Int32Array(this.exports.memory.buffer, 0, TEXTS / Int32Array.BYTES_PER_ELEMENT).fill(0);
    const tables = new Uint8Array(this.exports.memory.buffer, TABLES, GROUPS);
    let text = TEXTS;
    for (let group = 0, index = 0; group < GROUP_COUNT; group++) {
      const first = index;
      for (; index < ((group + 1) * sorted.length) / GROUP_COUNT && index < sorted.length; index++) {
        const { word, rare } = sorted[index] as Hint;
        numbers.set([word.indexOf(rare), word.length, text], (ENTRIES + index * ENTRY) / Int32Array.BYTES_PER_ELEMENT);
        text += new TextEncoder().encodeInto(word, new Uint8Array(this.exports.memory.buffer, text, FOUND - text)).written;
        for (let place = 0; place < PLACES; place++) mark(tables.subarray(32 * place, 32 * place + 32), rare.charCodeAt(place), 1 << group);
      }
      numbers.set([ENTRIES + first * ENTRY, index - first], (GROUPS + group * 8) / Int32Array.BYTES_PER_ELEMENT);
    }
    this.hints = hints;
  }
}

/** Sets a group's bit for a byte in two 16-byte tables, for its low and high nibble. NaN: any byte. */
function mark(tables: Uint8Array, byte: number, group: number): void {
  if (Number.isNaN(byte)) {
    tables.forEach((groups, at) => (tables[at] = groups | group));
    return;
  }
  tables[byte & 15]! |= group;
  tables[16 + (byte >> 4)]! |= group;
}

/** Fallback without SIMD: a regular expression over the block as text. */
export class TextScanner implements LineScanner {
  readonly block = Buffer.allocUnsafeSlow(2 * BLOCK_BYTES);
  readonly found = new Int32Array(NUMBERS * MOST_FOUND);
  position = 0;
  newlines = 0;

  find(hints: readonly Hint[] | null, from: number, end: number): number {
    const text = this.block.toString('latin1', 0, end);
    const isWanted = hints === null ? null : new RegExp(hints.map(({ word }) => word.replace(/\W/g, '\\$&')).join('|'));
    let count = 0;
    this.newlines = 0;
    for (this.position = from; this.position < end && count < MOST_FOUND; this.newlines++) {
      const start = this.position;
      const stop = text.indexOf('\n', start);
      this.position = stop + 1;
      if (isWanted?.test(text.slice(start, stop)) !== false) this.found.set([start, stop, this.newlines, 0], NUMBERS * count++);
    }
    return count;
  }
}
