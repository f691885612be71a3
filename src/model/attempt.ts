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
 * How an attempt ended. `stalled`: unanswered, the daemon is still trying. `log-ends`: in progress at the end of the
 * log. `superseded`: replaced by another attempt (a retry with another group, a duplicate, the Child SA of a failed IKE
 * SA). `interrupted`: in progress when its daemon stopped, died or restarted. `closed`: was up, or was abandoned, and
 * is gone.
 */
export type Outcome = 'open' | 'stalled' | 'established' | 'failed' | 'timed-out' | 'superseded' | 'closed' | 'interrupted' | 'log-ends';

/**
 * How a line was attributed to its attempt, most certain first: the line names the SA; its thread does; its packet
 * does; or only the peer or the neighbouring lines match.
 */
export const LINKS = ['sa', 'thread', 'packet', 'peer', 'adjacent'] as const;
export type Link = (typeof LINKS)[number];

/** An event of an attempt, and how it was attributed to it. */
export interface TimelineEntry {
  readonly event: Event;
  readonly link: Link;
}

export interface Endpoint {
  address: string | null;
  port: number | null;
  id: string | null;
}

/** A configured tunnel on one gateway, or a peer without a known configuration. */
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
  /** Attempts that are only counted. */
  readonly omittedAttempts: number;
  readonly everEstablished: boolean;
  /** Rekeyings and reauthentications that succeeded. */
  readonly rekeys: number;
}

/** Remains of an abridged attempt: the event kinds before its first failure (all, if there is none) and after it. */
export interface AbridgedStory {
  readonly before: readonly EventKind[];
  readonly after: readonly EventKind[];
}

/** One try to bring up, rekey or reauthenticate an SA, as far as it has been read. */
export interface Attempt {
  readonly connection: Connection;
  readonly subject: Subject;
  readonly role: Role;
  readonly exchange: Exchange;
  /** `create`, or what happened to an existing SA. */
  readonly purpose: 'create' | 'rekey' | 'reauthenticate' | 'maintain';
  readonly saNumber: number | null;
  /** Address of the peer; differs between clients that share a connection. */
  readonly peerAddress: string | null;
  /** Epoch milliseconds of the first and last line, null in logs without time stamps. */
  readonly started: number | null;
  readonly ended: number | null;
  readonly reached: Phase;
  readonly outcome: Outcome;
  /** A Child SA that came up and was later replaced or deleted, or an IKE SA that was rekeyed. */
  readonly retired: boolean;
  /** It went unanswered under an IKE SA that was up, which the daemon gave up because of it, with all its Child SAs. */
  readonly endsIkeSa: boolean;
  /** The first and latest entries; the middle of a very long attempt is only counted. */
  readonly entries: readonly TimelineEntry[];
  readonly omittedEntries: number;
  /** Set if only the entry of the first failure is kept, because many attempts followed. */
  readonly abridged: AbridgedStory | null;
  /** Null if and only if the attempt did not fail. */
  readonly firstFailure: TimelineEntry | null;
  /**
   * The log, or the part about this attempt, starts in the middle or has a gap, so an earlier failure may be missing.
   */
  readonly visibleStartOnly: boolean;
  /**
   * The first line that no signature understands, up to the first failure (if that is a silence: up to the end). It may
   * state the reason.
   */
  readonly unread: Event | null;
  /** After it came up: the first line about it that no signature understands but that speaks of a failure. */
  readonly doubt: Event | null;
  /**
   * If the line of the first failure could not be attributed with certainty: names of the other candidate connections.
   */
  readonly candidates: readonly string[];
  /** Values captured up to and including the first failure; later values win. */
  readonly fields: Fields;
  /** What the peer's vendor IDs were logged as: hex digits, or the names by which the daemon knows them. */
  readonly vendorIds: readonly string[];
  readonly retransmits: number;
  /** Did any packet from the peer arrive during this attempt? */
  readonly peerAnswered: boolean;
  /** Did one arrive on the UDP port to which IKE moves if there is a NAT? */
  readonly natPortIsOpen: boolean;
  /** Number of identical attempts folded into this one, itself included. */
  readonly repeats: number;
  /** Time of the last of these identical attempts. */
  readonly lastRepeat: number | null;
  /**
   * The line that ended an established SA. If the daemon ended, also for an attempt in progress: the line of its stop,
   * death or next start.
   */
  readonly closedBy: Event | null;
}
