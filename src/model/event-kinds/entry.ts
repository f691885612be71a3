import type { Exchange, Outcome, Phase, Role } from '../attempt.js';

/**
 * What a kind of event does to the attempt it belongs to.
 *
 * - milestone: the negotiation made progress.
 * - detail: explains neighbours, changes nothing.
 * - symptom: something is amiss but nothing has failed yet (a retransmission).
 * - failure: the attempt failed here, unless it recovers.
 * - end: the attempt is over, for a reason that an earlier line tells (giving up, deleting the SA).
 * - noise: says nothing about any attempt.
 */
export const EVENT_ROLES = ['milestone', 'detail', 'symptom', 'failure', 'end', 'noise'] as const;
export type EventRole = (typeof EVENT_ROLES)[number];

export interface EventKindEntry {
  readonly role: EventRole;
  /** What the event is about: an IKE SA, a Child SA, whichever of them its SA number belongs to, or the host as a whole. */
  readonly subject: 'ike' | 'child' | 'any' | 'host';
  readonly meaning: string;
  /** Begins a new attempt of its subject, unless one with the same SA number is already open. */
  readonly starts?: true;
  /** The attempt has got at least this far. */
  readonly reaches?: Phase;
  /** How an attempt ends that ends here. */
  readonly outcome?: Outcome;
  /** This side's role that the wording implies. */
  readonly as?: Role;
  /** The exchange that the wording implies. */
  readonly exchange?: Exchange;
  /** The attempt is a rekeying or reauthentication. */
  readonly purpose?: 'rekey' | 'reauthenticate';
  /** Proves that a packet of the peer arrived. */
  readonly heard?: true;
  /** This gateway refused the peer, or found that it does not prove who it is: why, its own log says, and the peer's does not. */
  readonly decidedHere?: true;
  /** Directly before a failure, this line says why: the failure is then shown with this line. A word: only failures of that area, and those that name no reason. */
  readonly foretells?: true | 'proposal';
  /** Kinds of host failures that explain this one: it is then a consequence and not told by itself. */
  readonly followsFrom?: readonly string[];
  /** One such failure of the host may be told by several lines of a thread, which are then counted once. */
  readonly severalLines?: true;
  /**
   * Of the host: where its cause is merely possible, it is open whether anything fails; `unless needed`: also where it is certain, as long as nothing
   * fails because of it.
   */
  readonly mayBeHarmless?: true | 'unless needed';
  /** Stands for the failure of an attempt of which the log shows nothing better. */
  readonly lastResort?: true;
  /** A failure that later progress of the same attempt takes back: another key, certificate, configuration or group was tried. */
  readonly weak?: true;
}

/** Checks entries against the shape and keeps their exact keys. */
export const kinds = <const T extends Record<string, EventKindEntry>>(table: T): T => table;
