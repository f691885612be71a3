import type { DaemonMessage } from '../model/daemon-message.js';
import type { DaemonProcess } from './associations/daemon-process.js';
import { isBy } from './known-process.js';
import type { KnownProcess } from './known-process.js';

/** pluto has passwords checked by PAM in a child with a pid of its own, for one check each. */
const PASSWORD_CHECK = /^pam_\w+\(pluto:| FAILED during pam_/;

/**
 * Milliseconds of message time after which a process without SAs is forgotten, if a later one of the same program has
 * logged since: the start of the later one may be missing from the log, and a command such as swanctl has a new pid
 * each time.
 */
const IDLE = 3_600_000;
/** Latest processes of a host that a line of its kernel may concern. */
const ASKED = 256;

type Span = Pick<KnownProcess, 'host' | 'first' | 'last'>;

/** The daemon processes of a run, by host, daemon and pid. */
export class KnownProcesses {
  private readonly byKey = new Map<string, KnownProcess>();
  private readonly byHost = new Map<string, KnownProcess[]>();
  /** When the forgotten processes of each host have logged. */
  private readonly forgotten = new Map<string, Span>();
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

  /** The processes on a host, without its kernel. */
  on(host: string): readonly KnownProcess[] {
    return this.byHost.get(host) ?? [];
  }

  /** The latest of them first: one that it has replaced may not have logged the end of its SAs. */
  latestOn(host: string): readonly DaemonProcess[] {
    return this.on(host).slice(-ASKED).reverse().map(({ process }) => process);
  }

  /** When the processes of each host have logged, including those forgotten. */
  *spans(): Generator<Span> {
    yield* this.forgotten.values();
    yield* this.byKey.values();
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
    if (partner === undefined && daemon !== 'kernel') this.addTo(host, known);
    if (starter) {
      this.starters.set(host, key);
    } else if (daemon === 'charon') {
      this.charons.set(host, known);
      const passedOn = this.starters.get(host);
      if (passedOn !== undefined) this.byKey.set(passedOn, known);
    }
    return known;
  }

  private addTo(host: string, known: KnownProcess): void {
    const others = this.byHost.get(host);
    if (others === undefined) this.byHost.set(host, [known]);
    else others.push(known);
  }

  /** Drops processes of which nothing is left, so that a run of months does not grow. */
  tidy(time: number): void {
    const latest = new Map<string, KnownProcess>();
    for (const known of this.byKey.values()) latest.set(programOf(known), latestOf(latest.get(programOf(known)), known));
    const isIdle = (known: KnownProcess): boolean => latest.get(programOf(known)) !== known && known.last !== null && time - known.last > IDLE && known.process.earlier.orderInVain() === null;
    const over = new Set([...this.byKey.values()].filter((known) => known.process.live.isEmpty && (known.isReplaced || isIdle(known))));
    if (over.size > 0) this.forget(over);
  }

  private forget(over: ReadonlySet<KnownProcess>): void {
    for (const [key, known] of this.byKey) if (over.has(known)) this.byKey.delete(key);
    for (const { host, first, last } of over) {
      const before = this.forgotten.get(host);
      this.forgotten.set(host, { host, first: before?.first ?? first, last: last ?? before?.last ?? null });
    }
    for (const host of new Set([...over].map((known) => known.host))) this.byHost.set(host, this.on(host).filter((known) => !over.has(known)));
    [this.latest, this.beforeLatest] = [null, null];
  }
}

const programOf = ({ host, daemon, program }: KnownProcess): string => `${host}|${daemon}|${program}`;

/** The one that logged last, or the later one. */
const latestOf = (one: KnownProcess | undefined, other: KnownProcess): KnownProcess => (one !== undefined && (one.last ?? 0) > (other.last ?? 0) ? one : other);
