import type { Attempt, Connection, TimelineEntry } from './attempt.js';
import type { CheckAnswer } from './checklist.js';
import type { Counterpart, GatewayLog } from './counterpart.js';
import type { Problem } from './problem.js';
import type { Coverage, Finding } from './report.js';
import type { Tunnel } from './tunnel.js';

/** An event that concerns the whole host, how often it came, and what it means. */
export interface HostEntry {
  readonly entry: TimelineEntry;
  readonly findings: readonly Finding[];
  readonly repeats: number;
  /** Another failure of the host followed from it, and is not told by itself. */
  readonly hasConsequence?: boolean;
}

/** What one run found out: everything that a report is built from. */
export interface Analysis {
  readonly connections: readonly Connection[];
  /** Ranked, best first; empty for an attempt that did not fail or that no cause explains. */
  findingsOf(attempt: Attempt): readonly Finding[];
  /** The same attempt as the other gateway logged it, where its log was read, too, and has it as failed. */
  counterpartOf(attempt: Attempt): Counterpart | undefined;
  /** The log of the gateway at the peer's address, where that was read, too, and has nothing of an attempt that nobody answered. */
  unheardBy(attempt: Attempt): GatewayLog | undefined;
  /** What status outputs say about a connection; undefined where none does. */
  tunnelOf(connection: Connection): Tunnel | undefined;
  /** What they show to be wrong with it. */
  observedOf(connection: Connection): readonly HostEntry[];
  /** The debugging checklist for a connection, answered from everything read. `failing`: its attempt that fails now. */
  checklistOf(connection: Connection, failing: Attempt | undefined): readonly CheckAnswer[];
  readonly hostEntries: readonly HostEntry[];
  readonly coverage: Coverage;
  /** What the log did not say and we inferred: `zone: UTC`, `year: 2024`. */
  readonly inferred: readonly string[];
  readonly problems: readonly Problem[];
  readonly sources: readonly string[];
  /** Epoch milliseconds of the first and last record, null in logs without time stamps. */
  readonly first: number | null;
  readonly last: number | null;
  /** The first record's line, whose stamp may tell the log's zone. */
  readonly firstLine: string | null;
}
