import type { Attempt } from '../model/attempt.js';
import { sameClient } from '../model/client.js';
import { standsFor } from '../model/standing-sa.js';
import { fails, failureTime } from './attempt-failure.js';

/**
 * SAs that come up without being used are not cured by more of the same; once one of them carries traffic, the attempt
 * is superseded.
 */
export function cures(later: Attempt, failed: Attempt): boolean {
  if (isUnused(failed)) return false;
  const succeeded = later.outcome === 'established' || (later.outcome === 'closed' && later.reached === 'established' && !fails(later));
  return succeeded && sameClient(later, failed) && (later.subject === 'child' ? failed.subject === 'ike' || sameThing(later, failed) : failed.subject === 'ike');
}

/** Do they concern the same SA? Child SAs may be told apart by their names. */
export function sameThing(one: Attempt, other: Attempt): boolean {
  const name = one.fields['child.name'];
  const otherName = other.fields['child.name'];
  return one.subject === other.subject && (one.subject === 'ike' || name === undefined || otherName === undefined || name === otherName);
}

/** Does the first attempt make the failure of the second none, or tell it? `attempts`: all of the connection. */
export function explains(other: Attempt, failed: Attempt, attempts: readonly Attempt[]): boolean {
  return EXPLANATIONS.some((each) => each(other, failed, attempts));
}

const EXPLANATIONS: readonly ((other: Attempt, failed: Attempt, attempts: readonly Attempt[]) => boolean)[] = [standsFor, failsToReplace, isContinued, isStillSilent, fillsTheLimit, isMisused, isToldBy, isUnheard];

/** Maximum milliseconds between the end of an SA and the attempt to replace it. */
const REPLACING = 60_000;

/**
 * A reauthenticating peer deletes its old SA before or after it tries the new one, which has a higher number. If the
 * new one fails, that is the failure, not the deletion.
 */
function failsToReplace(other: Attempt, gone: Attempt): boolean {
  if (gone.purpose !== 'maintain' || gone.firstFailure?.event.kind !== 'ike.deleted_by_peer') return false;
  if (other.saNumber !== null && gone.saNumber !== null && other.saNumber < gone.saNumber) return false;
  const [one, another] = [failureTime(other), failureTime(gone)];
  return other.purpose !== 'maintain' && other.subject === 'ike' && fails(other) && sameClient(other, gone) && one !== null && another !== null && Math.abs(one - another) <= REPLACING;
}

/** Maximum milliseconds between the end of an attempt and the one that continues it. */
const CONTINUING = 1_000;

/**
 * A daemon that gets no answer as responder, or on an established SA, retries as initiator; the failure is the earlier
 * one.
 */
function isContinued(other: Attempt, again: Attempt): boolean {
  const silent = other.role === 'responder' || ((other.role === 'unknown' || other.purpose === 'maintain') && other.outcome === 'timed-out') || other.firstFailure?.event.kind === 'dpd.peer_dead' || other.endsIkeSa;
  return other !== again && again.role === 'initiator' && !again.peerAnswered && silent && (other.subject === 'ike' || other.endsIkeSa) && again.subject === 'ike' && fails(other)
    && again.started !== null && other.ended !== null && Math.abs(again.started - other.ended) <= CONTINUING;
}

/** The peer of an SA that was up fell silent, and has not been heard since, however often this side has tried. */
function isStillSilent(other: Attempt, again: Attempt, attempts: readonly Attempt[]): boolean {
  if (!(other.endsIkeSa || (other.purpose === 'maintain' && other.subject === 'ike')) || other.outcome !== 'timed-out' || !isUnanswered(again) || !sameClient(other, again)) return false;
  const from = attempts.indexOf(other);
  const to = attempts.indexOf(again);
  return to > from && attempts.slice(from + 1, to).every((each) => each.subject === 'child' ? each.outcome !== 'established' : isUnanswered(each));
}

const isUnanswered = ({ subject, purpose, role, peerAnswered }: Attempt): boolean => subject === 'ike' && (purpose === 'create' || purpose === 'reauthenticate') && role === 'initiator' && !peerAnswered;

/** The silence of a peer that meanwhile repeats what this side has answered: it is there, but hears nothing. */
function isUnheard(other: Attempt, silent: Attempt): boolean {
  return silent.purpose === 'maintain' && silent.firstFailure?.event.kind === 'retransmit.sent' && other.firstFailure?.event.kind === 'retransmit.received'
    && other.purpose === 'create' && fails(other) && sameClient(other, silent) && meets(other, silent);
}

function meets(one: Attempt, other: Attempt): boolean {
  if (one.started === null || one.ended === null || other.started === null || other.ended === null) return false;
  return one.started <= other.ended && other.started <= one.ended;
}

/** The peer is rejected because its earlier attempts remain half-open; those are the failure. */
function fillsTheLimit(other: Attempt, refused: Attempt): boolean {
  return refused.firstFailure?.event.kind === 'network.overloaded' && other.firstFailure?.event.kind !== 'network.overloaded'
    && other.subject === 'ike' && other.role === 'responder' && other.purpose === 'create' && fails(other) && sameClient(other, refused)
    && (other.started === null || refused.started === null || other.started <= refused.started);
}

/** The loss of an SA to a peer that uses none of its SAs is part of that problem. */
function isMisused(other: Attempt, attempt: Attempt): boolean {
  return attempt.purpose === 'maintain' && attempt.subject === 'ike' && isUnused(other) && fails(other) && sameClient(other, attempt);
}

/** These say that an IKE SA is given up, or its peer answered with an error, but not why. */
const GIVEN_UP: ReadonlySet<string> = new Set(['ike.failed', 'ike.refusing']);

/** An IKE SA is given up without a reason, at once after a Child SA under it failed: that is the reason. */
function isToldBy(other: Attempt, givenUp: Attempt): boolean {
  if (givenUp.subject !== 'ike' || !GIVEN_UP.has(givenUp.firstFailure?.event.kind ?? '') || other.subject !== 'child' || !fails(other)) return false;
  const [reason, end] = [failureTime(other), failureTime(givenUp)];
  return reason === null || end === null ? reason === end : end >= reason && end - reason <= CONTINUING;
}

const isUnused = ({ firstFailure }: Attempt): boolean => firstFailure?.event.kind === 'observed.ike_unused';
