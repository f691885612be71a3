import { KnownTexts } from '../model/known-texts.js';
import { CLOSING, isWithinWord, onlyMeaning, OPENING } from './cuts.js';
import type { Cut } from './cuts.js';
import { scanMasked } from './masks.js';
import { literalAt } from './trie.js';
import type { Edge, Leaf, Node, ScanEdge, UntilEdge } from './trie.js';

/** Captures of one template. */
const MAX_CAPTURES = 32;
/** How many places are tried where the literal behind a text capture may be. Identities and names can contain quotes. */
const MAX_PLACES = 4;
/** Work for one message: places visited, and stretches of {@link STRETCH} characters searched. Strangers write parts of it. */
const BUDGET = 20_000;
const STRETCH = 64;
const BLANK = ' ';
/** More digits may not fit into a number exactly. */
const MAX_DIGITS = 15;
/** Characters of the literal within which a text may break off. */
const MIN_CUT = 8;
/** Characters besides captured values without which it is not said what a text that breaks off within one begins. */
const MIN_WORDING = 12;
/** Values of which also the beginning is of use. */
const USEFUL_IN_PART: ReadonlySet<string> = new Set(['message.payloads']);
/** Fewer characters of what is to follow a captured text may be there by chance. */
const MIN_BEGUN = 4;

/**
 * Finds the template that a message follows from its first to its last character. One walker serves one message at a time
 * and keeps the captures of the last one; nothing is allocated for a message.
 */
export class Walker {
  /** How far any template got with the last message. */
  furthest = 0;
  readonly #starts = new Int32Array(MAX_CAPTURES);
  readonly #ends = new Int32Array(MAX_CAPTURES);
  readonly #captured = new KnownTexts();
  #text = '';
  #budget = 0;
  #cut: Cut | null = null;
  /** Characters passed over without being captured, up to the place that is looked at. */
  #skipped = 0;
  #isMasked = false;

  /** `text` has no blanks at its ends. */
  find(root: Node, text: string): Leaf | null {
    this.#text = text;
    this.#budget = BUDGET;
    this.#skipped = 0;
    this.furthest = 0;
    return this.#walk(root, 0, 0);
  }

  /**
   * Likewise for a text whose end is missing: it breaks off within a word of templates that all mean the same kind of event. Null where it
   * may as well be the beginning of another.
   */
  findCut(root: Node, text: string, cut: Cut): Leaf | null {
    this.#cut = cut;
    const leaf = this.find(root, text);
    this.#cut = null;
    return leaf;
  }

  /** Likewise for a text in which somebody has written something else instead of addresses and numbers. */
  findMasked(root: Node, text: string): Leaf | null {
    this.#isMasked = true;
    const leaf = this.find(root, text);
    this.#isMasked = false;
    return leaf;
  }

  /** The text of one capture of the template found last; empty where the template had an empty capture. */
  capture(index: number): string {
    return this.#captured.take(this.#text, this.#starts[index] as number, this.#ends[index] as number);
  }

  /** The same where it is a number; null where the capture was empty or is masked. */
  number(index: number): number | null {
    const start = this.#starts[index] as number;
    const end = this.#ends[index] as number;
    let number = 0;
    for (let at = start; at < end; at += 1) {
      const digit = this.#text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9 || at - start >= MAX_DIGITS) return numberIn(this.#text.slice(start, end));
      number = number * 10 + digit;
    }
    return start < end ? number : null;
  }

  #walk(from: Node, start: number, captures: number): Leaf | null {
    let node = from;
    let at = start;
    for (;;) {
      if (--this.#budget < 0) return null;
      if (at > this.furthest) this.furthest = at;
      if (at === this.#text.length) return this.#cut === null ? node.leaf ?? skipLeaf(node) : this.#endOfCut(node, at, captures);
      const literal = literalAt(node.literals, this.#text.charCodeAt(at));
      if (literal !== undefined && this.#holds(literal.text, at)) {
        if (node.edges.length === 0) {
          at += literal.text.length;
          node = literal.node;
          continue;
        }
        const leaf = this.#walk(literal.node, at + literal.text.length, captures);
        if (leaf !== null) return leaf;
      } else if (this.#cut !== null && literal !== undefined && literal.text.startsWith(this.#text.slice(at))) {
        return this.#withinLiteral(literal.text, literal.node, at, captures);
      }
      return node.edges.length === 0 ? null : this.#tryEdges(node.edges, at, captures);
    }
  }

  /** What stands before the mark of a cut is a whole message, unless others go on from there. */
  #endOfCut(node: Node, at: number, captures: number): Leaf | null {
    const leaf = node.leaf ?? skipLeaf(node);
    if (leaf !== null && onlyMeaning([node]) !== null) return leaf;
    if (leaf === null && (this.#cut === 'pager' || this.#isUnclosed(node)) && this.#saysEnough(at, captures)) return this.#begun([node], captures);
    this.#budget = 0;
    return null;
  }

  /** What is to follow a captured text may have begun: then this is no end of another message. */
  #endsWithin(literal: string, at: number): null {
    if (this.#cut === 'pager') return null;
    for (let length = Math.min(literal.length - 1, this.#text.length - at); length >= MIN_BEGUN; length -= 1) {
      if (this.#text.endsWith(literal.slice(0, length))) this.#budget = 0;
    }
    return null;
  }

  #withinLiteral(literal: string, node: Node, at: number, captures: number): Leaf | null {
    const length = this.#text.length - at;
    const isWithin = this.#cut === 'pager' ? this.#saysEnough(this.#text.length, captures) : length >= MIN_CUT && isWithinWord(literal, length);
    if (isWithin) return this.#begun([node], captures);
    this.#budget = 0;
    return null;
  }

  #holds(literal: string, at: number): boolean {
    const text = this.#text;
    const length = literal.length;
    for (let index = 1; index < length; index += 1) {
      if (text.charCodeAt(at + index) !== literal.charCodeAt(index)) {
        if (at + index > this.furthest) this.furthest = at + index;
        return false;
      }
    }
    return true;
  }

  #tryEdges(edges: readonly Edge[], at: number, captures: number): Leaf | null {
    const leaf = this.#tryEach(edges, at, captures);
    return leaf !== null || this.#cut === null || this.#cut === 'unmarked' ? leaf : this.#withinValue(edges, at, captures);
  }

  #tryEach(edges: readonly Edge[], at: number, captures: number): Leaf | null {
    for (let index = 0; index < edges.length; index += 1) {
      const leaf = this.#tryEdge(edges[index] as Edge, at, captures);
      if (leaf !== null) return leaf;
    }
    return null;
  }

  #tryEdge(edge: Edge, at: number, captures: number): Leaf | null {
    if (edge.kind === 'scan') {
      const end = this.#scan(edge, at);
      return end < 0 ? null : this.#walk(edge.node, end, this.#keep(captures, at, end));
    }
    if (edge.kind === 'tail') {
      const end = this.#text.length;
      return this.#walk(edge.node, end, edge.captured ? this.#keep(captures, at, end) : captures);
    }
    return edge.final ? this.#tryFinal(edge, at, captures) : this.#tryPlaces(edge, at, captures);
  }

  #scan({ scan }: ScanEdge, at: number): number {
    const end = scan(this.#text, at);
    return end < 0 && this.#isMasked ? scanMasked(scan, this.#text, at) : end;
  }

  /** The text breaks off within a value. */
  #withinValue(edges: readonly Edge[], at: number, captures: number): Leaf | null {
    if (this.#budget <= 0 || !this.#saysEnough(at, captures) || (this.#cut === 'ellipsis' && !this.#isDelimited(edges, at))) return null;
    const broken = edges.filter((edge) => this.#mayBreakOff(edge, at));
    const leaf = this.#begun(broken.map(({ node }) => node), captures);
    if (leaf !== null && broken.length === 1 && USEFUL_IN_PART.has(leaf.fields[captures] ?? '')) this.#keep(captures, at, this.#text.length);
    return leaf;
  }

  /** Nor does who leaves out the end of something quoted. */
  #isUnclosed({ literals }: Node): boolean {
    return this.#cut === 'ellipsis' && (OPENING.test(this.#text) || literals.edges.some((edge) => edge !== undefined && CLOSING.test(edge.text)));
  }

  /** Who breaks off there does not end a sentence: in an address or number, or behind a quote or bracket that is not closed. */
  #isDelimited(edges: readonly Edge[], at: number): boolean {
    const value = this.#text.slice(at);
    return OPENING.test(this.#text.slice(0, at)) || (/^[\d.:]+$/.test(value) && edges.every(({ kind }) => kind === 'scan'));
  }

  /** Nothing of what is to follow the value stands there. */
  #mayBreakOff(edge: Edge, at: number): boolean {
    const isOneWord = !this.#text.includes(BLANK, at);
    return edge.kind === 'until' ? this.#text.indexOf(edge.literal, at) < 0 && (isOneWord || !edge.blankless) : edge.kind === 'tail' || isOneWord;
  }

  /** A template that goes on at these nodes, where all of them mean the same; what it captures there is missing. */
  #begun(nodes: readonly Node[], captures: number): Leaf | null {
    this.#starts.fill(0, captures);
    this.#ends.fill(0, captures);
    return onlyMeaning(nodes);
  }

  #saysEnough(at: number, captures: number): boolean {
    let wording = at - this.#skipped;
    for (let index = 0; index < captures; index += 1) wording -= (this.#ends[index] as number) - (this.#starts[index] as number);
    return wording >= MIN_WORDING;
  }

  #tryPlaces(edge: UntilEdge, at: number, captures: number): Leaf | null {
    const text = this.#text;
    let from = at;
    for (let place = 0; place < MAX_PLACES && this.#budget > 0; place += 1) {
      const found = text.indexOf(edge.literal, from);
      this.#budget -= Math.ceil(((found < 0 ? text.length : found) - from) / STRETCH);
      if (found < 0 || !this.#allowed(edge, at, found)) return found < 0 && this.#cut !== null ? this.#endsWithin(edge.literal, at) : null;
      const skipped = edge.captured ? 0 : found - at;
      this.#skipped += skipped;
      const leaf = this.#walk(edge.node, found + edge.literal.length, this.#keepUntil(edge, captures, at, found));
      this.#skipped -= skipped;
      if (leaf !== null) return leaf;
      from = found + 1;
    }
    return null;
  }

  #tryFinal(edge: UntilEdge, at: number, captures: number): Leaf | null {
    const end = this.#text.length - edge.literal.length;
    if (end < at || !this.#text.endsWith(edge.literal) || !this.#allowed(edge, at, end)) return null;
    return this.#walk(edge.node, this.#text.length, this.#keepUntil(edge, captures, at, end));
  }

  #allowed(edge: UntilEdge, at: number, end: number): boolean {
    if (!edge.blankless) return true;
    const blank = this.#text.indexOf(BLANK, at);
    return end > at && (blank < 0 || blank >= end);
  }

  #keepUntil(edge: UntilEdge, captures: number, at: number, end: number): number {
    return edge.captured ? this.#keep(captures, at, end) : captures;
  }

  #keep(captures: number, at: number, end: number): number {
    this.#starts[captures] = at;
    this.#ends[captures] = end;
    return captures + 1;
  }
}

function numberIn(text: string): number | null {
  const number = Number(text);
  return Number.isNaN(number) ? null : number;
}

/** A skip at the end of a template may stand for nothing. */
function skipLeaf(node: Node): Leaf | null {
  for (const edge of node.edges) if (edge.kind === 'tail' && !edge.captured) return edge.node.leaf;
  return null;
}
