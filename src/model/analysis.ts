import type { Attempt, Connection, TimelineEntry } from './attempt.js';
import type { CheckAnswer } from './checklist.js';
import type { Counterpart, GatewayLog } from './counterpart.js';
import type { Problem } from './problem.js';
import type { PeerProduct } from './product.js';
import type { Coverage, Finding } from './report.js';
import type { Tunnel } from './tunnel.js';

/** An event that concerns the whole host, with its number of occurrences and its findings. */
export interface HostEntry {
  readonly entry: TimelineEntry;
  readonly findings: readonly Finding[];
  readonly repeats: number;
  /** Another host failure followed from this one, and is not reported separately. */
  readonly hasConsequence?: boolean;
}

/** The result of a run, from which the report is built. */
export interface Analysis {
  readonly connections: readonly Connection[];
  /** Ranked, best first; empty for an attempt that did not fail or that no cause explains. */
  findingsOf(attempt: Attempt): readonly Finding[];
  /** The same failed attempt in the other gateway's log, if that was read and has it as failed. */
  counterpartOf(attempt: Attempt): Counterpart | undefined;
  /** The log of the gateway at the peer's address, if it was read and contains nothing of an unanswered attempt. */
  unheardBy(attempt: Attempt): GatewayLog | undefined;
  /** The product at the other end, if its vendor IDs tell, or if it is assumed. */
  productOf(attempt: Attempt): PeerProduct | null;
  /** What status outputs say about a connection; undefined if none does. */
  tunnelOf(connection: Connection): Tunnel | undefined;
  /** Problems of the connection shown by status outputs. */
  observedOf(connection: Connection): readonly HostEntry[];
  /**
   * The debugging checklist for a connection, answered from everything read. `failing`: its attempt that is failing
   * now.
   */
  checklistOf(connection: Connection, failing: Attempt | undefined): readonly CheckAnswer[];
  readonly hostEntries: readonly HostEntry[];
  readonly coverage: Coverage;
  /** What the log did not state and was inferred: `zone: UTC`, `year: 2024`. */
  readonly inferred: readonly string[];
  readonly problems: readonly Problem[];
  readonly sources: readonly string[];
  /** Epoch milliseconds of the first and last record, null in logs without time stamps. */
  readonly first: number | null;
  readonly last: number | null;
  /** Line of the first record, whose stamp may show the log's zone. */
  readonly firstLine: string | null;
}
