import type { DaemonMessage } from '../model/daemon-message.js';
import type { DaemonProcess } from './daemon-process.js';

/** A daemon process under the names that its records give it. */
export interface KnownProcess {
  readonly host: string;
  readonly daemon: string;
  readonly pid: number | null;
  /** `charon` for the one whose lines `ipsec` passes on. */
  readonly program: string;
  process: DaemonProcess;
  /** Another one was started in its place. */
  isReplaced: boolean;
  /** Time of its first and last line. */
  first: number | null;
  last: number | null;
}

/** Is it the process that has started, under this pid or the one before? There is one daemon of a name on a host. */
export function isPredecessor(other: KnownProcess, started: KnownProcess): boolean {
  return other === started || (other.host === started.host && other.daemon === started.daemon && other.program === started.program);
}

/** Did it write this message? */
export const isBy = (known: KnownProcess, { daemon, record: { host, pid } }: DaemonMessage): boolean => known.pid === pid && known.daemon === daemon && known.host === host;
