import type { Meaning } from './read-event.js';

/**
 * Bits of the number of a place. A text that comes to the place of another one displaces it. With four times as many places, one
 * text in thirty more is known, and each keeps the line in memory that it was cut from.
 */
const PLACE_BITS = 13;
/** Longer texts are mostly lists of proposals or certificates, and cost more to keep than to read. */
const LONGEST = 512;
/** Characters of a text that decide on its place; those at its end differ more often than those at its start. */
const HASHED = 48;

/**
 * Remembers what the latest different texts mean, also that nothing is known of them: daemons say the same things over and over.
 * A hash table of our own, because a Map takes longer to hash a text that was just cut from a line than a matcher to read it.
 */
export class MeaningMemory {
  private readonly texts: string[] = new Array<string>(1 << PLACE_BITS).fill('');
  private readonly meanings: (Meaning | null)[] = new Array<Meaning | null>(1 << PLACE_BITS).fill(null);
  private place = 0;

  /** What is known of this text; undefined where it has not been seen lately. */
  recall(text: string): Meaning | null | undefined {
    this.place = placeOf(text);
    return this.texts[this.place] === text ? this.meanings[this.place] : undefined;
  }

  /** Remembers the text that was asked for last. */
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
