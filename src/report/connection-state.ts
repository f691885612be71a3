import type { Attempt } from '../model/attempt.js';
import type { ConnectionState } from '../model/report.js';
import type { KernelSaObservation } from '../model/observation.js';
import type { Tunnel } from '../model/tunnel.js';

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
  const uncured = attempts.filter((attempt, index) => fails(attempt) && !attempts.slice(index + 1).some((later) => cures(later, attempt)) && !attempts.some((other) => standsFor(other, attempt) || failsToReplace(other, attempt) || isContinued(other, attempt) || fillsTheLimit(other, attempt) || isMisused(other, attempt) || isToldBy(other, attempt)));
  const latest = uncured.at(-1);
  return latest === undefined ? [] : uncured.filter((attempt) => sameThing(attempt, latest));
}

/** The first of the attempts that fail as the latest one does: where the trouble began. */
export function shownOf(run: FailingRun): Attempt | undefined {
  const latest = run.at(-1);
  return latest === undefined ? undefined : run.find((attempt) => failsLike(attempt, latest));
}

function failsLike(one: Attempt, other: Attempt): boolean {
  return one.firstFailure?.event.kind === other.firstFailure?.event.kind && one.role === other.role && one.purpose === other.purpose && sameClient(one, other);
}

/** What came up in vain is cured by no more of the same: once one of them serves, the attempt is superseded. */
function cures(later: Attempt, failed: Attempt): boolean {
  if (isUnused(failed)) return false;
  const succeeded = later.outcome === 'established' || (later.outcome === 'closed' && later.reached === 'established' && !fails(later));
  return succeeded && sameClient(later, failed) && (later.subject === 'child' ? failed.subject === 'ike' || sameThing(later, failed) : failed.subject === 'ike');
}

/** An SA that was up and is gone is no loss while another one of the same peer is up. */
function standsFor(other: Attempt, gone: Attempt): boolean {
  return gone.purpose === 'maintain' && gone.subject === 'ike' && other.subject === 'ike' && other.outcome === 'established'
    && other.saNumber !== gone.saNumber && sameClient(other, gone);
}

/** How far apart in milliseconds the end of an SA and the attempt that was to replace it may be. */
const REPLACING = 60_000;

/** A peer that reauthenticates deletes its SA before or after it tries the new one, whose number is higher: that the new one fails is what went wrong. */
function failsToReplace(other: Attempt, gone: Attempt): boolean {
  if (gone.purpose !== 'maintain' || gone.firstFailure?.event.kind !== 'ike.deleted_by_peer') return false;
  if (other.saNumber !== null && gone.saNumber !== null && other.saNumber < gone.saNumber) return false;
  const [one, another] = [failureTime(other), failureTime(gone)];
  return other.purpose !== 'maintain' && other.subject === 'ike' && fails(other) && sameClient(other, gone) && one !== null && another !== null && Math.abs(one - another) <= REPLACING;
}

/** How far apart in milliseconds the end of an attempt and the one that goes on with it may be. */
const CONTINUING = 1_000;

/** A daemon that is not answered as a responder, or on an SA that was up, tries again as the initiator: what went wrong came before. */
function isContinued(other: Attempt, again: Attempt): boolean {
  const silent = other.role === 'responder' || (other.role === 'unknown' && other.outcome === 'timed-out') || other.firstFailure?.event.kind === 'dpd.peer_dead';
  return again.role === 'initiator' && !again.peerAnswered && silent && other.subject === 'ike' && again.subject === 'ike' && fails(other)
    && again.started !== null && other.ended !== null && Math.abs(again.started - other.ended) <= CONTINUING;
}

/** A peer is turned away because what it began before stays half open: what went wrong is that. */
function fillsTheLimit(other: Attempt, refused: Attempt): boolean {
  return refused.firstFailure?.event.kind === 'network.overloaded' && other.firstFailure?.event.kind !== 'network.overloaded'
    && other.subject === 'ike' && other.role === 'responder' && other.purpose === 'create' && fails(other) && sameClient(other, refused)
    && (other.started === null || refused.started === null || other.started <= refused.started);
}

/** What befalls SAs that their peer uses none of is part of that. */
function isMisused(other: Attempt, attempt: Attempt): boolean {
  return attempt.purpose === 'maintain' && attempt.subject === 'ike' && isUnused(other) && fails(other) && sameClient(other, attempt);
}

/** An IKE SA is given up without a reason, at once after a Child SA under it failed: that is the reason. */
function isToldBy(other: Attempt, givenUp: Attempt): boolean {
  if (givenUp.subject !== 'ike' || givenUp.firstFailure?.event.kind !== 'ike.failed' || other.subject !== 'child' || !fails(other)) return false;
  const [reason, end] = [failureTime(other), failureTime(givenUp)];
  return reason === null || end === null ? reason === end : end >= reason && end - reason <= CONTINUING;
}

const isUnused = ({ firstFailure }: Attempt): boolean => firstFailure?.event.kind === 'observed.ike_unused';

/** Several clients may share a responder's connection: what one of them does says nothing of another. */
function sameClient(one: Attempt, other: Attempt): boolean {
  if (one.role !== 'responder' || other.role !== 'responder') return true;
  const id = one.fields['peer.id'];
  const otherId = other.fields['peer.id'];
  if (id !== undefined && otherId !== undefined) return id === otherId;
  return one.peerAddress === other.peerAddress || one.peerAddress === null || other.peerAddress === null;
}

/** Clients that share the connection with the one that fails, and are up. */
export function othersUp(attempts: readonly Attempt[], failed: Attempt): number {
  const others = attempts.filter((each) => each.subject === 'ike' && each.outcome === 'established' && !sameClient(each, failed));
  return others.filter((each, index) => !others.slice(0, index).some((earlier) => sameClient(earlier, each))).length;
}

function sameThing(one: Attempt, other: Attempt): boolean {
  const name = one.fields['child.name'];
  const otherName = other.fields['child.name'];
  return one.subject === other.subject && (one.subject === 'ike' || name === undefined || otherName === undefined || name === otherName);
}

/** State of a connection after its last attempt. */
export function stateOf(attempts: readonly Attempt[], run: FailingRun): ConnectionState {
  if (run.length > 0) {
    // What was up and stopped is down; what does not come up, or lets no packets through, is failing.
    const latest = run.at(-1);
    return latest?.purpose === 'maintain' && (latest.subject === 'ike' || latest.outcome === 'closed') && !hadNoTunnel(attempts) ? 'down' : 'failing';
  }
  const decisive = comings(attempts, 'ike').length > 0 ? comings(attempts, 'ike') : comings(attempts, 'child');
  if (decisive.length === 0 || (attempts.at(-1)?.outcome === 'interrupted' && hadNoTunnel(attempts))) {
    return 'unknown';
  }
  // The latest of each client counts; an SA whose start the log does not show says nothing against one that came up.
  const standing = decisive.some((each, index) => each.outcome === 'established' && !decisive.slice(index + 1).some((later) => later.outcome === 'closed' && later.reached === 'established' && sameClient(later, each)));
  return standing && !hasLostChildren(attempts) ? 'up' : 'down';
}

/** An IKE SA came up, and under it nothing: in IKEv1, XAuth and Mode Config stand between the two. */
function hadNoTunnel(attempts: readonly Attempt[]): boolean {
  const begun = attempts.some(({ subject, purpose, visibleStartOnly }) => subject === 'ike' && purpose === 'create' && !visibleStartOnly);
  return begun && !attempts.some(({ subject, reached }) => subject === 'child' && reached === 'established');
}

/** The Child SAs that came up in this log were all closed since, and not together with an IKE SA: that alone carries nothing. One from before the log may be up. */
function hasLostChildren(attempts: readonly Attempt[]): boolean {
  const known = comings(attempts, 'child').filter(({ reached }) => reached === 'established');
  return known.length > 0 && known.every(({ retired, visibleStartOnly }) => retired && !visibleStartOnly);
}

function comings(attempts: readonly Attempt[], subject: Attempt['subject']): Attempt[] {
  return attempts.filter((each) => each.subject === subject && (each.outcome === 'established' || isGone(each)));
}

/** What is renewed was up, be the renewal broken off. */
export function isGone(attempt: Attempt): boolean {
  return attempt.outcome === 'interrupted' ? attempt.purpose !== 'create' : attempt.outcome === 'closed' && !isStillborn(attempt);
}

/** The log shows it from its beginning, and it was taken down before it was up. */
function isStillborn({ purpose, reached, visibleStartOnly }: Attempt): boolean {
  return purpose === 'create' && reached !== 'established' && !visibleStartOnly;
}

/** State of a connection that only status outputs know. */
export function observedState(tunnel: Tunnel | undefined): ConnectionState {
  if (tunnel === undefined) return 'unknown';
  const { childSas, ikeSas, inbound, outbound } = tunnel;
  const serves = ({ state }: KernelSaObservation): boolean => state === 'mature' || state === 'dying';
  if (childSas.some(({ installed }) => installed) || (inbound.some(serves) && outbound.some(serves))) return 'up';
  // racoonctl lists IKE SAs alone
  if (ikeSas.some(({ established, format }) => established && format === 'racoon-isakmp') && inbound.length + outbound.length === 0) return 'up';
  return ikeSas.length > 0 ? 'failing' : 'unknown';
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
      return attempts.findLast(isGone)?.ended ?? null;
    case 'unknown':
      return null;
  }
}

/** Time of the first failure of an attempt, or of its start where the line has no time. */
export function failureTime({ firstFailure, started }: Attempt): number | null {
  return firstFailure?.event.message.record.time ?? started;
}
