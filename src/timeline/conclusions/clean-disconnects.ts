import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';
import type { ConnectionInProgress } from '../connections/connection-in-progress.js';

/** A deleted SA counts as gone if nothing replaces it within this time (milliseconds of message time). */
const DEPARTED_AFTER = 10_000;
/** A new negotiation, which daemons delay a little, may replace a Child SA. */
const CHILD_DEPARTED_AFTER = 30_000;
const DEPARTURES: ReadonlySet<string> = new Set(['ike.deleted_by_peer', 'lifecycle.terminated_by_operator', 'ike.replaced_by_duplicate', 'lifecycle.peer_restarted', 'child.deleted_by_peer', 'child.deleted_elsewhere', 'child.terminated_by_operator']);
/** How a remote access client ends its session. */
const HANGING_UP: ReadonlySet<string> = new Set(['ike.deleted_by_peer', 'child.deleted_by_peer']);

/** SAs that were taken down normally: not failures, but worth reporting if nothing replaces them. */
export class CleanDisconnects {
  private readonly waiting = new Set<AttemptInProgress>();

  /** Adds an attempt whose established SA is gone. */
  add(attempt: AttemptInProgress): void {
    if (attempt.tells(DEPARTURES)) this.waiting.add(attempt);
  }

  /** Yields those that have waited long enough at `time` (epoch milliseconds), or all at the end of the log (null). */
  *take(time: number | null): Generator<AttemptInProgress> {
    for (const attempt of this.waiting) {
      if (time !== null && time - (attempt.ended ?? time) < (attempt.subject === 'child' ? CHILD_DEPARTED_AFTER : DEPARTED_AFTER)) continue;
      this.waiting.delete(attempt);
      yield attempt;
    }
  }

  all(): Iterable<AttemptInProgress> {
    return this.waiting;
  }
}

/** Was the SA replaced meanwhile, or is its end to be expected? */
export function isNotReported(attempt: AttemptInProgress, connection: ConnectionInProgress): boolean {
  if (attempt.subject === 'ike' && attempt.retired) return true;
  if (attempt.subject === 'child' ? (connection.hasIke() && !connection.isUp()) || connection.hasChildLike(attempt) : connection.isUp() || connection.childFails() || connection.successorFails(attempt)) return true;
  return connection.servesClient(attempt) && attempt.tells(HANGING_UP);
}

/** The log ends while it brings up an IKE SA. */
export const isInProgress = ({ subject, outcome, purpose }: AttemptInProgress): boolean => subject === 'ike' && outcome === 'log-ends' && purpose === 'create';

/** A key for the peer as seen by its host. */
export const peerKeyOf = ({ host, peerAddress }: AttemptInProgress): string => `${host}|${peerAddress ?? ''}`;

/** The peer deleted its SA and begins anew, and the log ends before it shows for which connection, and how that goes. */
export function mayReplace({ role, started }: AttemptInProgress, { subject, ended, peerAddress }: AttemptInProgress): boolean {
  return subject === 'ike' && role === 'responder' && peerAddress !== null && started !== null && ended !== null && started >= ended && started - ended < DEPARTED_AFTER;
}
