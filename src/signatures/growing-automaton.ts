import { beginningOf, literalLength, LONGER } from '../model/signature-index.js';
import type { SignatureIndex } from '../model/signature-index.js';
import type { Signature } from '../model/signature.js';
import { expandOptionals, parseTemplate } from './template.js';
import { capturedFields, emptyNode, insert } from './trie.js';
import type { Node } from './trie.js';

/**
 * Number of texts after which all templates of a group are compiled: for a common beginning, repeated checks cost more
 * than compiling.
 */
const MANY = 64;

interface Waiting {
  readonly signature: Signature;
  readonly template: string;
}

/**
 * Templates with a common beginning. When the first text with it arrives, short ones are compiled; those with a longer
 * beginning wait for a text that has it.
 */
interface Group {
  /** The beginnings whose signatures have not been asked for; more than one only if their keys collide. */
  unread: string[];
  readonly longer: Map<string, Waiting[]>;
  texts: number;
}

/**
 * A daemon's automaton over templates known to be valid, which are not checked again. Templates are read and compiled
 * when a text with their beginning first arrives.
 */
export class GrowingAutomaton {
  private readonly root = emptyNode();
  /** By {@link keyOf} their beginnings. */
  private readonly groups = new Map<number, Group>();

  constructor(private readonly index: SignatureIndex) {
    this.templatesOf('').forEach((waiting) => this.add(waiting));
    for (const beginning of index.beginnings) {
      if (beginning === '') continue;
      const group = this.groups.get(keyOf(beginning));
      if (group === undefined) this.groups.set(keyOf(beginning), { unread: [beginning], longer: new Map(), texts: 0 });
      else group.unread.push(beginning);
    }
  }

  /** The root, below which all templates that could match the text are compiled. */
  rootFor(text: string): Node {
    const key = keyOf(text);
    const group = this.groups.get(key);
    if (group !== undefined) this.grow(group, text.slice(0, LONGER));
    if (group?.longer.size === 0) this.groups.delete(key);
    return this.root;
  }

  private grow(group: Group, longer: string): void {
    for (const waiting of group.unread.flatMap((beginning) => this.templatesOf(beginning))) {
      if (literalLength(waiting.template) < LONGER) this.add(waiting);
      else queueAt(group.longer, waiting.template.slice(0, LONGER)).push(waiting);
    }
    group.unread = [];
    group.texts += 1;
    for (const key of group.texts < MANY ? [longer] : [...group.longer.keys()]) {
      group.longer.get(key)?.forEach((waiting) => this.add(waiting));
      group.longer.delete(key);
    }
  }

  private templatesOf(beginning: string): readonly Waiting[] {
    const begins = (template: string): boolean => template.startsWith(beginning) && beginningOf(template) === beginning;
    return this.index.signaturesWith(beginning).flatMap((signature) => signature.templates.filter(begins).map((template) => ({ signature, template })));
  }

  private add({ signature, template }: Waiting): void {
    const segments = parseTemplate(template);
    if ('check' in segments) return;
    for (const steps of expandOptionals(segments)) insert(this.root, steps).leaf ??= { signature, template, fields: capturedFields(steps) };
  }
}

/** The characters of a beginning packed into a number; collisions only cause more templates to be compiled. */
function keyOf(text: string): number {
  return (text.charCodeAt(0) & 0x3ff) | ((text.charCodeAt(1) & 0x3ff) << 10) | ((text.charCodeAt(2) & 0x3ff) << 20);
}

function queueAt(queues: Map<string, Waiting[]>, key: string): Waiting[] {
  let queue = queues.get(key);
  if (queue === undefined) queues.set(key, (queue = []));
  return queue;
}
