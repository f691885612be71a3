import type { Attempt } from '../model/attempt.js';
import { describeKind } from '../model/event-kinds.js';
import type { KernelSaObservation } from '../model/observation.js';
import type { ConnectionState } from '../model/report.js';
import type { Tunnel } from '../model/tunnel.js';
import { clientOf, countClients, sameClient } from './clients.js';
import type { Client } from './clients.js';

/** Failed attempts since the connection last worked, oldest first; empty if nothing is failing. */
export type FailingRun = readonly Attempt[];

/** Did the attempt fail, or is it unanswered right now? Superseded attempts do not count. */
export function fails({ outcome, firstFailure }: Attempt): boolean {
  if (outcome === 'superseded' || outcome === 'established') {
    return false;
  }
  return firstFailure !== null || outcome === 'failed' || outcome === 'timed-out' || outcome === 'stalled';
}

/**
 * Failures that nothing has cured since. A later IKE SA cures failures of IKE SAs; a Child SA cures failures of the
 * same Child SA and of IKE SAs, which it requires. The latest failure decides which SA the run is about.
 */
export function failingRun(attempts: readonly Attempt[]): FailingRun {
  const uncured = uncuredOf(attempts);
  const latest = uncured.at(-1);
  return latest === undefined ? [] : uncured.filter((attempt) => sameThing(attempt, latest) && !hadEnded(attempt, latest));
}

function uncuredOf(attempts: readonly Attempt[]): Attempt[] {
  const isCured = (attempt: Attempt, index: number): boolean => attempts.slice(index + 1).some((later) => cures(later, attempt));
  const isExplained = (attempt: Attempt): boolean => attempts.some((other) => EXPLANATIONS.some((explains) => explains(other, attempt, attempts)));
  return attempts.filter((attempt, index) => fails(attempt) && !isCured(attempt, index) && !isExplained(attempt));
}

/** Does the first attempt make the failure of the second none, or tell it? */
const EXPLANATIONS: readonly ((other: Attempt, failed: Attempt, attempts: readonly Attempt[]) => boolean)[] = [standsFor, failsToReplace, isContinued, isStillSilent, fillsTheLimit, isMisused, isToldBy, isUnheard];

/** Was the SA closed deliberately before the failing attempt? Then it worked until that point. */
function hadEnded({ purpose, firstFailure }: Attempt, latest: Attempt): boolean {
  return purpose === 'maintain' && latest.purpose === 'create' && ENDS.has(firstFailure?.event.kind ?? '');
}

const ENDS: ReadonlySet<string> = new Set(['lifecycle.terminated_by_operator', 'ike.deleted_by_peer', 'child.terminated_by_operator']);

/** The first attempt of the run that failed in the same way as the one that tells most: where the trouble began. */
export function shownOf(run: FailingRun): Attempt | undefined {
  const latest = run.at(-1);
  if (latest === undefined) return undefined;
  const telling = run.findLast((attempt) => refusesToo(attempt, latest)) ?? latest;
  return run.find((attempt) => failsLike(attempt, telling));
}

/** Maximum milliseconds between two refusals that have the same reason. */
const TOGETHER = 60_000;

/**
 * If both ends initiate, each refuses the other. The peer does not say why, but this daemon does where it refuses the
 * same. A Child SA is negotiated under one IKE SA by either end. And a peer that does not confirm one of the Child SAs
 * that it asks for says nothing about them, but this daemon does of the one that it refuses meanwhile.
 */
function refusesToo(attempt: Attempt, refused: Attempt): boolean {
  const [kind, latest] = [attempt.firstFailure?.event.kind, refused.firstFailure?.event.kind];
  if (kind === undefined || latest === undefined || describeKind(kind).decidedHere !== true || describeKind(latest).decidedHere === true) return false;
  if (describeKind(latest).heard !== true && !(isUnconfirmed(refused) && attempt.role === 'responder' && overlap(attempt, refused))) return false;
  const isCounterpart = attempt.subject === 'child' || (attempt.role !== refused.role && attempt.reached === refused.reached);
  const [one, other] = [failureTime(attempt), failureTime(refused)];
  return isCounterpart && attempt.purpose === refused.purpose && sameClient(attempt, refused) && one !== null && other !== null && other - one <= TOGETHER;
}

/** This side answered the peer's request for a Child SA, and hears no more of it. */
function isUnconfirmed({ subject, role, firstFailure }: Attempt): boolean {
  const kind = firstFailure?.event.kind;
  return subject === 'child' && role === 'responder' && (kind === 'retransmit.sent' || kind === 'retransmit.gave_up');
}

function overlap({ ended }: Attempt, { started }: Attempt): boolean {
  return ended !== null && started !== null && ended > started;
}

function failsLike(one: Attempt, other: Attempt): boolean {
  // An attempt that began before the log may not show who initiated it.
  const sameRole = one.role === other.role || one.role === 'unknown';
  return one.firstFailure?.event.kind === other.firstFailure?.event.kind && sameRole && one.purpose === other.purpose && sameClient(one, other);
}

/**
 * SAs that come up without being used are not cured by more of the same; once one of them carries traffic, the attempt
 * is superseded.
 */
function cures(later: Attempt, failed: Attempt): boolean {
  if (isUnused(failed)) return false;
  const succeeded = later.outcome === 'established' || (later.outcome === 'closed' && later.reached === 'established' && !fails(later));
  return succeeded && sameClient(later, failed) && (later.subject === 'child' ? failed.subject === 'ike' || sameThing(later, failed) : failed.subject === 'ike');
}

/** The loss of an SA is no failure while another SA with the same peer is up. */
function standsFor(other: Attempt, gone: Attempt): boolean {
  return gone.purpose === 'maintain' && gone.subject === 'ike' && other.subject === 'ike' && other.outcome === 'established'
    && other.saNumber !== gone.saNumber && sameClient(other, gone);
}

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

/** Numbers of other clients on the failing connection that are up, and that fail too; only a responder has clients. */
export function othersOn(attempts: readonly Attempt[], run: FailingRun): { readonly othersUp: number; readonly othersFailing: number } {
  const latest = run.at(-1);
  if (latest?.role !== 'responder') return { othersUp: 0, othersFailing: 0 };
  const shown = clientOf(latest, attempts);
  const failing = run.map((attempt) => clientOf(attempt, attempts));
  const isOther = (client: Client): boolean => !failing.some((each) => sameClient(client, each));
  const others = uncuredOf(attempts).map((attempt) => clientOf(attempt, attempts)).filter(isOther);
  const up = attempts.filter((each) => each.subject === 'ike' && each.outcome === 'established' && !sameClient(each, shown) && !others.some((failed) => sameClient(failed, each)));
  return { othersUp: countClients(up), othersFailing: countClients(others) };
}

function sameThing(one: Attempt, other: Attempt): boolean {
  const name = one.fields['child.name'];
  const otherName = other.fields['child.name'];
  return one.subject === other.subject && (one.subject === 'ike' || name === undefined || otherName === undefined || name === otherName);
}

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

/** Time of the attempt's first failure, or of its start if that line has no time. */
export function failureTime({ firstFailure, started }: Attempt): number | null {
  return firstFailure?.event.message.record.time ?? started;
}
