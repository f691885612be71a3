import { groupBy } from '../../model/group-by.js';
import { standsFor } from '../../model/standing-sa.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';
import { leastBlock } from '../connections/connection-in-progress.js';
import type { ConnectionInProgress } from '../connections/connection-in-progress.js';
import { Connections } from '../connections/connections.js';
import { failsSoFarLike, isLike } from '../connections/identical-attempts.js';
import { SharedValues } from '../values/shared-values.js';
import { CleanDisconnects, isInProgress, isNotReported, mayReplace, peerKeyOf } from './clean-disconnects.js';
import { ReportedFailures } from './reported-failures.js';
import type { AttemptChange } from './reported-failures.js';

/**
 * Passes attempts that are over or to be reported to their connections: repetitions are counted, anything else is
 * reported.
 */
export class Conclusions {
  readonly connections: Connections;
  readonly told: ReportedFailures;
  private readonly disconnects = new CleanDisconnects();
  /** Ring of the latest concluded attempts, whose lines are all kept. */
  private readonly recent: AttemptInProgress[] = [];
  private oldest = 0;
  private readonly shared = new SharedValues();

  /** `stories`: number of attempts whose lines are all kept. */
  constructor(tell: (change: AttemptChange) => void, private readonly stories: number) {
    this.told = new ReportedFailures(tell);
    this.connections = new Connections(this.shared, (key) => this.told.forget(key));
  }

  /** Takes an attempt that is over. */
  take(attempt: AttemptInProgress): void {
    attempt.concluded = true;
    this.remember(attempt);
    if (attempt.outcome === 'superseded') {
      return;
    }
    if (attempt.purpose === 'maintain' && attempt.firstFailure === null) this.concludeUpkeep(attempt);
    else if (attempt.renews !== null && (attempt.outcome === 'closed' || attempt.outcome === 'interrupted')) this.closeRenewed(attempt, attempt.renews);
    else this.conclude(attempt);
    if (attempt.endsIkeSa) attempt.renews?.close(attempt.ended);
    attempt.renews = null;
  }

  /** Reports that an attempt in progress fails or is silent. */
  announce(type: 'failed' | 'stalled', attempt: AttemptInProgress): void {
    attempt.announced = true;
    const connection = this.placeInConnection(attempt);
    connection.learn(attempt, this.shared);
    if (!this.failsAsBefore(attempt, connection) && !followsFromChild(attempt, connection) && !isReplaced(attempt, connection)) this.told.tellFailure(type, attempt);
  }

  /**
   * Advances message time to `time` (epoch milliseconds; null: end of the log): reports SAs that were taken down and
   * not replaced.
   */
  settleDepartures(time: number | null): void {
    const begunLast = time === null ? groupBy(this.connections.all().flatMap(({ attempts }) => attempts.filter(isInProgress)), peerKeyOf) : null;
    for (const attempt of this.disconnects.take(time)) {
      const connection = this.placeInConnection(attempt);
      connection.remove(attempt);
      if (isNotReported(attempt, connection) || begunLast?.get(peerKeyOf(attempt))?.some((other) => mayReplace(other, attempt)) === true) continue;
      connection.addDeparted(attempt, this.connections.limit);
      attempt.depart();
      this.conclude(attempt);
    }
  }

  /** An attempt that came up has failed after all, and stands for `another` one that did too. */
  disprove(attempt: AttemptInProgress, another: AttemptInProgress | null): void {
    if (another?.placed === true) {
      (another.connection as ConnectionInProgress).remove(another);
      another.folded = true;
    }
    if (attempt.told !== null) this.told.tellRepeated(attempt);
    else this.told.tellFailure('failed', attempt);
  }

  /** The first block of lines to which later lines may still refer. */
  neededFrom(): number {
    return Math.min(leastBlock(this.disconnects.all()), this.connections.neededFrom());
  }

  /** An established SA recovered from a silence, or ended without a failure. */
  private concludeUpkeep(attempt: AttemptInProgress): void {
    if (attempt.placed) (attempt.connection as ConnectionInProgress).remove(attempt);
    if (attempt.outcome === 'established') this.told.tellRecovery(attempt);
    else this.disconnects.add(attempt);
  }

  /** In a reauthentication charon deletes the SA and creates another, whose attempt shows the result. */
  private closeRenewed(attempt: AttemptInProgress, renewed: AttemptInProgress): void {
    if (attempt.placed) (attempt.connection as ConnectionInProgress).remove(attempt);
    renewed.close(attempt.ended);
  }

  /** Adds the attempt to its connection, or to the count of identical ones. */
  private conclude(attempt: AttemptInProgress): void {
    const connection = this.placeInConnection(attempt);
    connection.learn(attempt, this.shared);
    if (followsFromChild(attempt, connection)) {
      connection.remove(attempt);
      connection.standing()?.close(attempt.ended);
      return;
    }
    const failed = attempt.firstFailure !== null;
    if (attempt.outcome === 'established') {
      connection.everEstablished = true;
      if (attempt.purpose === 'rekey' || attempt.purpose === 'reauthenticate') connection.rekeys += 1;
    }
    const twin = failed ? this.twinOf(attempt, connection) : null;
    const early = failed && twin === null ? connection.beforeBrief(attempt) : null;
    if (twin !== null) {
      connection.fold(attempt, twin);
      this.told.tellRepeated(twin);
      return;
    }
    if (early !== null && isLike(attempt, early)) {
      connection.foldAcross(attempt, early);
      this.told.tellRepeated(early);
      return;
    }
    connection.foldClosed(attempt);
    if (failed) {
      if (!isReplaced(attempt, connection)) this.told.tellFailure('failed', attempt);
    } else if (attempt.outcome === 'established') {
      this.told.tellRecovery(attempt);
    }
  }

  /** Keeps all lines of the latest attempts only: memory must not grow with the log. */
  private remember(attempt: AttemptInProgress): void {
    const old = this.recent[this.oldest];
    old?.abridge(this.shared, old.placed && !old.folded ? (old.connection as ConnectionInProgress).before(old)?.fields : undefined);
    this.recent[this.oldest] = attempt;
    this.oldest = (this.oldest + 1) % this.stories;
  }

  private placeInConnection(attempt: AttemptInProgress): ConnectionInProgress {
    const { owner } = attempt;
    const former = attempt.placed && owner !== null && owner.name !== null ? (attempt.connection as ConnectionInProgress) : null;
    if (attempt.placed && former === null) return attempt.connection as ConnectionInProgress;
    former?.remove(attempt);
    const sibling = attempt.daemon === 'kernel' ? [owner?.ike, owner?.child, owner?.parent?.ike].find((each) => each?.placed === true) : undefined;
    const known = sibling?.connection as ConnectionInProgress | undefined;
    const connection = known ?? this.connections.find(attempt, owner?.name ?? owner?.parent?.name ?? null, owner?.peerAddress ?? null, owner?.localAddress ?? null);
    connection.add(attempt, this.connections.limit);
    attempt.connection = connection;
    // What was reported while its SA had no name moves once the SA has one
    attempt.owner = connection.name === null && !attempt.over ? owner : null;
    attempt.placed = true;
    if (former !== null) this.told.move(attempt, former);
    return connection;
  }

  private twinOf(attempt: AttemptInProgress, connection: ConnectionInProgress): AttemptInProgress | null {
    const before = connection.before(attempt);
    return before !== null && before.over && (isLike(attempt, before) || failsSoFarLike(attempt, before)) ? before : null;
  }

  /** The previous attempt failed in the same way, so there is nothing new to report yet. */
  private failsAsBefore(attempt: AttemptInProgress, connection: ConnectionInProgress): boolean {
    const before = connection.before(attempt)?.firstFailure;
    return before != null && before.event.kind === attempt.firstFailure?.event.kind;
  }
}

/** An IKE SA whose Child SA failed to come up has nothing to re-establish when it is to be reauthenticated. */
function followsFromChild({ firstFailure }: AttemptInProgress, connection: ConnectionInProgress): boolean {
  return firstFailure?.event.kind === 'ike.reauth_failed' && connection.childFails();
}

function isReplaced(attempt: AttemptInProgress, { attempts }: ConnectionInProgress): boolean {
  return attempts.some((other) => standsFor(other, attempt));
}
