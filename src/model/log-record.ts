import type { SourceLine } from './source-line.js';

/** What a log did not say and we inferred. */
export type Inferred = 'year' | 'zone' | 'date';

/** A line without its envelope: who wrote it and when. */
export interface LogRecord {
  readonly line: SourceLine;
  /** Epoch milliseconds, or null where the line has no time stamp. */
  readonly time: number | null;
  readonly inferred: readonly Inferred[];
  /** Empty where the envelope has none. */
  readonly host: string;
  /** `charon`, `charon-systemd`, `pluto`, `ipsec`, ... Empty for a daemon's own log file. */
  readonly program: string;
  readonly pid: number | null;
  readonly message: string;
  /** How often a "message repeated n times" line stood for this one; 1 otherwise. */
  readonly repeats: number;
  /** What only a structured envelope (journald fields, charon's JSON) says about the message. */
  readonly tag: RecordTag | null;
}

/** charon's journald fields `THREAD`, `GROUP`, `IKE_SA_NAME`, `IKE_SA_UNIQUE_ID`. */
export interface RecordTag {
  readonly thread: string | null;
  readonly group: string | null;
  readonly connectionName: string | null;
  readonly saNumber: number | null;
}
