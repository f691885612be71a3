import type { Connection, Endpoint, Subject } from '../../model/attempt.js';
import type { Daemon } from '../../model/daemons.js';
import type { FieldValue } from '../../model/fields.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';
import type { SharedValues } from '../values/shared-values.js';
import { isLike } from './identical-attempts.js';
import { chronologically } from './nameless-attempts.js';

/** Number of attempts from which early ones are folded into later identical ones, even if not adjacent. */
const TELLING_ATTEMPTS = 12;
/** An SA up for no longer than this (milliseconds) was taken down because of what its peer thought of it. */
const BRIEF = 10_000;
/** Only the end that assigns virtual addresses frees them (mem_pool.c, dhcp_socket.c). */
const RELEASES: ReadonlySet<string> = new Set(['child.virtual_ip_released']);

/** A connection while its attempts arrive. */
export class ConnectionInProgress implements Connection {
  readonly local: Endpoint = { address: null, port: null, id: null };
  readonly peer: Endpoint = { address: null, port: null, id: null };
  /**
   * Replaced on every change: an array that is added to reserves room for sixteen more, for each of very many
   * connections.
   */
  attempts: readonly AttemptInProgress[] = [];
  everEstablished = false;
  rekeys = 0;
  omittedAttempts = 0;

  constructor(
    readonly key: string,
    readonly host: string,
    readonly daemon: Daemon,
    readonly name: string | null,
  ) {}

  /** Adds an attempt; above `limit`, drops the oldest one that did not fail. */
  add(attempt: AttemptInProgress, limit: number): void {
    if (this.attempts.length >= Math.min(TELLING_ATTEMPTS, limit)) this.foldEarly();
    this.attempts = this.attempts.concat(attempt);
    while (this.attempts.length > limit) {
      const harmless = this.attempts.findIndex((each, index) => index > 0 && each.over && each.firstFailure === null);
      const omitted = harmless > 0 && harmless < this.attempts.length - 2 ? harmless : 1;
      this.omittedAttempts += this.attempts[omitted]?.repeats ?? 0;
      this.attempts = this.attempts.toSpliced(omitted, 1);
    }
  }

  /** Adds an SA that ended a while ago, before the attempts that started after its end. */
  addDeparted(attempt: AttemptInProgress, limit: number): void {
    this.add(attempt, limit);
    const { ended } = attempt;
    const next = this.attempts.findIndex((each) => each !== attempt && each.started !== null && ended !== null && each.started > ended);
    if (next < 0) return;
    this.remove(attempt);
    this.attempts = this.attempts.toSpliced(next, 0, attempt);
  }

  /** Takes over the attempts of a connection that proved to be this one. */
  adopt(other: ConnectionInProgress): void {
    for (const attempt of other.attempts) attempt.connection = this;
    this.attempts = [...this.attempts, ...other.attempts].sort(chronologically);
    other.attempts = [];
    this.everEstablished ||= other.everEstablished;
    this.rekeys += other.rekeys;
    this.omittedAttempts += other.omittedAttempts;
  }

  /**
   * A tunnel that comes and goes for months has only a few distinct stories; each is kept once, at its latest
   * occurrence.
   */
  private foldEarly(): void {
    for (let at = 0; at < TELLING_ATTEMPTS / 2; at += 1) {
      const early = this.attempts[at];
      const later = early === undefined || !early.over || early.outcome === 'established' ? null : this.laterLike(early, at);
      if (early === undefined || later === null) continue;
      this.attempts = this.attempts.toSpliced(at, 1);
      early.folded = true;
      later.repeats += early.repeats;
      later.retransmits += early.retransmits;
      later.lastRepeat ??= later.ended ?? later.lastTime;
      later.started = early.started;
      return;
    }
  }

  /**
   * The latest attempt like this one. After its first comparison only recent ones are checked, as most older ones no
   * longer change.
   */
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
    const at = this.attempts.lastIndexOf(attempt);
    if (at >= 0) this.attempts = this.attempts.toSpliced(at, 1);
  }

  /** Is an IKE SA of this connection up? */
  isUp(): boolean {
    return this.standing() !== undefined;
  }

  /** Was an IKE SA of this connection begun or ended in this log? If not, one from before it carries the Child SAs. */
  hasIke(): boolean {
    return this.attempts.some(({ subject }) => subject === 'ike');
  }

  /** The latest IKE SA that is up. */
  standing(): AttemptInProgress | undefined {
    return this.attempts.findLast(({ subject, outcome }) => subject === 'ike' && outcome === 'established');
  }

  /** Is a Child SA up that may have replaced the one of this attempt? */
  hasChildLike({ fields }: AttemptInProgress): boolean {
    const name = fields['child.name'];
    return this.attempts.some(({ subject, outcome, retired, fields: { 'child.name': other } }) => subject === 'child' && outcome === 'established' && !retired && (name === undefined || other === undefined || name === other));
  }

  /** The peer is a remote access client with a virtual address, which may come and go. */
  servesClient({ peerAddress, role }: AttemptInProgress): boolean {
    const ofPeer = this.attempts.filter((each) => each.peerAddress === null || each.peerAddress === peerAddress);
    return ofPeer.some((each) => (role === 'responder' && each.fields['virtual.ip'] !== undefined) || each.tells(RELEASES));
  }

  /** The latest Child SA failed to come up, so the end of its IKE SA is not news. */
  childFails(): boolean {
    return this.latest('child')?.firstFailure != null;
  }

  /** Another IKE SA failed before this one ended: that explains why it ended without a successor. */
  successorFails({ ended }: AttemptInProgress): boolean {
    const latest = this.latest('ike');
    return latest?.firstFailure != null && latest.failedAt !== null && ended !== null && latest.failedAt <= ended;
  }

  private latest(wanted: Subject): AttemptInProgress | undefined {
    return this.attempts.findLast(({ subject }) => subject === wanted);
  }

  /** The previous attempt with the same subject. */
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

  /** Folds SAs that came up and went down in the same way into one entry. */
  foldClosed(attempt: AttemptInProgress): void {
    const closed = this.before(attempt);
    const twin = closed?.outcome === 'closed' ? this.before(closed) : null;
    if (closed !== null && twin?.outcome === 'closed' && isLike(closed, twin)) this.fold(closed, twin);
  }

  /** Folds a repeated attempt into the earlier identical one. */
  fold(attempt: AttemptInProgress, twin: AttemptInProgress): void {
    this.remove(attempt);
    attempt.folded = true;
    twin.repeats += attempt.repeats;
    twin.retransmits += attempt.retransmits;
    twin.outcome = attempt.outcome;
    twin.lastRepeat = attempt.ended ?? attempt.lastTime;
    twin.block = attempt.block ?? twin.block;
  }

  /** The previous failure, if only briefly established SAs lie in between; null if none do. */
  beforeBrief(attempt: AttemptInProgress): AttemptInProgress | null {
    let earlier = this.before(attempt);
    if (earlier === null || !isBrief(earlier)) return null;
    while (earlier !== null && isBrief(earlier)) earlier = this.before(earlier);
    return earlier?.firstFailure == null ? null : earlier;
  }

  /** Folds an attempt into one from before such brief SAs, which takes its place: they cured neither failure. */
  foldAcross(attempt: AttemptInProgress, twin: AttemptInProgress): void {
    this.fold(attempt, twin);
    this.remove(twin);
    this.attempts = this.attempts.concat(twin);
    this.foldClosed(twin);
  }

  /** First block of lines of SAs that are up and of the latest failures, including repetitions. */
  neededFrom(): number {
    const failed = (['ike', 'child'] as const).map((about) => this.attempts.findLast(({ subject }) => subject === about));
    return leastBlock(this.attempts.filter((attempt) => attempt.outcome === 'established' || (failed.includes(attempt) && attempt.firstFailure !== null)));
  }

  /**
   * Takes over addresses and identities learned by an attempt. A different address may be another client, so its
   * identity is reset.
   */
  learn({ fields, peerAddress }: AttemptInProgress, shared: SharedValues): void {
    if (peerAddress !== null && peerAddress !== this.peer.address) {
      this.peer.address = shared.text(peerAddress);
      this.peer.id = null;
    }
    learnEnd(this.local, fields['local.address'], fields['local.id'], fields['local.port'], shared);
    learnEnd(this.peer, fields['peer.address'], fields['peer.id'], fields['peer.port'], shared);
  }
}

function isBrief({ outcome, started, ended }: AttemptInProgress): boolean {
  return outcome === 'closed' && started !== null && ended !== null && ended - started <= BRIEF;
}

function learnEnd(endpoint: Endpoint, address: FieldValue | undefined, id: FieldValue | undefined, port: FieldValue | undefined, shared: SharedValues): void {
  const [toldAddress, toldId] = [known(address), known(id)];
  if (toldAddress !== null && toldAddress !== endpoint.address) endpoint.address = shared.text(toldAddress);
  if (toldId !== null && toldId !== endpoint.id) endpoint.id = shared.text(toldId);
  if (typeof port === 'number') endpoint.port = port;
}

function known(value: string | number | undefined): string | null {
  return typeof value !== 'string' || value.startsWith('%any') || value === '0.0.0.0' ? null : value;
}

/** First block of lines in which any of the attempts began. */
export function leastBlock(attempts: Iterable<AttemptInProgress>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { block } of attempts) least = Math.min(least, block ?? least);
  return least;
}
