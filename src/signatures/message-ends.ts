import { literalAt } from './trie.js';
import type { Edge, Node, UntilEdge } from './trie.js';

/** Nodes visited per message; only a hostile text needs more. */
const BUDGET = 1_000;
/** Occurrences tried of the literal after a capture: as many as in a match, and of one that ends the message. */
const MAX_PLACES = 4;
const MAX_FINAL_PLACES = 32;

/** Where a message that begins at one place of a text may end. */
export interface MessageEnds {
  /** Offsets in the text at which a template is complete. */
  readonly at: Set<number>;
  /** From this offset on the message may end anywhere; infinite if it cannot. */
  openFrom: number;
}

/**
 * Finds where messages may end in a text that joins several of them, in one pass for each beginning. Some of these ends
 * may turn out to be none, for the choice between templates depends on what follows.
 */
export class MessageEndFinder {
  private readonly text: string;
  /** All offsets of a literal in the text, in order. */
  private readonly places = new Map<string, readonly number[]>();
  private budget = 0;
  private limit = 0;
  private ends: MessageEnds = noEnds();

  constructor(text: string) {
    this.text = text;
  }

  /** The ends, up to `limit`, of messages that begin at `from`. */
  find(root: Node, from: number, limit: number): MessageEnds {
    this.ends = noEnds();
    this.budget = BUDGET;
    this.limit = limit;
    this.walk(root, from);
    return this.ends;
  }

  private walk(node: Node, at: number): void {
    if (--this.budget < 0 || at > this.limit) return;
    if (node.leaf !== null) this.end(at);
    const literal = literalAt(node.literals, this.text.charCodeAt(at));
    if (literal !== undefined && this.text.startsWith(literal.text, at)) this.walk(literal.node, at + literal.text.length);
    else if (literal?.node.leaf != null && this.endsWithoutStop(literal.text, at)) this.end(at + literal.text.length - 1);
    for (const edge of node.edges) this.follow(edge, at);
  }

  /** A message may have lost its full stop, or gained one. */
  private end(at: number): void {
    this.ends.at.add(at);
    if (this.text.charAt(at) === '.') this.ends.at.add(at + 1);
  }

  private endsWithoutStop(literal: string, at: number): boolean {
    return literal.endsWith('.') && this.text.startsWith(literal.slice(0, -1), at);
  }

  private follow(edge: Edge, at: number): void {
    if (edge.kind === 'until') this.tryPlaces(edge, at);
    else if (edge.kind === 'tail') this.ends.openFrom = Math.min(this.ends.openFrom, at);
    else {
      const after = edge.scan(this.text, at);
      if (after >= 0) this.walk(edge.node, after);
    }
  }

  private tryPlaces({ literal, blankless, final, node }: UntilEdge, at: number): void {
    const places = this.placesOf(literal);
    const last = Math.min(places.length, firstFrom(places, at) + (final ? MAX_FINAL_PLACES : MAX_PLACES));
    for (let index = firstFrom(places, at); index < last && this.budget > 0; index += 1) {
      const found = places[index] as number;
      if (found > this.limit || (blankless && (found === at || this.text.slice(at, found).includes(' ')))) return;
      if (final) this.end(found + literal.length);
      else this.walk(node, found + literal.length);
    }
  }

  private placesOf(literal: string): readonly number[] {
    const known = this.places.get(literal);
    if (known !== undefined) return known;
    const places: number[] = [];
    for (let at = this.text.indexOf(literal); at >= 0; at = this.text.indexOf(literal, at + 1)) places.push(at);
    this.places.set(literal, places);
    return places;
  }
}

function noEnds(): MessageEnds {
  return { at: new Set(), openFrom: Number.POSITIVE_INFINITY };
}

/** Index of the first number that is at least `least`. */
function firstFrom(numbers: readonly number[], least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
