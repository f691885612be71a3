import type { Event } from '../model/event.js';
import type { EventKind } from '../model/event-kinds.js';
import type { DaemonProcess } from './associations/daemon-process.js';
import type { AttemptInProgress } from './attempts/attempt-in-progress.js';
import type { AttemptReview } from './conclusions/attempt-review.js';
import type { KnownProcess } from './known-process.js';

/** The daemon's own last message, and its starter's when it finds the daemon dead. */
const DEATHS: ReadonlySet<EventKind> = new Set<EventKind>(['daemon.crashed', 'daemon.gone']);

/** Programs other than the daemon that report a crash. */
const OTHERS: ReadonlySet<string> = new Set(['systemd', 'kernel']);

/**
 * The processes that a line ends: the one that reports its own death, or all of that daemon on the host if another
 * program reports it.
 */
export function diedWith(event: Event, process: DaemonProcess, all: Iterable<KnownProcess>): readonly DaemonProcess[] {
  if (!DEATHS.has(event.kind)) return [];
  const { daemon, record: { host, program } } = event.message;
  if (event.kind === 'daemon.crashed' && !OTHERS.has(program)) return [process];
  return [...all].filter((known) => known.host === host && known.daemon === daemon).map((known) => known.process);
}

/** Ends all SAs of a process. `by`: the line that states why; without it, the log ends or the daemon restarts. */
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

/** Is the attempt a negotiation? Established SAs, including those from before the log, are merely maintained. */
const isNegotiated = ({ purpose, reached, visibleStartOnly }: AttemptInProgress): boolean => purpose !== 'maintain' && (reached !== 'none' || !visibleStartOnly);

/** It neither came up nor failed. */
function interrupt(attempt: AttemptInProgress, by: Event | null): void {
  attempt.end('interrupted', null);
  if (attempt.outcome !== 'interrupted') return;
  attempt.closedBy = by;
  attempt.ended = by?.message.record.time ?? attempt.ended;
}
