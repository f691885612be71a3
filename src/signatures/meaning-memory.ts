import type { Meaning } from './read-event.js';

/**
 * Bits of a slot number. A text in an occupied slot evicts the previous one. Four times as many slots would find only
 * one text in thirty more, and each slot keeps a whole line in memory.
 */
const PLACE_BITS = 13;
/** Longer texts are mostly lists of proposals or certificates, which cost more to keep than to match. */
const LONGEST = 512;
/** Characters hashed, taken from the end of the text, where texts differ more often. */
const HASHED = 48;

/**
 * Caches the meanings of recent texts, including unknown ones: daemons repeat the same messages. A custom hash table,
 * because a Map takes longer to hash a freshly sliced string than the matcher to match it.
 */
export class MeaningMemory {
  private readonly texts: string[] = new Array<string>(1 << PLACE_BITS).fill('');
  private readonly meanings: (Meaning | null)[] = new Array<Meaning | null>(1 << PLACE_BITS).fill(null);
  private place = 0;

  /** The cached meaning (null: unknown message); undefined if the text is not cached. */
  recall(text: string): Meaning | null | undefined {
    this.place = placeOf(text);
    return this.texts[this.place] === text ? this.meanings[this.place] : undefined;
  }

  /** Stores the meaning of the text last passed to {@link recall}. */
  keep(text: string, meaning: Meaning | null): void {
    if (text.length > LONGEST) return;
    this.texts[this.place] = text;
    this.meanings[this.place] = meaning;
  }
}

function placeOf(text: string): number {
  const { length } = text;
  let hash = length;
  for (let at = Math.max(0, length - HASHED); at < length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  hash = Math.imul(hash, 0x9e3779b1);
  return hash >>> (32 - PLACE_BITS);
}
