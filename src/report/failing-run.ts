import type { Attempt } from '../model/attempt.js';
import { sameClient } from '../model/client.js';
import type { Client } from '../model/client.js';
import { describeKind } from '../model/event-kinds.js';
import { fails, failureTime } from './attempt-failure.js';
import { clientOf, countClients } from './clients.js';
import { cures, explains, sameThing } from './failure-relations.js';

/** Failed attempts since the connection last worked, oldest first; empty if nothing is failing. */
export type FailingRun = readonly Attempt[];

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
  const isExplained = (attempt: Attempt): boolean => attempts.some((other) => explains(other, attempt, attempts));
  return attempts.filter((attempt, index) => fails(attempt) && !isCured(attempt, index) && !isExplained(attempt));
}

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
