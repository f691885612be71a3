import { inAscii } from '../model/ascii.js';
import type { FieldName } from '../model/fields.js';
import type { Signature } from '../model/signature.js';
import { addLiteral, emptyNode, ORDER, SCANNER_IN_ORDER } from './trie.js';
import type { Edge, Leaf, LiteralEdge, Node, ScanEdge, TailEdge, UntilEdge } from './trie.js';
import { trigramOf } from './trigrams.js';

/** Where a node is: the offset of its line, or the node itself if it is written in the line of the node before. */
type Place = number | WrittenNode;
/** `leaf`: the offset of its line, or -1. */
type WrittenNode = readonly [leaf: number, literals: readonly WrittenLiteral[], edges: readonly WrittenEdge[]];
/** `signature`: the offset of its line. */
type WrittenLeaf = readonly [signature: number, template: string, ...fields: FieldName[]];
type WrittenLiteral = readonly [text: string, node: Place];
type WrittenEdge = readonly [order: number, node: Place, literal?: string, final?: boolean];

/** Longest node that is written in the line of the node before, because reading many short lines takes longer. */
const SHORT = 80;

/**
 * Writes an automaton, and the signatures of its templates, as lines of JSON in ASCII; the last line is the root. What
 * may follow after several texts (with and without an optional one) is written once.
 */
export function writeAutomaton(root: Node): string {
  const lines = new Map<string, number>();
  let text = '';
  const write = (line: string): number => {
    const known = lines.get(line);
    if (known !== undefined) return known;
    const offset = text.length;
    lines.set(line, offset);
    text += `${line}\n`;
    return offset;
  };
  const placeOf = (node: Node): Place => {
    const written = writeNode(node);
    const line = asLine(written);
    return line.length <= SHORT ? written : write(line);
  };
  const writeLeaf = ({ signature, template, fields }: Leaf): number => {
    const leaf: WrittenLeaf = [write(asLine({ ...signature, templates: [], examples: [] })), template, ...fields];
    return write(asLine(leaf));
  };
  const writeNode = ({ leaf, literals, edges }: Node): WrittenNode => [
    leaf === null ? -1 : writeLeaf(leaf),
    literals.edges.flatMap((edge) => (edge === undefined ? [] : [[edge.text, placeOf(edge.node)] as const])),
    edges.map((edge) => (edge.kind === 'until' ? [edge.order, placeOf(edge.node), edge.literal, edge.final] as const : [edge.order, placeOf(edge.node)] as const)),
  ];
  const last = asLine(writeNode(root));
  return text + last;
}

function asLine(value: unknown): string {
  return inAscii(JSON.stringify(value));
}

/** The root of an automaton that {@link writeAutomaton} wrote. Each further node is read when a text first leads there. */
export function readAutomaton(text: string): Node {
  return new WrittenAutomaton(text).root();
}

class WrittenAutomaton {
  private readonly nodes = new Map<number, Node>();
  private readonly signatures = new Map<number, Signature>();

  constructor(private readonly text: string) {}

  root(): Node {
    return this.open(this.line(this.text.lastIndexOf('\n') + 1) as WrittenNode);
  }

  /** The same object for the same line. */
  node(place: Place): Node {
    if (typeof place !== 'number') return this.open(place);
    let node = this.nodes.get(place);
    if (node === undefined) this.nodes.set(place, (node = this.open(this.line(place) as WrittenNode)));
    return node;
  }

  /** By index, for iterators take as much time here as all the rest. */
  private open(written: WrittenNode): Node {
    const node = emptyNode();
    const leaf = written[0];
    const literals = written[1];
    const edges = written[2];
    for (let index = 0; index < literals.length; index += 1) {
      const literal = literals[index] as WrittenLiteral;
      addLiteral(node.literals, literal[0].charCodeAt(0), new UnreadLiteral(this, literal[1], literal[0]));
    }
    for (let index = 0; index < edges.length; index += 1) node.edges.push(this.edge(edges[index] as WrittenEdge));
    if (leaf >= 0) node.leaf = this.leaf(leaf);
    return node;
  }

  private edge(edge: WrittenEdge): Edge {
    const order = edge[0];
    const place = edge[1];
    const literal = edge[2];
    if (literal !== undefined) return new UnreadUntil(this, place, order, literal, edge[3] === true);
    const scan = SCANNER_IN_ORDER[order] ?? null;
    return scan === null ? new UnreadTail(this, place, order) : new UnreadScan(this, place, order, scan);
  }

  private leaf(line: number): Leaf {
    const [place, template, ...fields] = this.line(line) as WrittenLeaf;
    let signature = this.signatures.get(place);
    if (signature === undefined) this.signatures.set(place, (signature = this.line(place) as Signature));
    return { signature, template, fields };
  }

  private line(place: number): unknown {
    const end = this.text.indexOf('\n', place);
    return JSON.parse(this.text.slice(place, end < 0 ? undefined : end));
  }
}

/** Leads to a node that is read when it is first asked for. */
class Unread {
  private read: Node | null = null;

  constructor(private readonly automaton: WrittenAutomaton, private readonly place: Place) {}

  get node(): Node {
    return (this.read ??= this.automaton.node(this.place));
  }
}

class UnreadLiteral extends Unread implements LiteralEdge {
  constructor(automaton: WrittenAutomaton, place: Place, readonly text: string) {
    super(automaton, place);
  }
}

class UnreadScan extends Unread implements ScanEdge {
  readonly kind = 'scan';

  constructor(automaton: WrittenAutomaton, place: Place, readonly order: number, readonly scan: ScanEdge['scan']) {
    super(automaton, place);
  }
}

class UnreadUntil extends Unread implements UntilEdge {
  readonly kind = 'until';
  readonly trigram: number;
  readonly blankless: boolean;
  readonly captured: boolean;

  constructor(automaton: WrittenAutomaton, place: Place, readonly order: number, readonly literal: string, readonly final: boolean) {
    super(automaton, place);
    this.trigram = trigramOf(literal);
    this.blankless = order === ORDER.token;
    this.captured = order !== ORDER.skip;
  }
}

class UnreadTail extends Unread implements TailEdge {
  readonly kind = 'tail';
  readonly captured: boolean;

  constructor(automaton: WrittenAutomaton, place: Place, readonly order: number) {
    super(automaton, place);
    this.captured = order !== ORDER.skip;
  }
}
