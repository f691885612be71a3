import type { Leaf, Node } from './trie.js';

/**
 * How a text was cut. `unmarked`: nothing shows it (accepted only within a word of a template). `ellipsis`: people also
 * write one after whole words (or inside a quoted value). `pager`: cut at any character.
 */
export type Cut = 'unmarked' | 'ellipsis' | 'pager';

/** Characters before and after a quoted or bracketed value. */
export const OPENING = /['"`[({=] ?$/;
export const CLOSING = /^['"\])}]/;

/** Limit on templates examined that continue where a text is cut. */
const MOST_ENDS = 24;

/** Suffixes that may follow a whole word: `certificate` is not a cut-off `certificates`. */
const ENDING = /^(?:e?s|d|ed|ing|ly)(?!\w)/;

/**
 * A whole message may be the beginning of another, so only a text that ends within a word has certainly been cut.
 * `length`: characters of the literal that are present.
 */
export function isWithinWord(literal: string, length: number): boolean {
  return /^\w\w/.test(literal.slice(length - 1)) && !ENDING.test(literal.slice(length));
}

/** A template below the nodes, if all templates there have the same event kind; otherwise null. */
export function onlyMeaning(nodes: readonly Node[]): Leaf | null {
  const pending = [...nodes];
  let found: Leaf | null = null;
  for (let ends = 0; ends < MOST_ENDS; ends += 1) {
    const next = pending.pop();
    if (next === undefined) return found;
    if (next.leaf !== null && found !== null && next.leaf.signature.event !== found.signature.event) return null;
    found ??= next.leaf;
    for (const edge of next.literals.edges) if (edge !== undefined) pending.push(edge.node);
    for (const edge of next.edges) pending.push(edge.node);
  }
  return null;
}
