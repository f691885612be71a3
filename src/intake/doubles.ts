import type { DaemonMessage } from '../model/daemon-message.js';

/** Milliseconds between the stamps of one message in two logs. */
const APART = 2_000;
/** Messages remembered; it takes two such sets until one is forgotten. */
const MAX_MESSAGES = 5_000;

/** How often a message came, lately. */
interface Count {
  time: number;
  /** In each log. */
  readonly in: Map<number, number>;
  /** The most of them. */
  most: number;
}

/**
 * Recognises what several logs of one host have both: rsyslog writes a line to `auth.log` and to `syslog`, charon to its own file,
 * too. What one log has twice counts twice.
 */
export class Doubles {
  #recent = new Map<string, Count>();
  #earlier = new Map<string, Count>();

  /** Notes the message, and tells if another log has had it. */
  isDouble({ record, daemon, saNumber, text }: DaemonMessage, log: number): boolean {
    const { time, host, repeats } = record;
    if (time === null) return false;
    const count = this.#countOf(`${host}|${daemon}|${daemon === 'pluto' ? saNumber : ''}|${text}`, time);
    const own = (count.in.get(log) ?? 0) + repeats;
    count.in.set(log, own);
    if (own <= count.most) return true;
    count.most = own;
    return false;
  }

  #countOf(key: string, time: number): Count {
    const known = this.#recent.get(key) ?? this.#earlier.get(key);
    const isCurrent = known !== undefined && Math.abs(time - known.time) <= APART;
    const count = isCurrent ? known : { time, in: new Map<number, number>(), most: 0 };
    count.time = time;
    if (this.#recent.size >= MAX_MESSAGES) {
      this.#earlier = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, count);
    return count;
  }
}
