import type { Daemon } from './daemons.js';
import type { LogRecord } from './log-record.js';

/** A record without the daemon's own prefix, whose parts are separate fields. Templates match `text`. */
export interface DaemonMessage {
  readonly record: LogRecord;
  readonly daemon: Daemon;
  /** The message itself. */
  readonly text: string;
  /** Connection named by the prefix: `gw` in `<gw|3>` and `"gw"[2] 198.51.100.7 #5:`. Null if it names none. */
  readonly connectionName: string | null;
  /** pluto's instance number of a template connection: 2 in `"road"[2] ...`. */
  readonly instance: number | null;
  /** Number of the SA (charon's unique id, pluto's state serial). */
  readonly saNumber: number | null;
  /** Peer named by the prefix: pluto's `packet from A:500`, or the address of an instance. */
  readonly peerAddress: string | null;
  readonly peerPort: number | null;
  /** charon's worker thread, `07` of `07[IKE]`. */
  readonly thread: string | null;
  /** charon's subsystem, `IKE` of `07[IKE]`. */
  readonly group: string | null;
}
