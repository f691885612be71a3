import { CUT_OFF, cutMarkOf } from '../model/cut-marks.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import type { Daemon } from '../model/daemons.js';
import type { Event } from '../model/event.js';
import { FIELDS } from '../model/fields.js';
import type { FieldName, Fields } from '../model/fields.js';
import type { Problem } from '../model/problem.js';
import type { Signature } from '../model/signature.js';
import { compile } from './compile.js';
import type { LocateString } from './compile.js';
import { nearestTemplates } from './explain.js';
import type { NearTemplate } from './explain.js';
import { Walker } from './match.js';
import { MeaningMemory } from './meaning-memory.js';
import { MessageEndFinder } from './message-ends.js';
import type { MessageEnds } from './message-ends.js';
import { readFields, readMeaning } from './read-event.js';
import type { Meaning } from './read-event.js';
import { squeezeBlanks } from './template.js';
import type { Leaf, Node } from './trie.js';

export type { LocateString, NearTemplate };

/** A shorter text may be a complete message of another daemon. */
const MIN_CUT = 24;

/** Prefix that Libreswan puts before errors of its crypto library, since release 4. */
const OF_LIBRARY = 'NSS: ';

/** A sentence that begins like one of a text. */
const CAPITAL = /^[A-Z][a-z]/;

/** Fields whose beginning says something, too. */
const LISTS: ReadonlySet<string> = new Set<FieldName>(['proposal.received', 'proposal.configured']);

/** Why a text was matched, or what came closest. */
export interface Explanation {
  readonly match: { readonly signature: Signature; readonly template: string; readonly fields: Fields } | null;
  /** Characters of the text up to which some template matches. */
  readonly matched: number;
  /** The templates that match furthest, best first; empty if one matches completely. */
  readonly nearest: readonly NearTemplate[];
}

/**
 * Compiles signatures to a matcher. Templates with a problem are skipped; the rest is usable.
 *
 * @param locate finds the line of a template in its file, for problems.
 */
export function compileSignatures(signatures: readonly Signature[], locate?: LocateString): { matcher: SignatureMatcher; problems: Problem[] } {
  const { automata, problems } = compile(signatures, locate);
  return { matcher: new SignatureMatcher((daemon) => automata.get(daemon), signatures), problems };
}

/** Determines the meaning of daemon messages. */
export class SignatureMatcher {
  private readonly rootOf: (daemon: Daemon) => Node | undefined;
  private readonly signatures: readonly Signature[];
  private readonly walker = new Walker();
  private readonly memories = new Map<Daemon, MeaningMemory>();

  /**
   * `rootOf`: the root of a daemon's automaton; undefined if there are no signatures for it.
   * `signatures`: those that {@link explain} compares a text with.
   */
  constructor(rootOf: (daemon: Daemon) => Node | undefined, signatures: readonly Signature[] = []) {
    this.rootOf = rootOf;
    this.signatures = signatures;
  }

  /** The event of a message, or null if no signature matches. Runs in time linear in the length of the message. */
  match(message: DaemonMessage): Event | null {
    const { daemon, text } = message;
    let memory = this.memories.get(daemon);
    if (memory === undefined) this.memories.set(daemon, (memory = new MeaningMemory()));
    let meaning = memory.recall(text);
    if (meaning === undefined) memory.keep(text, (meaning = this.read(daemon, text)));
    return meaning === null ? null : { kind: meaning.kind, fields: meaning.fields, signature: meaning.signature, message };
  }

  /**
   * The event of a message whose end was cut off by a terminal, pager or database column, if the rest has only one
   * meaning, or if it is marked as cut where a template ends in free text. Null for a complete message.
   */
  matchCut(message: DaemonMessage): Event | null {
    const mark = cutMarkOf(message.text);
    const said = mark === '' ? null : this.read(message.daemon, message.text);
    if (said !== null) return this.endsOpen(message) ? { ...asCut(said, 'meaning'), message } : null;
    const text = trimmed(message.text.slice(0, message.text.length - mark.length));
    const root = text.length < MIN_CUT ? undefined : this.rootOf(message.daemon);
    const leaf = root ? this.walker.findCut(root, text, mark === '' ? 'unmarked' : mark === '...' ? 'ellipsis' : 'pager') : null;
    return leaf === null ? null : { ...asCut(readMeaning(leaf, this.walker), 'values'), message };
  }

  /** The event of a message in which addresses, ports or SPIs were masked in an unusual way. */
  matchMasked(message: DaemonMessage): Event | null {
    const text = squeezeBlanks(trimmed(message.text));
    const root = this.rootOf(message.daemon);
    const leaf = root ? this.walker.findMasked(root, text) : null;
    return leaf === null ? null : { ...readMeaning(leaf, this.walker), message };
  }

  private read(daemon: Daemon, text: string): Meaning | null {
    const message = trimmed(text);
    const leaf = this.find(daemon, message) ?? (message === '' ? null : this.find(daemon, otherwiseEnded(message))) ?? this.findOtherwiseBegun(daemon, message);
    if (leaf === null && message.includes('  ')) return this.read(daemon, squeezeBlanks(message));
    return leaf === null ? null : readMeaning(leaf, this.walker);
  }

  /** A message with what the library or an editor did to its beginning: a prefix, or a capital letter. */
  private findOtherwiseBegun(daemon: Daemon, message: string): Leaf | null {
    if (message.startsWith(OF_LIBRARY)) return this.find(daemon, message.slice(OF_LIBRARY.length));
    return CAPITAL.test(message) ? this.find(daemon, message.charAt(0).toLowerCase() + message.slice(1)) : null;
  }

  private find(daemon: Daemon, message: string): Leaf | null {
    const root = this.rootOf(daemon);
    return root ? this.walker.find(root, message) : null;
  }

  /** Does the message end where its template has free text, so that more may follow? */
  endsOpen({ daemon, text }: DaemonMessage): boolean {
    const leaf = this.find(daemon, trimmed(text));
    return leaf !== null && isOpen(leaf.template);
  }

  /** For a text that joins messages of a daemon: where those that begin at one offset may end, up to another. */
  endsIn(daemon: Daemon, text: string): (from: number, limit: number) => MessageEnds {
    const finder = new MessageEndFinder(text);
    const root = this.rootOf(daemon);
    const find = (from: number, limit: number): MessageEnds =>
      root === undefined ? { at: new Set(), openFrom: Number.POSITIVE_INFINITY } : finder.find(root, from, limit);
    return (from, limit) => {
      const ends = find(from, limit);
      if (!text.startsWith(OF_LIBRARY, from)) return ends;
      const inner = find(from + OF_LIBRARY.length, limit);
      return { at: new Set([...ends.at, ...inner.at]), openFrom: Math.min(ends.openFrom, inner.openFrom) };
    };
  }

  /** Explains how a text is matched or what comes closest; slow if nothing matches. */
  explain(daemon: Daemon, text: string): Explanation {
    const message = trimmed(text);
    const root = this.rootOf(daemon);
    const leaf = root ? this.walker.find(root, message) : null;
    const matched = this.walker.furthest;
    if (leaf) {
      const { signature, template } = leaf;
      return { match: { signature, template, fields: readFields(leaf, this.walker) }, matched, nearest: [] };
    }
    const nearest = nearestTemplates(this.signatures.filter((signature) => signature.daemon === daemon), message);
    return { match: null, matched, nearest };
  }
}

/** Quoting a message in running text may remove the final full stop or add one. */
function otherwiseEnded(message: string): string {
  return message.endsWith('.') ? message.slice(0, -1) : `${message}.`;
}

/** Ends in a skip, or in a text without a closing literal: `... {_}`, `...: {error.text}`. */
function isOpen(template: string): boolean {
  const last = /\{([\w.]+)\}$/.exec(template)?.[1];
  if (last === undefined || last === '_') return last === '_';
  const { type } = FIELDS[last as FieldName];
  return type === 'text';
}

/** `missing`: what was cut off. Values that extend to the cut are dropped as incomplete, except for what a list has. */
function asCut(meaning: Meaning, missing: 'values' | 'meaning'): Meaning {
  const whole = Object.entries(meaning.fields).flatMap(([name, value]) => {
    if (cutMarkOf(String(value)) === '') return [[name, value] as const];
    const begun = LISTS.has(name) ? beginningOfList(String(value)) : null;
    return begun === null ? [] : [[name, begun] as const];
  });
  return { ...meaning, fields: { ...Object.fromEntries(whole), 'line.cut': missing } };
}

/** A list of proposals up to its last transform that is certainly complete, and a mark; null if there is none. */
function beginningOfList(list: string): string | null {
  const end = Math.max(list.lastIndexOf('/'), list.lastIndexOf(', ') + 1);
  return end > 0 ? `${list.slice(0, end + 1).trimEnd()}${CUT_OFF}` : null;
}

/** Checks before trimming, because most messages need none and trimming each of them would be slower. */
function trimmed(text: string): string {
  return text.charCodeAt(0) <= 0x20 || text.charCodeAt(text.length - 1) <= 0x20 ? text.trim() : text;
}

/**
 * A matcher for signatures known to be valid. A daemon's automaton is loaded at its first message, because most logs
 * have one daemon and fast startup matters.
 */
export class LazyMatcher {
  private readonly load: (daemon: Daemon) => Node;
  private readonly matchers = new Map<Daemon, SignatureMatcher>();

  constructor(load: (daemon: Daemon) => Node) {
    this.load = load;
  }

  match(message: DaemonMessage): Event | null {
    return this.of(message.daemon).match(message);
  }

  matchCut(message: DaemonMessage): Event | null {
    return this.of(message.daemon).matchCut(message);
  }

  matchMasked(message: DaemonMessage): Event | null {
    return this.of(message.daemon).matchMasked(message);
  }

  endsOpen(message: DaemonMessage): boolean {
    return this.of(message.daemon).endsOpen(message);
  }

  endsIn(daemon: Daemon, text: string): ReturnType<SignatureMatcher['endsIn']> {
    return this.of(daemon).endsIn(daemon, text);
  }

  private of(daemon: Daemon): SignatureMatcher {
    let matcher = this.matchers.get(daemon);
    if (matcher === undefined) {
      const root = this.load(daemon);
      matcher = new SignatureMatcher(() => root);
      this.matchers.set(daemon, matcher);
    }
    return matcher;
  }
}
