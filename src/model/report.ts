import type { Connection, Exchange, Outcome, Phase, Role, Subject } from './attempt.js';
import type { Confidence, Remedy, Side } from './cause.js';
import type { CheckCommand, CheckStage, Verdict } from './checklist.js';
import type { Daemon } from './daemons.js';
import type { Problem } from './problem.js';
import type { PeerProduct } from './product.js';

/** A remedy filled with values of this tunnel. */
export interface FilledRemedy {
  readonly side: Exclude<Side, 'unknown'>;
  /** The daemon whose settings or commands it is about; not reported. */
  readonly for?: Remedy['for'];
  readonly do: string;
  /** For a root shell here, or for the command line of the peer's product; several are one a line. */
  readonly command: string | null;
}

/** A fixed text to look for in the peer's log. */
export interface AskedText {
  /** The daemon that logs it, or the product at the other end. */
  readonly for: Daemon | 'any' | (string & {});
  readonly grep: string;
  readonly means: string;
}

/** One cause of an attempt's failure. */
export interface Finding {
  readonly cause: string;
  readonly confidence: Confidence;
  readonly side: Side;
  readonly title: string;
  readonly explanation: string;
  readonly remedies: readonly FilledRemedy[];
  readonly askPeer: readonly AskedText[];
  readonly references: readonly string[];
}

/** A line of evidence, redacted for display. */
export interface Evidence {
  readonly event: string;
  readonly source: string;
  readonly line: number;
  /** ISO 8601 with offset, or null in a log without time stamps. */
  readonly time: string | null;
  readonly text: string;
}

export interface FirstFailure extends Evidence {
  readonly visibleStartOnly: boolean;
  /** The line was cut off: values, or even its subject, may be missing. */
  readonly cutOff: boolean;
  /**
   * A line of the attempt that no signature understands and that may state the reason: the first since the peer was
   * last heard.
   */
  readonly unread: Omit<Evidence, 'event'> | null;
  /** Other connections the line may belong to; empty if the attribution is certain. */
  readonly candidates: readonly string[];
}

/** The first failure of the same attempt in the other gateway's log. */
export interface CounterpartReport extends Evidence {
  readonly host: string;
  /** Name of the connection there. */
  readonly connection: string | null;
  /** Seconds by which the other gateway's clock is ahead. */
  readonly clockAhead: number | null;
}

export interface AttemptReport {
  readonly subject: Subject;
  /** Name of the Child SA configuration, or null for an IKE SA or where the log names none. */
  readonly child: string | null;
  readonly role: Role;
  readonly exchange: Exchange;
  readonly purpose: 'create' | 'rekey' | 'reauthenticate' | 'maintain';
  readonly started: string | null;
  readonly ended: string | null;
  readonly reached: Phase;
  readonly outcome: Outcome;
  readonly repeats: number;
  /** When the latest of these ended; null if there is only one. */
  readonly lastRepeat: string | null;
  readonly retransmits: number;
  readonly firstFailure: FirstFailure | null;
  /** The same attempt in the other gateway's log, if that was read. */
  readonly counterpart: CounterpartReport | null;
  /** The gateway at the peer's address, if its log was read and contains nothing of this unanswered attempt. */
  readonly unheardBy: { readonly host: string; readonly first: string | null; readonly last: string | null } | null;
  /** The product at the other end, if its vendor IDs tell, or if it is assumed. */
  readonly peerProduct: { readonly id: string; readonly title: string; readonly by: PeerProduct['by'] } | null;
  readonly findings: readonly Finding[];
  /** Lines missing from the timeline of a very long attempt, or of an early one in a large log. */
  readonly omittedEntries: number;
  /** All lines of the attempt, for `--timeline`. */
  readonly timeline: readonly (Evidence & { readonly role: string; readonly link: string })[];
}

export type ConnectionState = 'up' | 'failing' | 'down' | 'unknown';

/** The current problem of a connection, over all attempts since it last worked. */
export interface CurrentProblem {
  /** Index into `attempts`: the first one that failed in the same way as the latest. */
  readonly attempt: number;
  /** Number of consecutive failed attempts, repetitions included. */
  readonly attempts: number;
  /** How many of these, before the one at `attempt`, failed in another way. */
  readonly failedOtherwise: number;
  /** Retransmissions in that attempt and later ones. */
  readonly retransmits: number;
  /** Other clients of the same connection that are up, so only one of several is failing. */
  readonly othersUp: number;
  /** Other clients of the same connection that fail too, each in its own way. */
  readonly othersFailing: number;
  /** Times of the first and last of these failures, ISO 8601. */
  readonly since: string | null;
  readonly last: string | null;
}

export interface ConnectionReport {
  readonly name: string | null;
  readonly daemon: Connection['daemon'];
  readonly host: string;
  readonly local: { readonly address: string | null; readonly id: string | null };
  readonly peer: { readonly address: string | null; readonly id: string | null };
  readonly state: ConnectionState;
  /** Start of the current state, ISO 8601. */
  readonly since: string | null;
  readonly rekeys: number;
  /** Attempts between the first and the latest ones that are only counted. */
  readonly omittedAttempts: number;
  /**
   * Null if no log line shows a problem: the connection is up, ended without a failure, is unknown, or fails according
   * to status outputs only.
   */
  readonly problem: CurrentProblem | null;
  /**
   * The line with which the connection ended, if it is down without a failure, or its negotiation ended; null if none
   * is kept.
   */
  readonly ended: Evidence | null;
  /** If it is up: a line since then that no signature understands but that speaks of a failure. */
  readonly doubt: Omit<Evidence, 'event'> | null;
  readonly attempts: readonly AttemptReport[];
  /** Problems shown by status outputs, most significant first. */
  readonly observed: readonly ObservedProblem[];
  /** The debugging checklist; empty for connections that do not fail, unless requested. */
  readonly checklist: readonly CheckReport[];
}

/** One question of the debugging checklist, with its answer. */
export interface CheckReport {
  readonly item: string;
  readonly stage: CheckStage;
  readonly question: string;
  readonly verdict: Verdict;
  readonly says: string;
  readonly evidence: Omit<Evidence, 'event'> | null;
  readonly commands: readonly CheckCommand[];
}

/** A problem shown by a status output rather than a log line. */
export interface ObservedProblem extends Evidence {
  readonly findings: readonly Finding[];
}

/** A finding that concerns no single connection: port in use, configuration not loaded. */
export interface HostFinding extends Finding, Evidence {
  readonly host: string;
  readonly repeats: number;
  /** It is open whether anything fails: shown with a question mark, and no reason for exit status 1. */
  readonly doubtful: boolean;
}

export interface UnknownMessage {
  readonly daemon: string;
  /** An example message of this shape. */
  readonly text: string;
  readonly source: string;
  readonly line: number;
  readonly count: number;
}

/** How much of the input was relevant, and how much of that was understood. */
export interface Coverage {
  readonly lines: number;
  /** Lines from an IPsec daemon. */
  readonly relevant: number;
  /** Relevant lines that a signature matched. */
  readonly understood: number;
  readonly unknown: readonly UnknownMessage[];
  /** Number of unknown lines whose shape exceeds the bounded list. */
  readonly unknownOmitted: number;
  readonly gaps: readonly Evidence[];
}

/** `--format json`; the published, versioned contract (report.schema.json). */
export interface Report {
  readonly version: 1;
  readonly sources: readonly string[];
  readonly first: string | null;
  readonly last: string | null;
  /** What the log did not state and was inferred, e.g. `zone: UTC`. */
  readonly inferred: readonly string[];
  readonly connections: readonly ConnectionReport[];
  readonly hostFindings: readonly HostFinding[];
  readonly coverage: Coverage;
  readonly problems: readonly Problem[];
}

/** The connections of a report, each built on access: all of them may exceed memory. */
export interface ConnectionReports extends Iterable<ConnectionReport> {
  readonly length: number;
  /** `index` from 0; undefined past the last one. */
  at(index: number): ConnectionReport | undefined;
}

/** A report whose connections are built one at a time; a {@link Report} has all of them. */
export type OpenReport = Omit<Report, 'connections'> & { readonly connections: ConnectionReports };

/** A connection without its attempts, to identify it in a change. */
export type ConnectionSummary = Pick<ConnectionReport, 'name' | 'daemon' | 'host' | 'local' | 'peer'>;

/** A change of a live run, safe to display; one object per line in `--format ndjson`. */
export type ChangeReport =
  | { readonly type: 'failed' | 'stalled' | 'repeated' | 'recovered'; readonly connection: ConnectionSummary; readonly attempt: AttemptReport }
  | { readonly type: 'host'; readonly findings: readonly HostFinding[] };
