import type { SourceLine } from './source-line.js';

/** What a log did not state and was inferred. */
export type Inferred = 'year' | 'zone' | 'date';

/** A line without its envelope: the message, its author and time. */
export interface LogRecord {
  readonly line: SourceLine;
  /** Epoch milliseconds, or null if the line has no time stamp. */
  readonly time: number | null;
  readonly inferred: readonly Inferred[];
  /** Empty if the envelope names none. */
  readonly host: string;
  /** `charon`, `charon-systemd`, `pluto`, `ipsec`, ... Empty for a daemon's own log file. */
  readonly program: string;
  readonly pid: number | null;
  readonly message: string;
  /** Number of occurrences that a "message repeated n times" line stands for; otherwise 1. */
  readonly repeats: number;
  /** What only a structured envelope (journald fields, charon's JSON) states about the message. */
  readonly tag: RecordTag | null;
}

/** charon's journald fields `THREAD`, `GROUP`, `IKE_SA_NAME`, `IKE_SA_UNIQUE_ID`. */
export interface RecordTag {
  readonly thread: string | null;
  readonly group: string | null;
  readonly connectionName: string | null;
  readonly saNumber: number | null;
}
