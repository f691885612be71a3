import type { Leaf, Node } from './trie.js';

/**
 * Where a text may break off: nobody says that it does (within a word of the wording only); it ends with an ellipsis, which people also write
 * behind whole words (also within a value that is quoted); a pager has cut it off (anywhere).
 */
export type Cut = 'unmarked' | 'ellipsis' | 'pager';

/** What a value stands behind that ends with another one of these. */
export const OPENING = /['"`[({=] ?$/;
export const CLOSING = /^['"\])}]/;

/** Templates looked at that go on where a text breaks off. */
const MOST_ENDS = 24;

/** What may follow a whole word: `certificate` is not cut off because there are `certificates`. */
const ENDING = /^(?:e?s|d|ed|ing|ly)(?!\w)/;

/** Whole messages may be the beginning of others; only within a word it is certain that one has lost its end. `length`: of the literal, what is there. */
export function isWithinWord(literal: string, length: number): boolean {
  return /^\w\w/.test(literal.slice(length - 1)) && !ENDING.test(literal.slice(length));
}

/** A template below the nodes, where all templates there tell of one kind of event. */
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
