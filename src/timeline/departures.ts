import type { AttemptInProgress } from './attempt-in-progress.js';
import type { ConnectionInProgress } from './connection-in-progress.js';

/** An SA that was deleted counts as gone when none took its place for so long (milliseconds of message time). */
const DEPARTED_AFTER = 10_000;
/** A Child SA may be replaced by a new negotiation, which the daemon puts off a little. */
const CHILD_DEPARTED_AFTER = 30_000;
const DEPARTURES: ReadonlySet<string> = new Set(['ike.deleted_by_peer', 'lifecycle.terminated_by_operator', 'ike.replaced_by_duplicate', 'lifecycle.peer_restarted', 'child.deleted_by_peer', 'child.deleted_elsewhere', 'child.terminated_by_operator']);
/** How a client of remote access ends its session. */
const HANGING_UP: ReadonlySet<string> = new Set(['ike.deleted_by_peer', 'child.deleted_by_peer']);

/** SAs that were taken down in good order: worth telling, though nothing failed, where nothing replaces them. */
export class Departures {
  private readonly waiting = new Set<AttemptInProgress>();

  /** An SA that was up is gone. */
  add(attempt: AttemptInProgress): void {
    if (attempt.tells(DEPARTURES)) this.waiting.add(attempt);
  }

  /** Hands out those that have waited long enough at `time` (epoch milliseconds); all where the log has ended. */
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

/** Was the SA replaced meanwhile, or is its end what everybody expects? */
export function isNoNews(attempt: AttemptInProgress, connection: ConnectionInProgress): boolean {
  if (attempt.subject === 'child' ? !connection.isUp() || connection.hasChildLike(attempt) : connection.isUp() || connection.childFails()) return true;
  return connection.servesClient(attempt) && attempt.tells(HANGING_UP);
}
