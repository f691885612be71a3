import type { Connection, Subject } from '../model/attempt.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import { Connections, leastBlock } from './connections.js';
import type { ConnectionInProgress } from './connections.js';
import { QuietTime } from './quiet-time.js';
import { failsSoFarLike, isLike } from './same-story.js';
import { SharedValues } from './shared-values.js';

/** What there is to tell about an attempt. */
export interface AttemptChange {
  readonly type: 'failed' | 'stalled' | 'repeated' | 'recovered';
  readonly attempt: AttemptInProgress;
}

/** A failure is told about when nothing has taken it back for so long (milliseconds of message time). */
const FAILURE_SETTLES_AFTER = 2_000;
/** Silence of the peer is announced after so long. */
const STALL_AFTER = 3_000;
/** An attempt of which nothing was heard for so long never ends in this log. */
const ABANDONED_AFTER = 3_600_000;
/** The same where the connection was tried anew since: daemons give up after some minutes. */
const OVERTAKEN_AFTER = 900_000;
/** Attempts under way, before the oldest that peers have begun are let go of: strangers can send packets from any number of addresses. */
const MOST_OPEN = 20_000;
const LET_GO_AT_ONCE = 1_000;
/** An attempt that failed and of which nothing was heard for so long is over. */
const FORGOTTEN_AFTER = 120_000;
/** How often attempts that may have been abandoned are looked for. */
const LOOK_ROUND_EVERY = 30_000;
/** An SA that was deleted counts as gone when none took its place for so long. */
const DEPARTED_AFTER = 10_000;
/** A Child SA may be replaced by a new negotiation, which the daemon puts off a little. */
const CHILD_DEPARTED_AFTER = 30_000;
const SUBJECTS: readonly Subject[] = ['ike', 'child'];
const DEPARTURES: ReadonlySet<string> = new Set(['ike.deleted_by_peer', 'lifecycle.terminated_by_operator', 'ike.replaced_by_duplicate', 'lifecycle.peer_restarted', 'child.deleted_by_peer', 'child.deleted_elsewhere', 'child.terminated_by_operator']);
/** How a client of remote access ends its session. */
const HANGING_UP: ReadonlySet<string> = new Set(['ike.deleted_by_peer', 'child.deleted_by_peer']);

/**
 * Watches attempts while they are under way, decides when a failure or a silence is worth telling, and hands those that are
 * over to their connection.
 */
export class AttemptReview {
  readonly connections: Connections;
  private readonly open = new Set<AttemptInProgress>();
  /** Those of the open ones that fail or are silent and of which nothing has been told yet. */
  private readonly unsettled = new Set<AttemptInProgress>();
  private readonly departed = new Set<AttemptInProgress>();
  private readonly failing = new Set<string>();
  /** The attempts concluded last, in a ring: their stories are whole. */
  private readonly recent: AttemptInProgress[] = [];
  private oldest = 0;
  private readonly shared = new SharedValues();
  private lastRound = 0;
  private readonly quiet = new QuietTime(ABANDONED_AFTER / 2);

  /** `stories`: of how many attempts all lines are kept. */
  constructor(private readonly tell: (change: AttemptChange) => void, private readonly stories: number) {
    this.connections = new Connections(this.shared, (key) => SUBJECTS.forEach((subject) => this.failing.delete(storyKey({ connection: { key }, subject }))));
  }

  /** An attempt has taken in a line, or has ended. */
  review(attempt: AttemptInProgress): void {
    if (!attempt.over) {
      this.watch(attempt);
      return;
    }
    this.open.delete(attempt);
    this.unsettled.delete(attempt);
    if (attempt.concluded) {
      return;
    }
    attempt.concluded = true;
    this.remember(attempt);
    if (attempt.outcome === 'superseded') {
      return;
    }
    if (attempt.purpose === 'maintain' && attempt.firstFailure === null) this.reviewUpkeep(attempt);
    else if (attempt.renews !== null && (attempt.outcome === 'closed' || attempt.outcome === 'interrupted')) this.closeRenewed(attempt, attempt.renews);
    else this.conclude(attempt);
    attempt.renews = null;
  }

  /** Message time has come to `time` (epoch milliseconds). */
  advance(time: number): void {
    this.quiet.advance(time);
    this.settleDepartures(time);
    for (const attempt of this.unsettled) this.settle(attempt, time);
    if (time - this.lastRound >= LOOK_ROUND_EVERY) {
      this.lastRound = time - (time % LOOK_ROUND_EVERY);
      for (const attempt of this.open) this.expire(attempt, time);
    }
  }

  /** A live stream has paused: failures are told about without waiting for a later line. */
  pause(): void {
    for (const attempt of this.unsettled) {
      if (attempt.failing && !attempt.announced) this.announce('failed', attempt);
    }
  }

  /** An attempt that came up has failed all the same, and stands for another one that did, too. */
  disprove(attempt: AttemptInProgress, another: AttemptInProgress | null): void {
    if (another?.placed === true) {
      (another.connection as ConnectionInProgress).remove(another);
      another.folded = true;
    }
    if (attempt.told) this.tell({ type: 'repeated', attempt });
    else this.tellFailure('failed', attempt);
  }

  /** What has failed again and again serves its peer. */
  serves(attempt: AttemptInProgress): void {
    this.tellRecovery(attempt);
  }

  /** The log ends. */
  finish(): void {
    this.settleDepartures(null);
  }

  /** Number of the first block of lines that later lines may still be about. */
  neededFrom(): number {
    return Math.min(leastBlock(this.open), leastBlock(this.departed), this.connections.neededFrom());
  }

  /** How many connections fail, be it their IKE SA, their Child SA or both. */
  countFailing(): number {
    const connections = new Set<string>();
    for (const story of this.failing) connections.add(story.slice(0, story.lastIndexOf('|')));
    return connections.size;
  }

  restoreFailing(stories: Iterable<string>): void {
    for (const story of stories) this.failing.add(story);
  }

  private watch(attempt: AttemptInProgress): void {
    if (!attempt.watched) {
      attempt.watched = true;
      this.open.add(attempt);
      if (this.open.size > MOST_OPEN && this.open.size % LET_GO_AT_ONCE === 0) this.letGo();
    }
    if (!attempt.announced && (attempt.failing || attempt.silentSince !== null)) this.unsettled.add(attempt);
  }

  /** The oldest attempts that this side has not begun are over. */
  private letGo(): void {
    let left = LET_GO_AT_ONCE;
    for (const attempt of this.open) {
      if (attempt.role === 'initiator') continue;
      attempt.end(attempt.failing ? 'failed' : 'log-ends', attempt.lastTime);
      this.review(attempt);
      if (--left === 0) return;
    }
  }

  /** Nothing was heard of the attempt for very long. */
  private expire(attempt: AttemptInProgress, time: number): boolean {
    const quiet = this.quiet.since(attempt.lastTime ?? time, time);
    const abandoned = quiet >= ABANDONED_AFTER || (quiet >= OVERTAKEN_AFTER && isOvertaken(attempt));
    if (!abandoned && !(attempt.failing && quiet >= FORGOTTEN_AFTER)) return false;
    attempt.end(abandoned ? 'log-ends' : 'failed', attempt.lastTime);
    this.review(attempt);
    return true;
  }

  private settle(attempt: AttemptInProgress, time: number): void {
    if (this.expire(attempt, time)) return;
    const { silentSince } = attempt;
    if (attempt.announced || (!attempt.failing && silentSince === null)) {
      this.unsettled.delete(attempt);
    } else if (attempt.failing) {
      if (time - (attempt.failedAt ?? time) >= FAILURE_SETTLES_AFTER) this.announce('failed', attempt);
    } else if (silentSince !== null && time - silentSince >= STALL_AFTER) {
      attempt.stall();
      this.announce('stalled', attempt);
    }
  }

  /** An SA that was up recovered from silence, or is gone without having failed. */
  private reviewUpkeep(attempt: AttemptInProgress): void {
    if (attempt.placed) (attempt.connection as ConnectionInProgress).remove(attempt);
    if (attempt.outcome === 'established') {
      this.tellRecovery(attempt);
    } else if (attempt.tells(DEPARTURES)) {
      this.departed.add(attempt);
    }
  }

  /** charon reauthenticates by deleting an SA and making another, whose story tells how that went. */
  private closeRenewed(attempt: AttemptInProgress, renewed: AttemptInProgress): void {
    if (attempt.placed) (attempt.connection as ConnectionInProgress).remove(attempt);
    renewed.close(attempt.ended);
  }

  /** SAs that were taken down and that nothing replaced: worth telling, though nothing failed. */
  private settleDepartures(time: number | null): void {
    for (const attempt of this.departed) {
      if (time !== null && time - (attempt.ended ?? time) < (attempt.subject === 'child' ? CHILD_DEPARTED_AFTER : DEPARTED_AFTER)) continue;
      this.departed.delete(attempt);
      const connection = this.placeInConnection(attempt);
      connection.remove(attempt);
      if (attempt.subject === 'child' ? !connection.isUp() || connection.hasChildLike(attempt) : connection.isUp() || connection.childFails()) continue;
      if (connection.servesClient(attempt) && attempt.tells(HANGING_UP)) continue;
      connection.add(attempt, this.connections.limit);
      attempt.depart();
      this.conclude(attempt);
    }
  }

  /** An attempt is over: it joins its connection, or the count of identical ones before it. */
  private conclude(attempt: AttemptInProgress): void {
    const connection = this.placeInConnection(attempt);
    connection.learn(attempt, this.shared);
    const failed = attempt.firstFailure !== null;
    if (attempt.outcome === 'established') {
      connection.everEstablished = true;
      if (attempt.purpose === 'rekey' || attempt.purpose === 'reauthenticate') connection.rekeys += 1;
    }
    const twin = failed ? this.twinOf(attempt, connection) : null;
    const early = failed && twin === null ? connection.beforeBrief(attempt) : null;
    if (twin !== null) {
      connection.fold(attempt, twin);
      this.tell({ type: 'repeated', attempt: twin });
      return;
    }
    if (early !== null && isLike(attempt, early)) {
      connection.foldAcross(attempt, early);
      this.tell({ type: 'repeated', attempt: early });
      return;
    }
    connection.foldClosed(attempt);
    if (failed) {
      this.tellFailure('failed', attempt);
    } else if (attempt.outcome === 'established') {
      this.tellRecovery(attempt);
    }
  }

  /** Only of the latest attempts all lines are kept: memory must not grow with the log. */
  private remember(attempt: AttemptInProgress): void {
    const old = this.recent[this.oldest];
    old?.abridge(this.shared, old.placed && !old.folded ? (old.connection as ConnectionInProgress).before(old)?.fields : undefined);
    this.recent[this.oldest] = attempt;
    this.oldest = (this.oldest + 1) % this.stories;
  }

  private announce(type: 'failed' | 'stalled', attempt: AttemptInProgress): void {
    attempt.announced = true;
    const connection = this.placeInConnection(attempt);
    connection.learn(attempt, this.shared);
    if (!this.failsAsBefore(attempt, connection)) this.tellFailure(type, attempt);
  }

  private tellFailure(type: 'failed' | 'stalled', attempt: AttemptInProgress): void {
    if (!attempt.told) {
      attempt.told = true;
      this.failing.add(storyKey(attempt));
      this.tell({ type, attempt });
    }
  }

  private tellRecovery(attempt: AttemptInProgress): void {
    if (this.failing.size > 0 && this.failing.delete(storyKey(attempt))) this.tell({ type: 'recovered', attempt });
  }

  private placeInConnection(attempt: AttemptInProgress): ConnectionInProgress {
    if (!attempt.placed) {
      const { owner } = attempt;
      const sibling = attempt.daemon === 'kernel' ? [owner?.ike, owner?.child, owner?.parent?.ike].find((each) => each?.placed === true) : undefined;
      const known = sibling?.connection as ConnectionInProgress | undefined;
      const connection = known ?? this.connections.find(attempt, owner?.name ?? owner?.parent?.name ?? null, owner?.peerAddress ?? null);
      connection.add(attempt, this.connections.limit);
      attempt.connection = connection;
      attempt.owner = null;
      attempt.placed = true;
    }
    return attempt.connection as ConnectionInProgress;
  }

  private twinOf(attempt: AttemptInProgress, connection: ConnectionInProgress): AttemptInProgress | null {
    const before = connection.before(attempt);
    return before !== null && before.over && (isLike(attempt, before) || failsSoFarLike(attempt, before)) ? before : null;
  }

  /** The attempt before fails in the same way, so that nothing new is to be told yet. */
  private failsAsBefore(attempt: AttemptInProgress, connection: ConnectionInProgress): boolean {
    const before = connection.before(attempt)?.firstFailure;
    return before != null && before.event.kind === attempt.firstFailure?.event.kind;
  }
}

const isOvertaken = (attempt: AttemptInProgress): boolean => attempt.placed && attempt.purpose !== 'maintain' && attempt.connection.attempts.findLast(({ subject }) => subject === attempt.subject) !== attempt;

const storyKey = ({ connection, subject }: { readonly connection: Pick<Connection, 'key'>; readonly subject: Subject }): string => `${connection.key}|${subject}`;
