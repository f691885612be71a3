import type { FieldName } from '../model/fields.js';
import type { Signature } from '../model/signature.js';
import { addLiteral, emptyNode, ORDER, SCANNER_IN_ORDER } from './trie.js';
import type { Edge, Leaf, LiteralEdge, Node, ScanEdge, TailEdge, UntilEdge } from './trie.js';

/** Where a node is: the offset of its line, or the node itself if it is written in the line of the node before. */
type Place = number | WrittenNode;
/** `leaf`: the offset of its line, or -1. */
type WrittenNode = readonly [leaf: number, literals: readonly WrittenLiteral[], edges: readonly WrittenEdge[]];
/** `signature`: the offset of its line. */
type WrittenLeaf = readonly [signature: number, template: string, ...fields: FieldName[]];
type WrittenLiteral = readonly [text: string, node: Place];
type WrittenEdge = readonly [order: number, node: Place, literal?: string, final?: boolean];

/** Longest node that is written in the line of the node before, because reading many short lines takes longer. */
const SHORT = 200;

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
    const line = inAscii(written);
    return line.length <= SHORT ? written : write(line);
  };
  const writeLeaf = ({ signature, template, fields }: Leaf): number => {
    const leaf: WrittenLeaf = [write(inAscii({ ...signature, templates: [], examples: [] })), template, ...fields];
    return write(inAscii(leaf));
  };
  const writeNode = ({ leaf, literals, edges }: Node): WrittenNode => [
    leaf === null ? -1 : writeLeaf(leaf),
    literals.edges.flatMap((edge) => (edge === undefined ? [] : [[edge.text, placeOf(edge.node)] as const])),
    edges.map((edge) => (edge.kind === 'until' ? [edge.order, placeOf(edge.node), edge.literal, edge.final] as const : [edge.order, placeOf(edge.node)] as const)),
  ];
  const last = inAscii(writeNode(root));
  return text + last;
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

  private open([leaf, literals, edges]: WrittenNode): Node {
    const node = emptyNode();
    for (const [text, place] of literals) addLiteral(node.literals, text.charCodeAt(0), new UnreadLiteral(this, place, text));
    for (const edge of edges) node.edges.push(this.edge(edge));
    if (leaf >= 0) node.leaf = this.leaf(leaf);
    return node;
  }

  private edge([order, place, literal, final = false]: WrittenEdge): Edge {
    if (literal !== undefined) return new UnreadUntil(this, place, order, literal, final);
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
  readonly blankless: boolean;
  readonly captured: boolean;

  constructor(automaton: WrittenAutomaton, place: Place, readonly order: number, readonly literal: string, readonly final: boolean) {
    super(automaton, place);
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

/** ASCII is faster to read; characters beyond it occur only in strings. */
function inAscii(value: unknown): string {
  return JSON.stringify(value).replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
