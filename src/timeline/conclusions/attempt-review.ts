import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';
import { leastBlock } from '../connections/connection-in-progress.js';
import type { Conclusions } from './conclusions.js';
import { QuietTime } from './quiet-time.js';

/** A failure is reported if nothing has cancelled it for this long (milliseconds of message time, as below). */
const FAILURE_SETTLES_AFTER = 2_000;
/** A silence of the peer is reported after this long. */
const STALL_AFTER = 3_000;
/** An attempt without any line for this long will not end in this log. */
const ABANDONED_AFTER = 3_600_000;
/** The same if the connection has been tried again since: daemons give up after some minutes. */
const OVERTAKEN_AFTER = 900_000;
/**
 * Limit on open attempts; beyond it, the oldest ones started by peers are dropped, because strangers can send packets
 * from any number of addresses.
 */
const MOST_OPEN = 20_000;
const LET_GO_AT_ONCE = 1_000;
/** A failed attempt without further lines for this long is over. */
const FORGOTTEN_AFTER = 120_000;
/** Interval between checks for abandoned attempts. */
const LOOK_ROUND_EVERY = 30_000;

/** Watches open attempts, and decides when a failure or silence is to be reported and when an attempt is over. */
export class AttemptReview {
  private readonly open = new Set<AttemptInProgress>();
  /** Open attempts that are failing or silent, but not reported yet. */
  private readonly unsettled = new Set<AttemptInProgress>();
  private readonly quiet = new QuietTime(ABANDONED_AFTER / 2);
  private lastRound = 0;

  constructor(private readonly conclusions: Conclusions) {}

  /** Called when an attempt has taken in a line or has ended. */
  review(attempt: AttemptInProgress): void {
    if (!attempt.over) {
      this.watch(attempt);
      return;
    }
    this.open.delete(attempt);
    this.unsettled.delete(attempt);
    if (!attempt.concluded) this.conclusions.take(attempt);
  }

  /** Advances message time to `time` (epoch milliseconds). */
  advance(time: number): void {
    this.quiet.advance(time);
    this.conclusions.settleDepartures(time);
    for (const attempt of this.unsettled) this.settle(attempt, time);
    if (time - this.lastRound >= LOOK_ROUND_EVERY) {
      this.lastRound = time - (time % LOOK_ROUND_EVERY);
      for (const attempt of this.open) this.expire(attempt, time);
    }
  }

  /** A live stream has paused: reports failures without waiting for a later line. */
  pause(): void {
    for (const attempt of this.unsettled) {
      if (attempt.failing && !attempt.announced) this.conclusions.announce('failed', attempt);
    }
  }

  /** The first block of lines to which later lines may still refer. */
  neededFrom(): number {
    return Math.min(leastBlock(this.open), this.conclusions.neededFrom());
  }

  private watch(attempt: AttemptInProgress): void {
    if (!attempt.watched) {
      attempt.watched = true;
      this.open.add(attempt);
      if (this.open.size > MOST_OPEN && this.open.size % LET_GO_AT_ONCE === 0) this.letGo();
    }
    if (!attempt.announced && (attempt.failing || attempt.silentSince !== null)) this.unsettled.add(attempt);
  }

  /** Ends the oldest attempts that this side did not initiate. */
  private letGo(): void {
    let left = LET_GO_AT_ONCE;
    for (const attempt of this.open) {
      if (attempt.role === 'initiator') continue;
      attempt.end(attempt.failing ? 'failed' : 'log-ends', attempt.lastTime);
      this.review(attempt);
      if (--left === 0) return;
    }
  }

  /** Ends an attempt that has been quiet for very long. */
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
      if (time - (attempt.failedAt ?? time) >= FAILURE_SETTLES_AFTER) this.conclusions.announce('failed', attempt);
    } else if (silentSince !== null && time - silentSince >= STALL_AFTER) {
      attempt.stall();
      this.conclusions.announce('stalled', attempt);
    }
  }
}

const isOvertaken = (attempt: AttemptInProgress): boolean => attempt.placed && attempt.purpose !== 'maintain' && attempt.connection.attempts.findLast(({ subject }) => subject === attempt.subject) !== attempt;
