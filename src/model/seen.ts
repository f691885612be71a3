import type { SnapshotFormatName } from './snapshot-formats.js';
import type { SourceLine } from './source-line.js';

/** Where an observation stands. Lines that hold keys are kept without them: no text here ever had one. */
export interface Seen {
  readonly format: SnapshotFormatName;
  readonly line: SourceLine;
  /** When it was printed, where a date stands with it: epoch milliseconds of the clock on the wall. */
  readonly taken?: number;
  /** The host that the envelope names behind which it stands. */
  readonly host?: string;
}
