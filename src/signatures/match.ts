import { StringPool } from '../model/string-pool.js';
import { numberAt } from './captures.js';
import { CLOSING, isWithinWord, onlyMeaning, OPENING } from './cuts.js';
import type { Cut } from './cuts.js';
import { scanMasked } from './masks.js';
import type { Masks } from './masks.js';
import { literalAt, skipLeaf } from './trie.js';
import type { Edge, Leaf, Node, ScanEdge, UntilEdge } from './trie.js';
import { MANY, Trigrams } from './trigrams.js';

/** Maximum captures per template. */
const MAX_CAPTURES = 32;
/** Occurrences tried of the literal that ends a text capture, since identities and names may contain quotes. */
const MAX_PLACES = 4;
/**
 * Work limit per message, because its content may be hostile: nodes visited, and stretches of {@link STRETCH}
 * characters searched.
 */
const BUDGET = 20_000;
const STRETCH = 64;
const BLANK = ' ';
/** Characters of a literal that must be present if the text is cut inside it. */
const MIN_CUT = 8;
/** Characters outside captures required to accept a text that is cut inside a value or masked in an unknown way. */
const MIN_WORDING = 12;
/** The same for a value to be an alternative to a literal of which at least {@link MIN_WORDING} characters are there. */
const MIN_DOUBT = 4;
/** Fields whose truncated values are still useful. */
const USEFUL_IN_PART: ReadonlySet<string> = new Set(['message.payloads']);
/** A shorter beginning of the following literal may be a coincidence. */
const MIN_BEGUN = 4;

/**
 * Finds the template that matches a whole message. A walker handles one message at a time and keeps its captures; it
 * allocates nothing per message.
 */
export class Walker {
  /** How far any template matched the last message. */
  furthest = 0;
  private readonly starts = new Int32Array(MAX_CAPTURES);
  private readonly ends = new Int32Array(MAX_CAPTURES);
  private readonly captured = new StringPool();
  private readonly trigrams = new Trigrams();
  private text = '';
  private budget = 0;
  private cut: Cut | null = null;
  /** Characters skipped without being captured, up to the current position. */
  private skipped = 0;
  private masks: Masks | null = null;
  /** Characters outside captures required at present. */
  private required = MIN_WORDING;

  /** `text` must not have blanks at its ends. */
  find(root: Node, text: string): Leaf | null {
    this.text = text;
    this.budget = BUDGET;
    this.skipped = 0;
    this.furthest = 0;
    return this.walk(root, 0, 0);
  }

  /**
   * Like `find`, for a text whose end was cut off. Null unless all templates that could continue it mean the same kind
   * of event.
   */
  findCut(root: Node, text: string, cut: Cut): Leaf | null {
    this.cut = cut;
    const leaf = this.find(root, text);
    this.cut = null;
    return leaf;
  }

  /** Like `find`, for a text in which addresses and numbers were replaced by substitutes. */
  findMasked(root: Node, text: string): Leaf | null {
    return this.findWith('usual', root, text) ?? this.findWith('any', root, text);
  }

  private findWith(masks: Masks, root: Node, text: string): Leaf | null {
    this.masks = masks;
    const leaf = this.find(root, text);
    this.masks = null;
    return leaf;
  }

  /** One capture of the last template found; empty if the capture was empty. */
  capture(index: number): string {
    return this.captured.take(this.text, this.starts[index] as number, this.ends[index] as number);
  }

  /** The same as a number; null if the capture was empty or masked. */
  number(index: number): number | null {
    return numberAt(this.text, this.starts[index] as number, this.ends[index] as number);
  }

  private walk(from: Node, start: number, captures: number): Leaf | null {
    let node = from;
    let at = start;
    for (;;) {
      if (--this.budget < 0) return null;
      if (at > this.furthest) this.furthest = at;
      if (at === this.text.length) return this.cut === null ? this.endOfWhole(node, captures) : this.endOfCut(node, at, captures);
      const literal = literalAt(node.literals, this.text.charCodeAt(at));
      if (literal !== undefined && this.holds(literal.text, at)) {
        if (node.edges.length === 0) {
          at += literal.text.length;
          node = literal.node;
          continue;
        }
        const leaf = this.walk(literal.node, at + literal.text.length, captures);
        if (leaf !== null) return this.cut === null || this.cut === 'unmarked' ? leaf : this.unlessAnother(leaf, node.edges, at, captures, literal.text.length);
      } else if (this.cut !== null && literal !== undefined && literal.text.startsWith(this.text.slice(at))) {
        const leaf = this.withinLiteral(literal.text, literal.node, at, captures);
        return leaf === null || this.cut === 'unmarked' ? leaf : this.unlessAnother(leaf, node.edges, at, captures, this.text.length - at);
      }
      return node.edges.length === 0 ? null : this.tryEdges(node.edges, at, captures);
    }
  }

  private endOfWhole(node: Node, captures: number): Leaf | null {
    return this.masks === 'any' && !this.saysEnough(this.text.length, captures) ? null : node.leaf ?? skipLeaf(node);
  }

  /**
   * The leaf, or null if the cut text also matches a template of another event kind, with a value instead of the literal
   * of which `there` characters are in the text.
   */
  private unlessAnother(leaf: Leaf, edges: readonly Edge[], at: number, captures: number, there: number): Leaf | null {
    if (edges.length === 0) return leaf;
    const [starts, ends, required] = [this.starts.slice(), this.ends.slice(), this.required];
    if (there >= MIN_WORDING) this.required = MIN_DOUBT;
    const other = this.tryEdges(edges, at, captures);
    this.required = required;
    this.starts.set(starts);
    this.ends.set(ends);
    if (other === null ? this.budget > 0 : other.signature.event === leaf.signature.event) return leaf;
    this.budget = 0;
    return null;
  }

  /** The text before a cut mark is a whole message, unless other templates continue from here. */
  private endOfCut(node: Node, at: number, captures: number): Leaf | null {
    const leaf = node.leaf ?? skipLeaf(node);
    if (leaf !== null && onlyMeaning([node]) !== null) return leaf;
    // So little of a template that it casts no doubt on another
    if (leaf === null && !this.saysEnough(at, captures)) return null;
    if (leaf === null && (this.cut === 'pager' || this.isUnclosed(node))) return this.begun([node], captures);
    this.budget = 0;
    return null;
  }

  /**
   * The literal after a captured text may have begun: then this is not the end of another message, and the search
   * stops.
   */
  private endsWithin(literal: string, at: number): null {
    if (this.cut === 'pager') return null;
    for (let length = Math.min(literal.length - 1, this.text.length - at); length >= MIN_BEGUN; length -= 1) {
      if (this.text.endsWith(literal.slice(0, length))) this.budget = 0;
    }
    return null;
  }

  private withinLiteral(literal: string, node: Node, at: number, captures: number): Leaf | null {
    const length = this.text.length - at;
    const isPager = this.cut === 'pager';
    if (!this.saysEnough(this.text.length, captures) && (isPager || length < MIN_CUT)) return null;
    if (isPager || isWithinWord(literal, length)) return this.begun([node], captures);
    this.budget = 0;
    return null;
  }

  private holds(literal: string, at: number): boolean {
    const text = this.text;
    const length = literal.length;
    for (let index = 1; index < length; index += 1) {
      if (text.charCodeAt(at + index) !== literal.charCodeAt(index)) {
        if (at + index > this.furthest) this.furthest = at + index;
        return false;
      }
    }
    return true;
  }

  private tryEdges(edges: readonly Edge[], at: number, captures: number): Leaf | null {
    const leaf = this.tryEach(edges, at, captures);
    return leaf !== null || this.cut === null || this.cut === 'unmarked' ? leaf : this.withinValue(edges, at, captures);
  }

  private tryEach(edges: readonly Edge[], at: number, captures: number): Leaf | null {
    const trigrams = edges.length < MANY || this.cut !== null ? null : this.trigrams.of(this.text);
    for (let index = 0; index < edges.length; index += 1) {
      const edge = edges[index] as Edge;
      if (trigrams !== null && edge.kind === 'until' && !trigrams.mayHold(edge)) continue;
      const leaf = this.tryEdge(edge, at, captures);
      if (leaf !== null) return leaf;
    }
    return null;
  }

  private tryEdge(edge: Edge, at: number, captures: number): Leaf | null {
    if (edge.kind === 'scan') {
      const end = edge.scan(this.text, at);
      const leaf = end < 0 ? null : this.walk(edge.node, end, this.keep(captures, at, end));
      return leaf !== null || this.masks === null ? leaf : this.tryMasks(this.masks, edge, at, captures);
    }
    if (edge.kind === 'tail') {
      const end = this.text.length;
      return this.walk(edge.node, end, edge.captured ? this.keep(captures, at, end) : captures);
    }
    return edge.final ? this.tryFinal(edge, at, captures) : this.tryPlaces(edge, at, captures);
  }

  /** Tries what may stand for the value, from the usual on. */
  private tryMasks(masks: Masks, { scan, node }: ScanEdge, at: number, captures: number): Leaf | null {
    const usual = scanMasked(scan, this.text, at);
    const leaf = usual < 0 ? null : this.walk(node, usual, this.keep(captures, at, usual));
    const any = leaf !== null || masks === 'usual' ? -1 : scanMasked(scan, this.text, at, 'any');
    return any < 0 || any === usual ? leaf : this.walk(node, any, this.keep(captures, at, any));
  }

  /** The text was cut inside a value. */
  private withinValue(edges: readonly Edge[], at: number, captures: number): Leaf | null {
    if (this.budget <= 0 || !this.saysEnough(at, captures) || (this.cut === 'ellipsis' && !this.isDelimited(edges, at))) return null;
    const broken = edges.filter((edge) => this.mayBreakOff(edge, at));
    const leaf = this.begun(broken.map(({ node }) => node), captures);
    if (leaf !== null && broken.length === 1 && USEFUL_IN_PART.has(leaf.fields[captures] ?? '')) this.keep(captures, at, this.text.length);
    return leaf;
  }

  /** With an ellipsis: something quoted or bracketed was left open, so it was not the end of a sentence. */
  private isUnclosed({ literals }: Node): boolean {
    return this.cut === 'ellipsis' && (OPENING.test(this.text) || literals.edges.some((edge) => edge !== undefined && CLOSING.test(edge.text)));
  }

  /** With an ellipsis: cut inside an address or number, or after an open quote or bracket, where no sentence ends. */
  private isDelimited(edges: readonly Edge[], at: number): boolean {
    const value = this.text.slice(at);
    return OPENING.test(this.text.slice(0, at)) || (/^[\d.:]+$/.test(value) && edges.every(({ kind }) => kind === 'scan'));
  }

  /** Nothing after the value has begun yet. */
  private mayBreakOff(edge: Edge, at: number): boolean {
    const isOneWord = !this.text.includes(BLANK, at);
    return edge.kind === 'until' ? this.text.indexOf(edge.literal, at) < 0 && (isOneWord || !edge.blankless) : edge.kind === 'tail' || isOneWord;
  }

  /**
   * A template that continues at these nodes, if all of them have the same meaning; its remaining captures are empty.
   */
  private begun(nodes: readonly Node[], captures: number): Leaf | null {
    this.starts.fill(0, captures);
    this.ends.fill(0, captures);
    return onlyMeaning(nodes);
  }

  private saysEnough(at: number, captures: number): boolean {
    let wording = at - this.skipped;
    for (let index = 0; index < captures; index += 1) wording -= (this.ends[index] as number) - (this.starts[index] as number);
    return wording >= this.required;
  }

  private tryPlaces(edge: UntilEdge, at: number, captures: number): Leaf | null {
    const text = this.text;
    let from = at;
    for (let place = 0; place < MAX_PLACES && this.budget > 0; place += 1) {
      const found = text.indexOf(edge.literal, from);
      this.budget -= Math.ceil(((found < 0 ? text.length : found) - from) / STRETCH);
      if (found < 0 || !this.allowed(edge, at, found)) return found < 0 && this.cut !== null ? this.endsWithin(edge.literal, at) : null;
      const skipped = edge.captured ? 0 : found - at;
      this.skipped += skipped;
      const leaf = this.walk(edge.node, found + edge.literal.length, this.keepUntil(edge, captures, at, found));
      this.skipped -= skipped;
      if (leaf !== null) return leaf;
      from = found + 1;
    }
    return null;
  }

  private tryFinal(edge: UntilEdge, at: number, captures: number): Leaf | null {
    const end = this.text.length - edge.literal.length;
    if (end < at || !this.text.endsWith(edge.literal) || !this.allowed(edge, at, end)) return null;
    return this.walk(edge.node, this.text.length, this.keepUntil(edge, captures, at, end));
  }

  private allowed(edge: UntilEdge, at: number, end: number): boolean {
    if (!edge.blankless) return true;
    const blank = this.text.indexOf(BLANK, at);
    return end > at && (blank < 0 || blank >= end);
  }

  private keepUntil(edge: UntilEdge, captures: number, at: number, end: number): number {
    return edge.captured ? this.keep(captures, at, end) : captures;
  }

  private keep(captures: number, at: number, end: number): number {
    this.starts[captures] = at;
    this.ends[captures] = end;
    return captures + 1;
  }
}
