import type { Daemon } from './daemons.js';
import type { Event } from './event.js';
import type { EventKind } from './event-kinds.js';
import type { Fields } from './fields.js';

/** How far a negotiation got. `half-open`: the peer has answered IKE_SA_INIT or the first Main Mode messages. */
export const PHASES = ['none', 'started', 'half-open', 'authenticating', 'established'] as const;
export type Phase = (typeof PHASES)[number];

export type Subject = 'ike' | 'child';
export type Role = 'initiator' | 'responder' | 'unknown';
export type Exchange = 'ikev1-main' | 'ikev1-aggressive' | 'ikev1-quick' | 'ikev2' | 'ikev1' | 'unknown';

/**
 * How an attempt ended. `stalled`: no answer yet, the daemon still tries. `log-ends`: it was under way when the log ended.
 * `superseded`: another attempt took its place (a retry with another group, a duplicate, the Child SA of a failed IKE SA).
 * `interrupted`: it was under way when its daemon stopped, died or was started anew; `closed`: it was up, or was given up, and is gone.
 */
export type Outcome = 'open' | 'stalled' | 'established' | 'failed' | 'timed-out' | 'superseded' | 'closed' | 'interrupted' | 'log-ends';

/** How sure we are that a line belongs to its attempt: it names the SA, its thread does, its packet does, or only its peer or moment does. */
export const LINKS = ['sa', 'thread', 'packet', 'peer', 'adjacent'] as const;
export type Link = (typeof LINKS)[number];

export interface TimelineEntry {
  readonly event: Event;
  readonly link: Link;
}

export interface Endpoint {
  address: string | null;
  port: number | null;
  id: string | null;
}

/** A configured tunnel on one gateway, or a peer that no configuration is known for. */
export interface Connection {
  /** Unique in a run. */
  readonly key: string;
  readonly host: string;
  readonly daemon: Daemon;
  /** The daemon's own name for it, or null. */
  readonly name: string | null;
  readonly local: Readonly<Endpoint>;
  readonly peer: Readonly<Endpoint>;
  readonly attempts: readonly Attempt[];
  /** Earlier attempts that are only counted. */
  readonly omittedAttempts: number;
  readonly everEstablished: boolean;
  /** Rekeyings and reauthentications that succeeded. */
  readonly rekeys: number;
}

/** What is left of the entries of an attempt: the kinds of events before its first failure (all, where it has none) and behind it. */
export interface AbridgedStory {
  readonly before: readonly EventKind[];
  readonly after: readonly EventKind[];
}

/** One try to bring up, rekey or reauthenticate one SA; as it stands when it is read. */
export interface Attempt {
  readonly connection: Connection;
  readonly subject: Subject;
  readonly role: Role;
  readonly exchange: Exchange;
  /** `create`, or what an SA that existed before went through. */
  readonly purpose: 'create' | 'rekey' | 'reauthenticate' | 'maintain';
  readonly saNumber: number | null;
  /** Address of the peer; clients that share a connection differ in it. */
  readonly peerAddress: string | null;
  /** Epoch milliseconds of the first and last line, null in logs without time stamps. */
  readonly started: number | null;
  readonly ended: number | null;
  readonly reached: Phase;
  readonly outcome: Outcome;
  /** A Child SA that came up and that a later one replaced, or that was deleted since. */
  readonly retired: boolean;
  /** First and latest entries; the middle of a very long attempt is counted, not kept. */
  readonly entries: readonly TimelineEntry[];
  readonly omittedEntries: number;
  /** Set where only the first failure's entry is kept, because many attempts came after this one. */
  readonly abridged: AbridgedStory | null;
  /** Null exactly when the attempt did not fail. */
  readonly firstFailure: TimelineEntry | null;
  /** The log (or this attempt's part of it) begins in the middle or has a gap, so an earlier failure may be invisible. */
  readonly visibleStartOnly: boolean;
  /** The first line of it that nothing understands, up to the first failure, or to the end where that is a silence: it may say why. */
  readonly unread: Event | null;
  /** Where the line of the first failure could not be attributed for certain: names of the other connections it may belong to. */
  readonly candidates: readonly string[];
  /** Everything captured in this attempt up to and including the first failure, later values win. */
  readonly fields: Fields;
  readonly retransmits: number;
  /** Did any packet of the peer arrive in this attempt? */
  readonly peerAnswered: boolean;
  /** How many further identical attempts this one stands for, plus one. */
  readonly repeats: number;
  /** Time of the last of the identical attempts. */
  readonly lastRepeat: number | null;
  /** The line with which an SA that was up ended; where the whole daemon ended with it, or with an attempt under way, that of its stop, death or next start. */
  readonly closedBy: Event | null;
}
