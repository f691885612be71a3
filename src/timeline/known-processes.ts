import type { DaemonMessage } from '../model/daemon-message.js';
import type { DaemonProcess } from './associations/daemon-process.js';
import { isBy } from './known-process.js';
import type { KnownProcess } from './known-process.js';

/** pluto has passwords checked by PAM in a child with a pid of its own, for one check each. */
const PASSWORD_CHECK = /^pam_\w+\(pluto:| FAILED during pam_/;

/** The daemon processes of a run, by host, daemon and pid. */
export class KnownProcesses {
  private readonly byKey = new Map<string, KnownProcess>();
  /** By host: charon's latest process, and the key of the program that relays its lines. */
  private readonly charons = new Map<string, KnownProcess>();
  private readonly starters = new Map<string, string>();
  private latest: KnownProcess | null = null;
  private beforeLatest: KnownProcess | null = null;

  constructor(private readonly createProcess: () => DaemonProcess) {}

  /** A process whose lines are also relayed is yielded twice. */
  [Symbol.iterator](): Iterator<KnownProcess> {
    return this.byKey.values();
  }

  /** The process that logged a message; usually that of the previous line, or of the one before. */
  of(message: DaemonMessage): KnownProcess {
    const { latest, beforeLatest } = this;
    if (latest !== null && isBy(latest, message)) {
      return latest;
    }
    const known = beforeLatest !== null && isBy(beforeLatest, message) ? beforeLatest : this.lookUp(message);
    this.beforeLatest = this.latest;
    this.latest = known;
    return known;
  }

  private lookUp(message: DaemonMessage): KnownProcess {
    const { daemon, record: { host, pid } } = message;
    const key = `${host}|${daemon}|${pid ?? ''}`;
    const known = this.byKey.get(key) ?? this.parentOf(message);
    if (known !== undefined) return known;
    // A new process may take over what was logged under another name.
    this.latest = null;
    return this.know(message, key);
  }

  /** The process whose child logs the message. */
  private parentOf({ daemon, text, record: { host } }: DaemonMessage): KnownProcess | undefined {
    if (daemon !== 'pluto' || !PASSWORD_CHECK.test(text)) return undefined;
    return [...this.byKey.values()].findLast((other) => other.host === host && other.daemon === daemon && !other.isReplaced);
  }

  /** Registers a new process. `ipsec start` relays charon's output under its own name and pid: both are one process. */
  private know({ daemon, record: { host, pid, program } }: DaemonMessage, key: string): KnownProcess {
    const starter = daemon === 'charon' && program === 'ipsec';
    const partner = starter ? this.charons.get(host) : daemon === 'charon' && !this.charons.has(host) ? this.byKey.get(this.starters.get(host) ?? '') : undefined;
    const known = partner ?? { host, daemon, pid, program: starter ? 'charon' : program, process: this.createProcess(), isReplaced: false, first: null, last: null };
    this.byKey.set(key, known);
    if (starter) {
      this.starters.set(host, key);
    } else if (daemon === 'charon') {
      this.charons.set(host, known);
      const passedOn = this.starters.get(host);
      if (passedOn !== undefined) this.byKey.set(passedOn, known);
    }
    return known;
  }

  /** Drops replaced processes of which nothing is left, so that a run of months does not grow. */
  tidy(): void {
    for (const [key, { process, isReplaced }] of this.byKey) if (isReplaced && process.live.isEmpty) this.byKey.delete(key);
  }
}
