import type { Connection, Endpoint } from '../model/attempt.js';
import type { Daemon } from '../model/daemons.js';
import type { FieldValue } from '../model/fields.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import { isLike } from './same-story.js';
import type { SharedValues } from './shared-values.js';

/** Attempts kept of one connection: the first ones and the latest; those between are counted. Fewer where there are very many connections. */
const MOST_ATTEMPTS = 50;
const FEWEST_ATTEMPTS = 4;
/** From so many on, an early attempt joins a later one that ended alike, though others lie between them. */
const TELLING_ATTEMPTS = 12;
/** Attempts kept of all connections together, as far as {@link FEWEST_ATTEMPTS} allows; each takes about a kilobyte. */
const ALL_ATTEMPTS = 100_000;
/** A stranger can send packets from any number of addresses: unnamed connections beyond this many replace the oldest. */
const MAX_UNNAMED = 20_000;
const FORGOTTEN_AT_ONCE = 1_000;

/** An SA that is up no longer was taken down by what its peer thought of it (milliseconds). */
const BRIEF = 10_000;

/** Who logged a line. */
interface Speaker {
  readonly host: string;
  readonly daemon: Daemon;
}

export class ConnectionInProgress implements Connection {
  readonly local: Endpoint = { address: null, port: null, id: null };
  readonly peer: Endpoint = { address: null, port: null, id: null };
  readonly attempts: AttemptInProgress[] = [];
  everEstablished = false;
  rekeys = 0;
  omittedAttempts = 0;

  constructor(
    readonly key: string,
    readonly host: string,
    readonly daemon: Daemon,
    readonly name: string | null,
  ) {}

  /** Adds an attempt; drops the oldest harmless one where there are more than `limit`. */
  add(attempt: AttemptInProgress, limit: number): void {
    if (this.attempts.length >= Math.min(TELLING_ATTEMPTS, limit)) this.foldEarly();
    this.attempts.push(attempt);
    while (this.attempts.length > limit) {
      const harmless = this.attempts.findIndex((each, index) => index > 0 && each.over && each.firstFailure === null);
      const [omitted] = this.attempts.splice(harmless > 0 && harmless < this.attempts.length - 2 ? harmless : 1, 1);
      this.omittedAttempts += omitted?.repeats ?? 0;
    }
  }

  /** A tunnel that comes and goes for months has two or three stories; each is kept once, in the place of its latest telling. */
  private foldEarly(): void {
    for (let at = 0; at < TELLING_ATTEMPTS / 2; at += 1) {
      const early = this.attempts[at];
      const later = early === undefined || !early.over || early.outcome === 'established' ? null : this.laterLike(early, at);
      if (early === undefined || later === null) continue;
      this.attempts.splice(at, 1);
      early.folded = true;
      later.repeats += early.repeats;
      later.retransmits += early.retransmits;
      later.lastRepeat ??= later.ended ?? later.lastTime;
      later.started = early.started;
      return;
    }
  }

  /** The latest attempt like this one. Those that it was compared with are not looked at again, as most have changed no more. */
  private laterLike(early: AttemptInProgress, at: number): AttemptInProgress | null {
    const from = early.compared ? Math.max(at + 1, this.attempts.length - TELLING_ATTEMPTS / 2) : at + 1;
    early.compared = true;
    for (let index = this.attempts.length - 1; index >= from; index -= 1) {
      const each = this.attempts[index];
      if (each?.concluded === true && each.outcome === early.outcome && isLike(each, early)) return each;
    }
    return null;
  }

  remove(attempt: AttemptInProgress): void {
    const at = this.attempts.indexOf(attempt);
    if (at >= 0) this.attempts.splice(at, 1);
  }

  /** An IKE SA of this connection is up. */
  isUp(): boolean {
    return this.attempts.some(({ subject, outcome }) => subject === 'ike' && outcome === 'established');
  }

  /** A Child SA is up that the one of this attempt may have been replaced by. */
  hasChildLike({ fields }: AttemptInProgress): boolean {
    const name = fields['child.name'];
    return this.attempts.some(({ subject, outcome, retired, fields: { 'child.name': other } }) => subject === 'child' && outcome === 'established' && !retired && (name === undefined || other === undefined || name === other));
  }

  /** The peer is a client that came to this gateway and was given an address: it comes and goes as it likes. */
  servesClient({ peerAddress, role }: AttemptInProgress): boolean {
    return role === 'responder' && this.attempts.some((each) => each.fields['virtual.ip'] !== undefined && (each.peerAddress === null || each.peerAddress === peerAddress));
  }

  /** The latest Child SA did not come up, so that the end of its IKE SA is no news. */
  childFails(): boolean {
    return this.attempts.findLast(({ subject }) => subject === 'child')?.firstFailure != null;
  }

  /** The attempt about the same subject that came before this one. */
  before(attempt: AttemptInProgress): AttemptInProgress | null {
    const { attempts } = this;
    let at = attempts.length - 1;
    while (at >= 0 && attempts[at] !== attempt) at -= 1;
    for (let index = (at < 0 ? attempts.length : at) - 1; index >= 0; index -= 1) {
      const earlier = attempts[index];
      if (earlier !== undefined && earlier.subject === attempt.subject) return earlier;
    }
    return null;
  }

  /** SAs that came up and went down again in the same way are one entry, too. */
  foldClosed(attempt: AttemptInProgress): void {
    const closed = this.before(attempt);
    const twin = closed?.outcome === 'closed' ? this.before(closed) : null;
    if (closed !== null && twin?.outcome === 'closed' && isLike(closed, twin)) this.fold(closed, twin);
  }

  /** One more identical attempt: the earlier one stands for it. */
  fold(attempt: AttemptInProgress, twin: AttemptInProgress): void {
    if (this.attempts.at(-1) === attempt) this.attempts.pop();
    else this.attempts.splice(this.attempts.lastIndexOf(attempt), 1);
    attempt.folded = true;
    twin.repeats += attempt.repeats;
    twin.retransmits += attempt.retransmits;
    twin.outcome = attempt.outcome;
    twin.lastRepeat = attempt.ended ?? attempt.lastTime;
    twin.block = attempt.block ?? twin.block;
  }

  /** The failure before this one, where the SAs between them were up for a moment only; null where nothing lies between. */
  beforeBrief(attempt: AttemptInProgress): AttemptInProgress | null {
    let earlier = this.before(attempt);
    if (earlier === null || !isBrief(earlier)) return null;
    while (earlier !== null && isBrief(earlier)) earlier = this.before(earlier);
    return earlier?.firstFailure == null ? null : earlier;
  }

  /** Folds an attempt into one from before such a moment, which takes its place: what came between has cured neither. */
  foldAcross(attempt: AttemptInProgress, twin: AttemptInProgress): void {
    this.fold(attempt, twin);
    this.remove(twin);
    this.attempts.push(twin);
    this.foldClosed(twin);
  }

  /** First block of lines of what is up and of what failed last, be it a repetition. */
  neededFrom(): number {
    const failed = (['ike', 'child'] as const).map((about) => this.attempts.findLast(({ subject }) => subject === about));
    return leastBlock(this.attempts.filter((attempt) => attempt.outcome === 'established' || (failed.includes(attempt) && attempt.firstFailure !== null)));
  }

  /** Takes over addresses and identities that an attempt learned; another address may be another client, whose identity is not known yet. */
  learn({ fields, peerAddress }: AttemptInProgress, shared: SharedValues): void {
    if (peerAddress !== null && peerAddress !== this.peer.address) {
      this.peer.address = shared.text(peerAddress);
      this.peer.id = null;
    }
    learn(this.local, fields['local.address'], fields['local.id'], fields['local.port'], shared);
    learn(this.peer, fields['peer.address'], fields['peer.id'], fields['peer.port'], shared);
  }
}

function isBrief({ outcome, started, ended }: AttemptInProgress): boolean {
  return outcome === 'closed' && started !== null && ended !== null && ended - started <= BRIEF;
}

/** Number of the first line that an attempt keeps. */
function beginning({ entries, firstFailure }: AttemptInProgress): number {
  return (entries[0] ?? firstFailure)?.event.message.record.line.number ?? 0;
}

function learn(endpoint: Endpoint, address: FieldValue | undefined, id: FieldValue | undefined, port: FieldValue | undefined, shared: SharedValues): void {
  const [toldAddress, toldId] = [known(address), known(id)];
  if (toldAddress !== null && toldAddress !== endpoint.address) endpoint.address = shared.text(toldAddress);
  if (toldId !== null && toldId !== endpoint.id) endpoint.id = shared.text(toldId);
  if (typeof port === 'number') endpoint.port = port;
}

function known(value: string | number | undefined): string | null {
  return typeof value !== 'string' || value.startsWith('%any') || value === '0.0.0.0' ? null : value;
}

/** All connections of a run, by host, daemon and name, or by peer address where no name is known. */
export class Connections {
  private readonly byKey = new Map<string, ConnectionInProgress>();
  private readonly unnamed = new Set<string>();

  /** `onForgotten` is told the key of a connection that is let go of. */
  constructor(private readonly shared: SharedValues, private readonly onForgotten: (key: string) => void) {}

  all(): readonly ConnectionInProgress[] {
    return [...this.byKey.values()];
  }

  /** How many attempts each connection may keep. */
  get limit(): number {
    return Math.max(FEWEST_ATTEMPTS, Math.min(MOST_ATTEMPTS, Math.floor(ALL_ATTEMPTS / this.byKey.size)));
  }

  /** The connection with this name, or with this peer when there is no name. */
  find({ daemon, host }: Speaker, name: string | null, peer: string | null): ConnectionInProgress {
    const key = `${host}|${daemon}|${name === null ? `peer:${peer ?? '?'}` : `name:${name}`}`;
    const known = this.byKey.get(key);
    if (known !== undefined) {
      return known;
    }
    const connection = new ConnectionInProgress(key, this.shared.text(host), daemon, name === null ? null : this.shared.text(name));
    connection.peer.address = name === null ? peer : null;
    this.byKey.set(key, connection);
    if (name === null) this.addUnnamed(key);
    return connection;
  }

  /** The log ends: a name that did not resolve, of a connection that was not told, is the only connection's. */
  nameUnresolved(): void {
    for (const key of this.unnamed) {
      const nameless = this.byKey.get(key);
      if (nameless === undefined || nameless.peer.address !== null || !nameless.attempts.every(({ firstFailure }) => firstFailure?.event.kind === 'network.dns_failed')) continue;
      const [only, ...more] = [...this.byKey.values()].filter(({ host, daemon, attempts }) => host === nameless.host && daemon === nameless.daemon && attempts.length > 0).filter((each) => each !== nameless);
      if (only === undefined || more.length > 0 || only.name === null) continue;
      for (const attempt of nameless.attempts) attempt.connection = only;
      only.attempts.push(...nameless.attempts.splice(0));
      only.attempts.sort((one, other) => beginning(one) - beginning(other));
    }
  }

  neededFrom(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const connection of this.byKey.values()) least = Math.min(least, connection.neededFrom());
    return least;
  }

  /** The oldest go many at a time: to look for the first key of a map takes time where many before it have been deleted. */
  private addUnnamed(added: string): void {
    this.unnamed.add(added);
    if (this.unnamed.size <= MAX_UNNAMED) return;
    for (const key of this.unnamed) {
      this.unnamed.delete(key);
      this.byKey.delete(key);
      this.onForgotten(key);
      if (this.unnamed.size <= MAX_UNNAMED - FORGOTTEN_AT_ONCE) return;
    }
  }
}

/** Number of the first block of lines that any of the attempts began in. */
export function leastBlock(attempts: Iterable<AttemptInProgress>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { block } of attempts) least = Math.min(least, block ?? least);
  return least;
}
