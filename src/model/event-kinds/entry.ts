import type { Exchange, Outcome, Phase, Role } from '../attempt.js';

/**
 * The effect of an event kind on its attempt.
 *
 * - milestone: the negotiation made progress.
 * - detail: explains neighbouring events, changes nothing.
 * - symptom: something is amiss, but nothing has failed yet (a retransmission).
 * - failure: the attempt failed here, unless it recovers.
 * - end: the attempt is over, for a reason stated earlier (giving up, deleting the SA).
 * - noise: says nothing about any attempt.
 */
export const EVENT_ROLES = ['milestone', 'detail', 'symptom', 'failure', 'end', 'noise'] as const;
export type EventRole = (typeof EVENT_ROLES)[number];

export interface EventKindEntry {
  readonly role: EventRole;
  /** The subject: an IKE SA, a Child SA, whichever of the two has the SA number, or the whole host. */
  readonly subject: 'ike' | 'child' | 'any' | 'host';
  readonly meaning: string;
  /** Starts a new attempt of its subject, unless one with the same SA number is open. */
  readonly starts?: true;
  /** The attempt got at least this far. */
  readonly reaches?: Phase;
  /** Outcome of an attempt that ends with this event. */
  readonly outcome?: Outcome;
  /** This side's role, as implied by the wording. */
  readonly as?: Role;
  /** The exchange, as implied by the wording. */
  readonly exchange?: Exchange;
  /** The attempt is a rekeying or reauthentication. */
  readonly purpose?: 'rekey' | 'reauthenticate';
  /** Proves that a packet from the peer arrived. */
  readonly heard?: true;
  /**
   * This gateway rejected the peer, or could not verify its identity: the reason is in the local log, not in the
   * peer's.
   */
  readonly decidedHere?: true;
  /** Says that something failed, not why: the reason was logged before, if at all. */
  readonly withoutReason?: true;
  /**
   * Directly before a failure, this line states its reason and is shown instead. With a word: only for failures of that
   * area, and those that state no reason.
   */
  readonly foretells?: true | 'proposal' | 'config';
  /** Kinds of host failures that explain this one: it is then a consequence and not reported separately. */
  readonly followsFrom?: readonly string[];
  /** A single host failure of this kind may be logged as several lines of one thread, which count once. */
  readonly severalLines?: true;
  /**
   * For host failures: if the cause is only `possible`, it is open whether anything fails; `unless needed`: even if the
   * cause is certain, as long as no connection fails because of it.
   */
  readonly mayBeHarmless?: true | 'unless needed';
  /** Used as the first failure only if the log has nothing better. */
  readonly lastResort?: true;
  /**
   * A failure that later progress of the same attempt cancels: another key, certificate, configuration or group was
   * tried.
   */
  readonly weak?: true;
}

/** Type-checks a table of entries and keeps its exact keys. */
export const kinds = <const T extends Record<string, EventKindEntry>>(table: T): T => table;
