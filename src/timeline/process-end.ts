import type { Event } from '../model/event.js';
import type { EventKind } from '../model/event-kinds.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import type { AttemptReview } from './attempt-review.js';
import type { DaemonProcess } from './daemon-process.js';
import type { KnownProcess } from './known-process.js';

/** The daemon's own last words, and what its starter says when it finds it dead. */
const DEATHS: ReadonlySet<EventKind> = new Set<EventKind>(['daemon.crashed', 'daemon.gone']);

/** Who tells of a crash and is not the daemon. */
const OTHERS: ReadonlySet<string> = new Set(['systemd', 'kernel']);

/** The runs of a daemon that are over with a line: the one that says it dies; where another program says so, all on its host. */
export function diedWith(event: Event, process: DaemonProcess, all: Iterable<KnownProcess>): readonly DaemonProcess[] {
  if (!DEATHS.has(event.kind)) return [];
  const { daemon, record: { host, program } } = event.message;
  if (event.kind === 'daemon.crashed' && !OTHERS.has(program)) return [process];
  return [...all].filter((known) => known.host === host && known.daemon === daemon).map((known) => known.process);
}

/** All SAs of a run of a daemon are over. `by`: the line that says why; without one, the log ends, or the daemon starts anew. */
export function endAll(process: DaemonProcess, outcome: 'log-ends' | 'closed', by: Event | null, review: AttemptReview): void {
  for (const sa of process.live) {
    for (const attempt of sa.open()) {
      if (attempt === sa.child && sa.ike?.firstFailure != null) attempt.supersede(null);
      else if (outcome === 'closed' && isNegotiated(attempt)) interrupt(attempt, by);
      else attempt.end(outcome, null);
      review.review(attempt);
    }
    if (outcome === 'closed') sa.close(by?.message.record.time ?? sa.lastTime, by);
  }
}

/** An SA that was up, or of which the log does not show that it was not, is kept up; any other is made. */
const isNegotiated = ({ purpose, reached, visibleStartOnly }: AttemptInProgress): boolean => purpose !== 'maintain' && (reached !== 'none' || !visibleStartOnly);

/** It has neither come up nor failed. */
function interrupt(attempt: AttemptInProgress, by: Event | null): void {
  attempt.end('interrupted', null);
  if (attempt.outcome !== 'interrupted') return;
  attempt.closedBy = by;
  attempt.ended = by?.message.record.time ?? attempt.ended;
}
