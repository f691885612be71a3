import type { CheckCommand, CheckStage, Verdict } from './checklist.js';
import type { AskPeer, Confidence, Side } from './cause.js';
import type { Connection, Exchange, Outcome, Phase, Role, Subject } from './attempt.js';
import type { Problem } from './problem.js';

/** A remedy with this tunnel's own addresses and names filled in. */
export interface FilledRemedy {
  readonly side: Exclude<Side, 'unknown'>;
  readonly do: string;
  readonly command: string | null;
}

/** One cause of one attempt. */
export interface Finding {
  readonly cause: string;
  readonly confidence: Confidence;
  readonly side: Side;
  readonly title: string;
  readonly explanation: string;
  readonly remedies: readonly FilledRemedy[];
  readonly askPeer: readonly AskPeer[];
  readonly references: readonly string[];
}

/** A line of evidence, redacted, as it may be shown. */
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
  /** The line is cut off: values, or also what it is about, may be missing. */
  readonly cutOff: boolean;
  /** A line of the attempt that nothing understands, and that may say why it failed: the first one since the peer was heard. */
  readonly unread: Omit<Evidence, 'event'> | null;
  /** Other connections the line may belong to; empty where the attribution is sure. */
  readonly candidates: readonly string[];
}

/** The first failure of the same attempt as the other gateway logged it. */
export interface CounterpartReport extends Evidence {
  readonly host: string;
  /** What the connection is called there. */
  readonly connection: string | null;
  /** Seconds by which the clock there is ahead of the one here. */
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
  readonly retransmits: number;
  readonly firstFailure: FirstFailure | null;
  /** The same attempt in the log of the other gateway, where that was read, too. */
  readonly counterpart: CounterpartReport | null;
  /** The gateway at the peer's address, whose log was read, too, and has nothing of this attempt, which nobody answered. */
  readonly unheardBy: { readonly host: string; readonly first: string | null; readonly last: string | null } | null;
  readonly findings: readonly Finding[];
  /** Lines of a very long attempt, or of an early one in a large log, that the timeline leaves out. */
  readonly omittedEntries: number;
  /** The story line by line, for `--timeline`. */
  readonly timeline: readonly (Evidence & { readonly role: string; readonly link: string })[];
}

export type ConnectionState = 'up' | 'failing' | 'down' | 'unknown';

/** What is wrong with a connection now, over all attempts since it last worked. */
export interface CurrentProblem {
  /** Index into `attempts`: the first one that failed as the latest did. */
  readonly attempt: number;
  /** How many attempts have failed in a row, repeats included. */
  readonly attempts: number;
  /** How many of these, before the one at `attempt`, failed in another way. */
  readonly failedOtherwise: number;
  /** Retransmissions in that one and those after it. */
  readonly retransmits: number;
  /** Other clients of the same connection that are up: what fails is one of several. */
  readonly othersUp: number;
  /** When the first and the last of them failed, ISO 8601. */
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
  /** When the present state began, ISO 8601. */
  readonly since: string | null;
  readonly rekeys: number;
  /** Attempts between the first and the latest ones that are only counted. */
  readonly omittedAttempts: number;
  /** Null where no line of a log tells of one: it is up, ended without a failure, nothing is known of it, or status outputs alone show that it fails. */
  readonly problem: CurrentProblem | null;
  /** The line with which it ended, where it is down without a failure, or with which its negotiation did; null where none is kept. */
  readonly ended: Evidence | null;
  readonly attempts: readonly AttemptReport[];
  /** What status outputs show to be wrong with it, most telling first. */
  readonly observed: readonly ObservedProblem[];
  /** The debugging checklist, answered; empty for a connection that does not fail, unless it was asked for. */
  readonly checklist: readonly CheckReport[];
}

/** One question of the debugging checklist, answered from the evidence. */
export interface CheckReport {
  readonly item: string;
  readonly stage: CheckStage;
  readonly question: string;
  readonly verdict: Verdict;
  readonly says: string;
  readonly evidence: Omit<Evidence, 'event'> | null;
  readonly commands: readonly CheckCommand[];
}

/** What a status output shows to be wrong, where no line of a log does. */
export interface ObservedProblem extends Evidence {
  readonly findings: readonly Finding[];
}

/** What concerns no single connection: port in use, configuration not loaded. */
export interface HostFinding extends Finding, Evidence {
  readonly host: string;
  readonly repeats: number;
  /** It is open whether anything fails: shown with a question mark, and no reason for exit status 1. */
  readonly doubtful: boolean;
}

export interface UnknownMessage {
  readonly daemon: string;
  /** One message of this shape. */
  readonly text: string;
  readonly source: string;
  readonly line: number;
  readonly count: number;
}

export interface Coverage {
  readonly lines: number;
  /** Lines of an IPsec daemon. */
  readonly relevant: number;
  /** Relevant lines that a signature claims. */
  readonly understood: number;
  readonly unknown: readonly UnknownMessage[];
  /** Shapes of unknown messages beyond the bounded list, in lines. */
  readonly unknownOmitted: number;
  readonly gaps: readonly Evidence[];
}

/** `--format json`; the published, versioned contract (report.schema.json). */
export interface Report {
  readonly version: 1;
  readonly sources: readonly string[];
  readonly first: string | null;
  readonly last: string | null;
  /** What the log did not say and we inferred, e.g. `zone: UTC`. */
  readonly inferred: readonly string[];
  readonly connections: readonly ConnectionReport[];
  readonly hostFindings: readonly HostFinding[];
  readonly coverage: Coverage;
  readonly problems: readonly Problem[];
}

/** The connections of a report, each made when it is asked for: all at once may be more than memory holds. */
export interface ConnectionReports extends Iterable<ConnectionReport> {
  readonly length: number;
  /** Counts from 0; undefined behind the last one. */
  at(index: number): ConnectionReport | undefined;
}

/** A report whose connections are made one after the other; a {@link Report} is one that has them all. */
export type OpenReport = Omit<Report, 'connections'> & { readonly connections: ConnectionReports };

/** A connection without its attempts: what a change says it is about. */
export type ConnectionSummary = Pick<ConnectionReport, 'name' | 'daemon' | 'host' | 'local' | 'peer'>;

/** What a live reader is told, as it may be shown; one object a line in `--format ndjson`. */
export type ChangeReport =
  | { readonly type: 'failed' | 'stalled' | 'repeated' | 'recovered'; readonly connection: ConnectionSummary; readonly attempt: AttemptReport }
  | { readonly type: 'host'; readonly findings: readonly HostFinding[] };
