import type { Connection, Endpoint } from '../model/attempt.js';
import type { Daemon } from '../model/daemons.js';
import type { FieldValue } from '../model/fields.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import { isLike } from './same-story.js';
import type { SharedValues } from './shared-values.js';

/** From so many on, an early attempt joins a later one that ended alike, though others lie between them. */
const TELLING_ATTEMPTS = 12;
/** An SA that is up no longer was taken down by what its peer thought of it (milliseconds). */
const BRIEF = 10_000;

/** One connection while its attempts come and go. */
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

function learn(endpoint: Endpoint, address: FieldValue | undefined, id: FieldValue | undefined, port: FieldValue | undefined, shared: SharedValues): void {
  const [toldAddress, toldId] = [known(address), known(id)];
  if (toldAddress !== null && toldAddress !== endpoint.address) endpoint.address = shared.text(toldAddress);
  if (toldId !== null && toldId !== endpoint.id) endpoint.id = shared.text(toldId);
  if (typeof port === 'number') endpoint.port = port;
}

function known(value: string | number | undefined): string | null {
  return typeof value !== 'string' || value.startsWith('%any') || value === '0.0.0.0' ? null : value;
}

/** Number of the first block of lines that any of the attempts began in. */
export function leastBlock(attempts: Iterable<AttemptInProgress>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { block } of attempts) least = Math.min(least, block ?? least);
  return least;
}
