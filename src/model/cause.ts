import type { Daemon } from './daemons.js';
import type { EventKind } from './event-kinds.js';
import type { FactName, FactValue } from './facts.js';

export const CONFIDENCES = ['certain', 'likely', 'possible'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** Where the fault is: this gateway, the other one, the network between them, or not known from this log. */
export const SIDES = ['here', 'peer', 'between', 'unknown'] as const;
export type Side = (typeof SIDES)[number];

/** How often practice shows this cause behind an ambiguous failure; orders causes of equal confidence. */
export const FREQUENCIES = ['common', 'occasional', 'rare'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** Operators of conditions. A missing fact makes each of them false, except `exists: false`. */
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
  /** In place of the cause's own, where what was seen asks for other steps. */
  readonly remedies?: readonly Remedy[] | undefined;
  /** In place of the cause's own, where the peer says it in other words. */
  readonly askPeer?: readonly AskPeer[] | undefined;
}

export interface Remedy {
  readonly side: Exclude<Side, 'unknown'>;
  readonly for: Daemon | 'any';
  /** It is of use only where the fault is on one of these sides; without them, wherever it is. */
  readonly fault?: readonly Side[] | undefined;
  /** It has this gateway initiate, which it cannot where it takes peers of any address. */
  readonly initiates?: true | undefined;
  /** One sentence, starts with a verb. */
  readonly do: string;
  /** A complete command for a root shell on that side. */
  readonly command?: string | undefined;
}

export interface AskPeer {
  /** Daemon of the peer, as far as it is known or assumed. */
  readonly for: Daemon | 'any';
  /** As with remedies. */
  readonly fault?: readonly Side[] | undefined;
  /** The wording belongs to this version of IKE: it is not looked for where the other one was spoken. */
  readonly version?: 'ikev1' | 'ikev2' | undefined;
  /** The peer writes it in this role: it is not looked for where the peer has the other one. */
  readonly role?: 'initiator' | 'responder' | undefined;
  /** It is about one way to authenticate: it is not looked for where this side used another one. */
  readonly method?: 'psk' | 'certificate' | 'eap' | undefined;
  /** Fixed text to look for in the peer's log (for `grep -F`). */
  readonly grep: string;
  /** What it means when it is there. */
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
  /** What is wrong, and on which side, with {placeholders} of this tunnel. */
  readonly explanation: string;
  readonly when: readonly CauseClause[];
  /** Ids this cause outranks when both apply: those findings are left out. */
  readonly insteadOf: readonly string[];
  readonly remedies: readonly Remedy[];
  readonly askPeer: readonly AskPeer[];
  readonly references: readonly string[];
  readonly examples: { readonly fires: readonly Example[]; readonly silent: readonly Example[] };
}
