import type { UntilEdge } from './trie.js';

/** Bits of a trigram's number. */
const BITS = 10;

/** For fewer alternatives, finding the text's trigrams takes longer than trying each. */
export const MANY = 16;

/** A number of the three characters in the middle of a literal, where it differs most from others; -1 if it is shorter. */
export function trigramOf(literal: string): number {
  return literal.length < 3 ? -1 : numberAt(literal, (literal.length - 3) >> 1);
}

/**
 * The groups of three characters in a text. Where many literals may follow a value, they tell of most of them that the
 * text does not contain them, in much less time than a search for each.
 */
export class Trigrams {
  private readonly latest = new Int32Array(1 << BITS);
  private text = '';
  private count = 0;

  /** Those of this text, which stay known until another is passed. */
  of(text: string): this {
    if (text === this.text) return this;
    this.text = text;
    this.count += 1;
    for (let at = text.length - 3; at >= 0; at -= 1) this.latest[numberAt(text, at)] = this.count;
    return this;
  }

  /** May the edge's literal be in the text? */
  mayHold({ trigram }: UntilEdge): boolean {
    return trigram < 0 || this.latest[trigram] === this.count;
  }
}

function numberAt(text: string, at: number): number {
  return ((text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) * 31 + text.charCodeAt(at + 2)) & ((1 << BITS) - 1);
}
