import type { Outcome, TimelineEntry } from '../../model/attempt.js';
import type { FieldName } from '../../model/fields.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';

/** Did the two attempts proceed in the same way? */
export function isLike(one: AttemptInProgress, other: AttemptInProgress): boolean {
  return one.subject === other.subject && one.role === other.role && one.exchange === other.exchange && one.purpose === other.purpose
    && one.reached === other.reached && settled(one.outcome) === settled(other.outcome) && one.fields['child.name'] === other.fields['child.name']
    && sameFailure(one.firstFailure, other.firstFailure) && sameProof(one, other) && (one.role !== 'responder' || clientOf(one) === clientOf(other));
}

/** This side proves its identity in the same way, as far as the log tells: what fails alike with another key has another reason. */
function sameProof(one: AttemptInProgress, other: AttemptInProgress): boolean {
  return one.usesPpk === other.usesPpk && PROOF.every((name) => one.fields[name] === undefined || other.fields[name] === undefined || one.fields[name] === other.fields[name]);
}

const PROOF: readonly FieldName[] = ['auth.method', 'local.id'];

/**
 * The attempt has not waited longer for an answer than the earlier one did before its reason was logged: most likely it
 * will fail likewise.
 */
export function failsSoFarLike(attempt: AttemptInProgress, earlier: AttemptInProgress): boolean {
  const until = earlier.failedAt === null || earlier.started === null ? null : earlier.failedAt - earlier.started;
  const waited = attempt.lastTime === null || attempt.started === null ? null : attempt.lastTime - attempt.started;
  return attempt.outcome === 'stalled' && earlier.failing && attempt.subject === earlier.subject && attempt.role === earlier.role
    && attempt.purpose === earlier.purpose && attempt.reached === earlier.reached && until !== null && waited !== null && waited <= until;
}

/** A stall counts like a timeout: the peer is silent until the daemon gives up, or still is. */
const settled = (outcome: Outcome): Outcome => (outcome === 'stalled' ? 'timed-out' : outcome);

function sameFailure(one: TimelineEntry | null, other: TimelineEntry | null): boolean {
  if (one === null || other === null) return one === other;
  return one.event.signature === other.event.signature && one.event.fields['notify.type'] === other.event.fields['notify.type'];
}

/** The client of a responder's attempt. */
const clientOf = ({ fields, peerAddress }: AttemptInProgress): string | number | null => fields['peer.id'] ?? peerAddress;
