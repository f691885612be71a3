import type { Readable } from 'node:stream';

import type { Connection } from './model/attempt.js';
import type { Change } from './model/change.js';
import type { FollowSettings } from './model/follow.js';
import type { Progress } from './model/progress.js';

/** What to read of the inputs, and whom to tell what meanwhile. */
export interface AnalyzeOptions {
  /** Directories with further rules. */
  readonly rules: readonly string[];
  /** Year and zone for logs that don't say them; `zone` as luxon takes it. */
  readonly year?: number;
  readonly zone?: string;
  /** Epoch milliseconds from which a missing year is inferred. */
  readonly now: number;
  /** The present of a run that goes on, for a year that begins meanwhile. */
  readonly present?: () => number;
  /** Does no line of a file lie after the time at which it was last written? Copies from somewhere may have lost that time. */
  readonly fileTimes?: boolean;
  /** Only records between these, epoch milliseconds. Records without time are kept. */
  readonly since?: number;
  readonly until?: number;
  /** Only the connection with this name, or with this peer address. */
  readonly connection?: string;
  readonly peer?: string;
  /** Of how many attempts, the latest ones, all lines are kept; of earlier ones the first failure and the counts. */
  readonly stories?: number;
  /** Tell changes as they happen, and let an idle input count as time that passes. */
  readonly live: boolean;
  readonly onChange?: (change: Change) => void;
  /** What `-` stands for. */
  readonly stdin?: Readable;
  /** Units whose journal is read after the inputs; an empty list stands for all that are about IPsec. */
  readonly journal?: readonly string[];
  /** Told how far the reading is, after each block. Not for live runs. */
  readonly onProgress?: (progress: Progress) => void;
  /** So many processor threads: 2 read and go through the timeline at the same time, whatever the size of the inputs. Not for live runs. */
  readonly threads?: 1 | 2;
  /** Ends reading; what was read is analysed. */
  readonly signal?: AbortSignal;
  /** Reads the inputs on and on, as files that grow, until the signal. */
  readonly follow?: FollowSettings;
}

/** Was this connection asked for? */
export function isWanted({ name, peer }: Connection, { connection, peer: address }: AnalyzeOptions): boolean {
  return (connection === undefined || name === connection) && (address === undefined || peer.address === address);
}
