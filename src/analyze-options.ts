import type { Readable } from 'node:stream';

import type { Connection } from './model/attempt.js';
import type { Change } from './model/change.js';
import type { FollowSettings } from './model/follow.js';
import type { Progress } from './model/progress.js';

/** Options of a run: what to read, and whom to notify. */
export interface AnalyzeOptions {
  /** Directories with rules in addition to the built-in ones. */
  readonly rules?: readonly string[];
  /** Year and zone for logs that do not state them; `zone` as accepted by luxon. */
  readonly year?: number;
  readonly zone?: string;
  /** Epoch milliseconds of the present, from which a missing year is inferred; the program itself does not ask for the time. */
  readonly now: number;
  /** The present as a function, for a live run that may cross New Year. */
  readonly present?: () => number;
  /** Is a file's modification time a limit for its lines? Copies may have lost the original time. */
  readonly fileTimes?: boolean;
  /** Keep only records between these times (epoch milliseconds). Records without a time are kept. */
  readonly since?: number;
  readonly until?: number;
  /** Show only the connection with this name, or with this peer address. */
  readonly connection?: string;
  readonly peer?: string;
  /** Id of the product that peers are assumed to be, if their vendor IDs do not tell. */
  readonly peerProduct?: string;
  /** Number of latest attempts whose lines are all kept; of earlier ones, the first failure and the counts are. */
  readonly stories?: number;
  /** Report changes as they happen, and let time pass while the input is idle. */
  readonly live?: boolean;
  readonly onChange?: (change: Change) => void;
  /** The stream that `-` stands for. */
  readonly stdin?: Readable;
  /** Units whose journal is read after the inputs; an empty list means all IPsec daemons. */
  readonly journal?: readonly string[];
  /** Receives the reading progress after each block. Not for live runs. */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Number of threads: with 2, reading and the timeline run in parallel, whatever the size of the inputs. Not for live
   * runs.
   */
  readonly threads?: 1 | 2;
  /** Stops reading; what was read is analysed. */
  readonly signal?: AbortSignal;
  /** Follows the inputs as growing files until the signal aborts. */
  readonly follow?: FollowSettings;
}

/** Do the options select this connection? */
export function isWanted({ name, peer }: Connection, { connection, peer: address }: AnalyzeOptions): boolean {
  return (connection === undefined || name === connection) && (address === undefined || peer.address === address);
}
