import type { SnapshotFormatName } from './snapshot-formats.js';
import type { SourceLine } from './source-line.js';

/** Origin of an observation. Lines with keys are stored without them: no text here ever contains one. */
export interface Seen {
  readonly format: SnapshotFormatName;
  readonly line: SourceLine;
  /** Time of the output, if stated: epoch milliseconds of the local time read as UTC. */
  readonly taken?: number;
  /** Host named by the envelope of the line, if it has one. */
  readonly host?: string;
}
