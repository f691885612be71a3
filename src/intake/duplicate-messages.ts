import type { DaemonMessage } from '../model/daemon-message.js';

/** Maximum milliseconds between the stamps of one message in two logs. */
const APART = 2_000;
/** Messages per generation; the older of two generations is dropped when the newer one is full. */
const MAX_MESSAGES = 5_000;

/** Recent occurrences of one message. */
interface Count {
  time: number;
  /** Occurrences per log. */
  readonly in: Map<number, number>;
  /** The highest of these counts. */
  most: number;
}

/**
 * Recognises messages that several logs of one host contain: rsyslog may write a line to `auth.log` and `syslog`, and
 * charon to its own file as well. A message that occurs twice in the same log counts twice.
 */
export class DuplicateMessages {
  private recent = new Map<string, Count>();
  private earlier = new Map<string, Count>();

  /** Counts the message; true if another log has already had this occurrence. */
  isDouble({ record, daemon, saNumber, text }: DaemonMessage, log: number): boolean {
    const { time, host, repeats } = record;
    if (time === null) return false;
    const count = this.countOf(`${host}|${daemon}|${daemon === 'pluto' ? saNumber : ''}|${text}`, time);
    const own = (count.in.get(log) ?? 0) + repeats;
    count.in.set(log, own);
    if (own <= count.most) return true;
    count.most = own;
    return false;
  }

  private countOf(key: string, time: number): Count {
    const known = this.recent.get(key) ?? this.earlier.get(key);
    const isCurrent = known !== undefined && Math.abs(time - known.time) <= APART;
    const count = isCurrent ? known : { time, in: new Map<number, number>(), most: 0 };
    count.time = time;
    if (this.recent.size >= MAX_MESSAGES) {
      this.earlier = this.recent;
      this.recent = new Map();
    }
    this.recent.set(key, count);
    return count;
  }
}
