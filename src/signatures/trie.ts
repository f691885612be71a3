import type { FieldName } from '../model/fields.js';
import type { Signature } from '../model/signature.js';
import { SCANNERS } from './captures.js';
import type { Scanner } from './captures.js';
import type { Step } from './template.js';

/** The end of a template: what the message means, and the fields of its captures in their order. */
export interface Leaf {
  readonly signature: Signature;
  readonly template: string;
  readonly fields: readonly FieldName[];
}

/** A place in the automaton of one daemon: which literal texts and which captures may follow. */
export interface Node {
  literals: LiteralTable;
  /** Captures and skips, in the order in which they are tried. */
  edges: Edge[];
  /** The template that is complete here. */
  leaf: Leaf | null;
}

/** The literals that may follow, none of which begin alike, by the code of their first character. */
export interface LiteralTable {
  first: number;
  edges: (LiteralEdge | undefined)[];
}

export interface LiteralEdge {
  text: string;
  node: Node;
}

export type Edge = ScanEdge | UntilEdge | TailEdge;

/** A capture whose end follows from its own characters. */
export interface ScanEdge {
  readonly kind: 'scan';
  readonly order: number;
  readonly scan: Scanner;
  readonly node: Node;
}

/** A capture or skip up to the literal that follows it. */
export interface UntilEdge {
  readonly kind: 'until';
  readonly order: number;
  readonly literal: string;
  /** The literal ends the template, so it has to end the message. */
  readonly final: boolean;
  /** Tokens hold no blank. */
  readonly blankless: boolean;
  readonly captured: boolean;
  readonly node: Node;
}

/** A capture or skip up to the end. */
export interface TailEdge {
  readonly kind: 'tail';
  readonly order: number;
  readonly captured: boolean;
  readonly node: Node;
}

/** Alternatives at one place are tried in this order, behind the literals: the more a capture demands, the earlier. */
const ORDER = { ip: 0, port: 1, int: 1, number: 2, hex: 3, token: 4, text: 5, rest: 6, skip: 7 } as const;

export function emptyNode(): Node {
  return { literals: { first: 0, edges: [] }, edges: [], leaf: null };
}

/**
 * Adds one reading of a template (src/signatures/template.ts, `expandOptionals`) below `root`.
 *
 * @returns the node at its end. Its leaf, where it has one, is a template with the same path.
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

/** Keeps the table as narrow as the characters in use: `edges[code - first]`. */
function addLiteral(table: LiteralTable, code: number, edge: LiteralEdge): void {
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

/** `last` says that `next` is the last step of the template. */
function edgeFor(step: Exclude<Step, { kind: 'literal' }>, next: Step | undefined, last: boolean): Edge {
  const type = step.kind === 'skip' ? 'skip' : step.type;
  const order = ORDER[type];
  const node = emptyNode();
  const captured = type !== 'skip';
  const scan = scannerFor(type, next);
  if (scan) return { kind: 'scan', order, scan, node };
  if (next?.kind !== 'literal') return { kind: 'tail', order: captured ? ORDER.rest : ORDER.skip, captured, node };
  return { kind: 'until', order, literal: next.text, final: last, blankless: type === 'token', captured, node };
}

/** A token in front of a blank or the end scans by itself; in front of other text it goes up to that text. */
function scannerFor(type: keyof typeof ORDER, next: Step | undefined): Scanner | null {
  if (type === 'token' && next?.kind === 'literal' && !next.text.startsWith(' ')) return null;
  return type === 'text' || type === 'rest' || type === 'skip' ? null : SCANNERS[type];
}

/** The edge of the node that is the same as this one, which becomes a new one where there is none. */
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
 * Longer literals come before shorter ones, and those that end a template behind those of their length that don't; the order of files
 * never counts. Zero for edges that lead to the same place.
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
