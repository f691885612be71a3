import type { DaemonMessage } from '../model/daemon-message.js';
import type { DaemonProcess } from './associations/daemon-process.js';

/** A daemon process, as identified by its records. */
export interface KnownProcess {
  readonly host: string;
  readonly daemon: string;
  readonly pid: number | null;
  /** `charon` for a process whose lines `ipsec` relays. */
  readonly program: string;
  process: DaemonProcess;
  /** A later process took its place. */
  isReplaced: boolean;
  /** Times of its first and last line. */
  first: number | null;
  last: number | null;
}

/** May `started` have replaced `other`: is it the same program on the same host? */
export function mayBeReplaced(other: KnownProcess, started: KnownProcess): boolean {
  return other !== started && other.host === started.host && other.daemon === started.daemon && other.program === started.program;
}

/** Did this process write the message? */
export const isBy = (known: KnownProcess, { daemon, record: { host, pid } }: DaemonMessage): boolean => known.pid === pid && known.daemon === daemon && known.host === host;
