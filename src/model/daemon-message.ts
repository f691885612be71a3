import type { Daemon } from './daemons.js';
import type { LogRecord } from './log-record.js';

/** A record without the daemon's own prefix: what templates see, and what the prefix said. */
export interface DaemonMessage {
  readonly record: LogRecord;
  readonly daemon: Daemon;
  /** The message itself. */
  readonly text: string;
  /** Connection named by the prefix: `<gw|3>` and `"gw"[2] 198.51.100.7 #5:` give `gw`. Null where the prefix names none. */
  readonly connectionName: string | null;
  /** pluto's instance of a template connection: `"road"[2] ...` gives 2. */
  readonly instance: number | null;
  /** Number of the SA (charon's unique id, pluto's state serial). */
  readonly saNumber: number | null;
  /** Peer named by the prefix: pluto's `packet from A:500` and its instances' address. */
  readonly peerAddress: string | null;
  readonly peerPort: number | null;
  /** charon's worker thread, `07` of `07[IKE]`. */
  readonly thread: string | null;
  /** charon's subsystem, `IKE` of `07[IKE]`. */
  readonly group: string | null;
}
