import type { Attempt } from '../model/attempt.js';
import { sameClient } from '../model/client.js';
import type { KernelSaObservation } from '../model/observation.js';
import type { ConnectionState } from '../model/report.js';
import type { Tunnel } from '../model/tunnel.js';
import { failureTime } from './attempt-failure.js';
import type { FailingRun } from './failing-run.js';

/** State of a connection after its last attempt. */
export function stateOf(attempts: readonly Attempt[], run: FailingRun): ConnectionState {
  if (run.length > 0) {
    // An SA that was up and stopped is `down`; one that does not come up, or passes no packets, is `failing`.
    const latest = run.at(-1);
    if (latest?.endsIkeSa === true) return latest.purpose !== 'create' || hadTunnel(attempts) ? 'down' : 'failing';
    return latest?.purpose === 'maintain' && (latest.subject === 'ike' || latest.outcome === 'closed') && (isStopped(latest) || !hadNoTunnel(attempts.slice(0, attempts.indexOf(latest)))) ? 'down' : 'failing';
  }
  const decisive = comings(attempts, 'ike').length > 0 ? comings(attempts, 'ike') : comings(attempts, 'child');
  if (decisive.length === 0 || (attempts.at(-1)?.outcome === 'interrupted' && hadNoTunnel(attempts))) {
    return 'unknown';
  }
  // The latest attempt of each client counts. The closing of an SA whose start is not in the log does not refute one
  // that came up.
  const standing = decisive.some((each, index) => (each.outcome === 'established' || isRekeyed(each)) && !decisive.slice(index + 1).some((later) => later.outcome === 'closed' && later.reached === 'established' && sameClient(later, each)));
  return standing && !hasLostChildren(attempts) ? 'up' : 'down';
}

/** Somebody wanted it so, even if the tunnel was not complete yet. */
const isStopped = ({ firstFailure }: Attempt): boolean => firstFailure?.event.kind === 'lifecycle.terminated_by_operator';

/** An IKE SA was begun but no Child SA came up: in IKEv1, XAuth and Mode Config come in between. */
function hadNoTunnel(attempts: readonly Attempt[]): boolean {
  const begun = attempts.some(({ subject, purpose, visibleStartOnly }) => subject === 'ike' && purpose === 'create' && !visibleStartOnly);
  return begun && !hadTunnel(attempts);
}

const hadTunnel = (attempts: readonly Attempt[]): boolean => attempts.some(({ subject, reached }) => subject === 'child' && reached === 'established');

/**
 * All Child SAs that came up in this log were closed separately from their IKE SA, which alone carries no traffic. A
 * Child SA from before the log may still be up.
 */
function hasLostChildren(attempts: readonly Attempt[]): boolean {
  const known = comings(attempts, 'child').filter(({ reached }) => reached === 'established');
  return known.length > 0 && known.every(({ retired, visibleStartOnly }) => retired && !visibleStartOnly);
}

/** Its end is that of an SA whose successor is up. */
const isRekeyed = ({ subject, retired }: Attempt): boolean => subject === 'ike' && retired;

function comings(attempts: readonly Attempt[], subject: Attempt['subject']): Attempt[] {
  return attempts.filter((each) => each.subject === subject && (each.outcome === 'established' || isGone(each)));
}

/** A renewed SA had been up, even if its renewal was interrupted. */
export function isGone(attempt: Attempt): boolean {
  return attempt.outcome === 'interrupted' ? attempt.purpose !== 'create' : attempt.outcome === 'closed' && !isStillborn(attempt);
}

/** It was closed before it came up: the log has it from its beginning, or the state it was in says so. */
function isStillborn({ purpose, reached, visibleStartOnly }: Attempt): boolean {
  return purpose === 'create' && reached !== 'established' && (!visibleStartOnly || reached !== 'none');
}

/** State of a connection known only from status outputs. */
export function observedState(tunnel: Tunnel | undefined): ConnectionState {
  if (tunnel === undefined) return 'unknown';
  const { childSas, ikeSas, inbound, outbound } = tunnel;
  const serves = ({ state }: KernelSaObservation): boolean => state === 'mature' || state === 'dying';
  if (childSas.some(({ installed }) => installed) || (inbound.some(serves) && outbound.some(serves))) return 'up';
  // racoonctl lists IKE SAs without Child SAs
  if (ikeSas.some(({ established, format }) => established && format === 'racoon-isakmp') && inbound.length + outbound.length === 0) return 'up';
  return ikeSas.length > 0 ? 'failing' : 'unknown';
}

/**
 * Start of the current state in epoch milliseconds: the run's first failure, the time of coming up, or of going down.
 */
export function stateSince(attempts: readonly Attempt[], state: ConnectionState, run: FailingRun): number | null {
  switch (state) {
    case 'failing':
      return run[0] === undefined ? null : failureTime(run[0]);
    case 'up':
      // A successful attempt ended when its SA came up.
      return (attempts.findLast((each) => each.outcome === 'established' && each.purpose === 'create') ?? attempts.find((each) => each.outcome === 'established'))?.ended ?? null;
    case 'down':
      return attempts.findLast(isGone)?.ended ?? (run[0] === undefined ? null : failureTime(run[0]));
    case 'unknown':
      return null;
  }
}
