import type { FieldName } from '../model/fields.js';
import type { Signature } from '../model/signature.js';
import { SCANNERS } from './captures.js';
import type { Scanner } from './captures.js';
import type { Step } from './template.js';
import { trigramOf } from './trigrams.js';

/** The end of a template: its meaning, and the fields of its captures in order. */
export interface Leaf {
  readonly signature: Signature;
  readonly template: string;
  readonly fields: readonly FieldName[];
}

/** A state of a daemon's automaton: the literals and captures that may follow. */
export interface Node {
  literals: LiteralTable;
  /** Captures and skips, in the order they are tried. */
  edges: Edge[];
  /** The template that ends here. */
  leaf: Leaf | null;
}

/** The possible next literals, indexed by their first character, which is unique among them. */
export interface LiteralTable {
  first: number;
  edges: (LiteralEdge | undefined)[];
}

export interface LiteralEdge {
  text: string;
  node: Node;
}

export type Edge = ScanEdge | UntilEdge | TailEdge;

/** A capture whose end is determined by its own characters. */
export interface ScanEdge {
  readonly kind: 'scan';
  readonly order: number;
  readonly scan: Scanner;
  readonly node: Node;
}

/** A capture or skip that extends to the next literal. */
export interface UntilEdge {
  readonly kind: 'until';
  readonly order: number;
  readonly literal: string;
  /** See src/signatures/trigrams.ts. */
  readonly trigram: number;
  /** The literal ends the template, so it must end the message. */
  readonly final: boolean;
  /** The capture must not contain blanks (tokens). */
  readonly blankless: boolean;
  readonly captured: boolean;
  readonly node: Node;
}

/** A capture or skip that extends to the end. */
export interface TailEdge {
  readonly kind: 'tail';
  readonly order: number;
  readonly captured: boolean;
  readonly node: Node;
}

/** Order in which alternatives are tried, after literals: the more specific a capture, the earlier. */
export const ORDER = { ip: 0, port: 1, int: 1, number: 2, hex: 3, token: 4, text: 5, rest: 6, skip: 7 } as const;

/** By {@link ORDER}, the scanner of an edge; null where its end depends on what follows. */
export const SCANNER_IN_ORDER: readonly (Scanner | null)[] = scannersInOrder();

function scannersInOrder(): (Scanner | null)[] {
  const scanners: (Scanner | null)[] = [];
  for (const [type, order] of Object.entries(ORDER)) scanners[order] = type in SCANNERS ? SCANNERS[type as keyof typeof SCANNERS] : null;
  return scanners;
}

export function emptyNode(): Node {
  return { literals: { first: 0, edges: [] }, edges: [], leaf: null };
}

/**
 * Adds one reading of a template (src/signatures/template.ts, `expandOptionals`) below `root`.
 *
 * @returns its final node. If that already has a leaf, another template has the same path.
 */
export function insert(root: Node, steps: readonly Step[]): Node {
  let node = root;
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index] as Step;
    const next = steps[index + 1];
    if (step.kind === 'literal') {
      node = insertLiteral(node, step.text);
      continue;
    }
    const edge = insertEdge(node, edgeFor(step, next, index + 2 >= steps.length));
    if (edge.kind === 'until') index += 1;
    node = edge.node;
  }
  return node;
}

/** The literal whose first character has this code, if there is one. */
export function literalAt(table: LiteralTable, code: number): LiteralEdge | undefined {
  const index = code - table.first;
  return index >= 0 && index < table.edges.length ? table.edges[index] : undefined;
}

function insertLiteral(node: Node, text: string): Node {
  const code = text.charCodeAt(0);
  const edge = literalAt(node.literals, code);
  if (!edge) {
    const leafward = emptyNode();
    addLiteral(node.literals, code, { text, node: leafward });
    return leafward;
  }
  const shared = sharedLength(edge.text, text);
  if (shared < edge.text.length) splitEdge(edge, shared);
  return shared === text.length ? edge.node : insertLiteral(edge.node, text.slice(shared));
}

function splitEdge(edge: LiteralEdge, at: number): void {
  const middle = emptyNode();
  addLiteral(middle.literals, edge.text.charCodeAt(at), { text: edge.text.slice(at), node: edge.node });
  edge.text = edge.text.slice(0, at);
  edge.node = middle;
}

/** The table covers only the range of characters in use: `edges[code - first]`. */
export function addLiteral(table: LiteralTable, code: number, edge: LiteralEdge): void {
  if (table.edges.length === 0) table.first = code;
  if (code < table.first) {
    table.edges = [...new Array<undefined>(table.first - code), ...table.edges];
    table.first = code;
  }
  while (table.edges.length < code - table.first) table.edges.push(undefined);
  table.edges[code - table.first] = edge;
}

function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one.charCodeAt(length) === other.charCodeAt(length)) length += 1;
  return length;
}

/** `last`: `next` is the last step of the template. */
function edgeFor(step: Exclude<Step, { kind: 'literal' }>, next: Step | undefined, last: boolean): Edge {
  const type = step.kind === 'skip' ? 'skip' : step.type;
  const order = ORDER[type];
  const node = emptyNode();
  const captured = type !== 'skip';
  const scan = scannerFor(type, next);
  if (scan) return { kind: 'scan', order, scan, node };
  if (next?.kind !== 'literal') return { kind: 'tail', order: captured ? ORDER.rest : ORDER.skip, captured, node };
  return { kind: 'until', order, literal: next.text, trigram: trigramOf(next.text), final: last, blankless: type === 'token', captured, node };
}

/** A token before a blank or the end is scanned by itself; before other text it extends to that text. */
function scannerFor(type: keyof typeof ORDER, next: Step | undefined): Scanner | null {
  if (type === 'token' && next?.kind === 'literal' && !next.text.startsWith(' ')) return null;
  return type === 'text' || type === 'rest' || type === 'skip' ? null : SCANNERS[type];
}

/** Returns the node's equivalent edge, or inserts this one. */
function insertEdge(node: Node, edge: Edge): Edge {
  for (let index = 0; index < node.edges.length; index += 1) {
    const other = node.edges[index] as Edge;
    const difference = compareEdges(edge, other);
    if (difference === 0) return other;
    if (difference < 0) {
      node.edges.splice(index, 0, edge);
      return edge;
    }
  }
  node.edges.push(edge);
  return edge;
}

/**
 * Longer literals come first; among equal lengths, those that end a template come last. The order of files never
 * matters. Zero for equivalent edges.
 */
function compareEdges(one: Edge, other: Edge): number {
  if (one.order !== other.order) return one.order - other.order;
  if (one.kind !== 'until' || other.kind !== 'until') return kindOrder(one) - kindOrder(other);
  if (one.literal.length !== other.literal.length) return other.literal.length - one.literal.length;
  if (one.final !== other.final) return Number(one.final) - Number(other.final);
  return one.literal === other.literal ? 0 : one.literal < other.literal ? -1 : 1;
}

function kindOrder({ kind }: Edge): number {
  return kind === 'until' ? 0 : kind === 'scan' ? 1 : 2;
}

/** A skip at the end of a template may match nothing. */
export function skipLeaf(node: Node): Leaf | null {
  for (const edge of node.edges) if (edge.kind === 'tail' && !edge.captured) return edge.node.leaf;
  return null;
}

/** The fields of the captures in one reading of a template, in order. */
export function capturedFields(steps: readonly Step[]): FieldName[] {
  return steps.flatMap((step) => (step.kind === 'capture' ? [step.field] : []));
}
