import type { Daemon } from './daemons.js';
import type { EventKind } from './event-kinds.js';
import type { FactName, FactValue } from './facts.js';
import type { ROUTEROS } from './programs.js';

export const CONFIDENCES = ['certain', 'likely', 'possible'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** Where the fault is: this gateway, the peer, the network in between, or unknown from this log. */
export const SIDES = ['here', 'peer', 'between', 'unknown'] as const;
export type Side = (typeof SIDES)[number];

/** How often this cause is found behind an ambiguous failure in practice; ranks causes of equal confidence. */
export const FREQUENCIES = ['common', 'occasional', 'rare'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** Operators of conditions. All are false if the fact is missing, except `exists: false`. */
export const OPERATORS = ['equal', 'notEqual', 'in', 'notIn', 'contains', 'lacks', 'atLeast', 'atMost', 'exists'] as const;
export type Operator = (typeof OPERATORS)[number];

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly fact: FactName; readonly operator: Operator; readonly value: FactValue };

/** One way to recognise a cause: a first failure of one of these kinds, and conditions on the facts of the attempt. */
export interface CauseClause {
  readonly on: readonly EventKind[];
  readonly conditions?: Condition | undefined;
  readonly confidence: Confidence;
  readonly side?: Side | undefined;
  readonly frequency?: Frequency | undefined;
  readonly explanation?: string | undefined;
  /** Replaces the cause's remedies where this clause calls for other steps. */
  readonly remedies?: readonly Remedy[] | undefined;
  /** Replaces the cause's messages where the peer's wording differs. */
  readonly askPeer?: readonly AskPeer[] | undefined;
}

/** A step that checks for the fault or mends it. */
export interface Remedy {
  readonly side: Exclude<Side, 'unknown'>;
  /** RouterOS logs as racoon does, but has a command line and settings of its own. */
  readonly for: Daemon | typeof ROUTEROS | 'any';
  /** Useful only if the fault is on one of these sides; without it, always. */
  readonly fault?: readonly Side[] | undefined;
  /** Makes this gateway initiate, which is impossible for connections that accept any peer address. */
  readonly initiates?: true | undefined;
  /** Sends the reader to the peer's log; replaced by how to read it if the peer's product is known. */
  readonly readsPeerLog?: true | undefined;
  /** One sentence that starts with a verb. */
  readonly do: string;
  /** A complete command for a root shell on that side. */
  readonly command?: string | undefined;
}

/** A message to look for in the peer's log, which tells the causes apart. */
export interface AskPeer {
  /** The peer's daemon, as far as known or assumed. */
  readonly for: Daemon | 'any';
  /** As for remedies. */
  readonly fault?: readonly Side[] | undefined;
  /** IKE version the message belongs to; skipped if the other version was used. */
  readonly version?: 'ikev1' | 'ikev2' | undefined;
  /** Role in which the peer logs it; skipped if the peer has the other role. */
  readonly role?: 'initiator' | 'responder' | undefined;
  /** Authentication method it concerns; skipped if this side used another one. */
  readonly method?: 'psk' | 'certificate' | 'eap' | undefined;
  /** The peer logs it and does not answer; skipped if the failure is its answer. */
  readonly silent?: true | undefined;
  /** Fixed text to look for in the peer's log (for `grep -F`). */
  readonly grep: string;
  /** What its presence means. */
  readonly means: string;
}

export interface Example {
  readonly name: string;
  readonly log: readonly string[];
}

/** A file `rules/causes/<area>/<name>.json`; the id is its path. */
export interface Cause {
  readonly id: string;
  readonly title: string;
  readonly side: Side;
  readonly frequency: Frequency;
  /** What is wrong and on which side, with {placeholders} for values of the tunnel. */
  readonly explanation: string;
  readonly when: readonly CauseClause[];
  /** Shows that this is not the cause, whichever clause applies; does not count as a comparison in the ranking. */
  readonly excludedBy?: Condition | undefined;
  /** Ids of causes that this one outranks: their findings are dropped if this cause applies. */
  readonly insteadOf: readonly string[];
  readonly remedies: readonly Remedy[];
  readonly askPeer: readonly AskPeer[];
  readonly references: readonly string[];
  readonly examples: { readonly fires: readonly Example[]; readonly silent: readonly Example[] };
}

/** The causes that a first failure of the kind may have, with at least the clauses for it. */
export type CausesFor = (kind: EventKind) => readonly Cause[];
