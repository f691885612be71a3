import type { Attempt } from '../model/attempt.js';
import type { ConnectionState } from '../model/report.js';

/** Attempts that failed since the connection last worked, oldest first; empty when nothing fails now. */
export type FailingRun = readonly Attempt[];

/** Did the attempt fail, or does it get no answer right now? Attempts that another one replaced do not count. */
export function fails({ outcome, firstFailure }: Attempt): boolean {
  if (outcome === 'superseded' || outcome === 'established') {
    return false;
  }
  return firstFailure !== null || outcome === 'failed' || outcome === 'timed-out' || outcome === 'stalled';
}

/**
 * The failures that nothing has cured since. An IKE SA that comes up later cures those of IKE SAs, a Child SA cures those of
 * the same Child SA and of IKE SAs (it cannot be up without one). The latest failure decides what the run is about.
 */
export function failingRun(attempts: readonly Attempt[]): FailingRun {
  const uncured = attempts.filter((attempt, index) => fails(attempt) && !attempts.slice(index + 1).some((later) => cures(later, attempt)));
  const latest = uncured.at(-1);
  return latest === undefined ? [] : uncured.filter((attempt) => sameThing(attempt, latest));
}

function cures(later: Attempt, failed: Attempt): boolean {
  const succeeded = later.outcome === 'established' || (later.outcome === 'closed' && later.reached === 'established' && !fails(later));
  return succeeded && (later.subject === 'child' ? failed.subject === 'ike' || sameThing(later, failed) : failed.subject === 'ike');
}

function sameThing(one: Attempt, other: Attempt): boolean {
  const name = one.fields['child.name'];
  const otherName = other.fields['child.name'];
  return one.subject === other.subject && (one.subject === 'ike' || name === undefined || otherName === undefined || name === otherName);
}

/** State of a connection after its last attempt. */
export function stateOf(attempts: readonly Attempt[], run: FailingRun): ConnectionState {
  if (run.length > 0) {
    // What was up and stopped is down; what does not come up is failing.
    return run.at(-1)?.purpose === 'maintain' ? 'down' : 'failing';
  }
  const last = decisive(attempts, 'ike') ?? decisive(attempts, 'child');
  if (last === undefined) {
    return 'unknown';
  }
  return last.outcome === 'established' ? 'up' : 'down';
}

function decisive(attempts: readonly Attempt[], subject: Attempt['subject']): Attempt | undefined {
  return attempts.findLast((each) => each.subject === subject && (each.outcome === 'established' || each.outcome === 'closed'));
}

/** When the present state began, in epoch milliseconds: the first failure of the run, coming up, or going down. */
export function stateSince(attempts: readonly Attempt[], state: ConnectionState, run: FailingRun): number | null {
  switch (state) {
    case 'failing':
      return run[0] === undefined ? null : failureTime(run[0]);
    case 'up':
      // An attempt that succeeded ended when its SA came up.
      return (attempts.findLast((each) => each.outcome === 'established' && each.purpose === 'create') ?? attempts.find((each) => each.outcome === 'established'))?.ended ?? null;
    case 'down':
      return attempts.findLast((each) => each.outcome === 'closed')?.ended ?? null;
    case 'unknown':
      return null;
  }
}

/** Time of the first failure of an attempt, or of its start where the line has no time. */
export function failureTime({ firstFailure, started }: Attempt): number | null {
  return firstFailure?.event.message.record.time ?? started;
}
