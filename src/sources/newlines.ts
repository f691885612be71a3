const NEWLINE = 0x0a;
const NEWLINES = 0x0a0a0a0a;
const LOW_BITS = 0x7f7f7f7f;
/** Words that can be added up in four counters of a byte each before one of them runs over. */
const WORDS_PER_SUM = 255;

/** Counts newlines in blocks of bytes, four bytes at a time. */
export class NewlineCounter {
  #bytes: Uint8Array = new Uint8Array(0);
  #words: Int32Array = new Int32Array(0);

  /** The bytes to count in; their offset in their buffer must be a multiple of four. */
  select(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  }

  /** Newlines from `start` up to but not including `end`. */
  count(start: number, end: number): number {
    if (end - start < 64) return this.#countBytes(start, end);
    const firstWord = (start + 3) >> 2;
    const lastWord = end >> 2;
    return this.#countBytes(start, firstWord << 2) + this.#countWords(firstWord, lastWord) + this.#countBytes(lastWord << 2, end);
  }

  #countBytes(start: number, end: number): number {
    const bytes = this.#bytes;
    let count = 0;
    for (let at = start; at < end; at++) if (bytes[at] === NEWLINE) count++;
    return count;
  }

  /** A byte of `word ^ NEWLINES` is zero where the newline was; the top bit of each byte of `marks` tells. */
  #countWords(first: number, last: number): number {
    const words = this.#words;
    let count = 0;
    for (let from = first; from < last; from += WORDS_PER_SUM) {
      const to = Math.min(last, from + WORDS_PER_SUM);
      let sums = 0;
      for (let at = from; at < to; at++) {
        const word = (words[at] as number) ^ NEWLINES;
        const marks = ~((((word & LOW_BITS) + LOW_BITS) | 0) | word | LOW_BITS);
        sums = (sums + (marks >>> 7)) | 0;
      }
      count += (sums & 0xff) + ((sums >>> 8) & 0xff) + ((sums >>> 16) & 0xff) + (sums >>> 24);
    }
    return count;
  }
}
