import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import type { EventKindEntry } from '../../model/event-kinds/entry.js';
import type { LiveAssociations } from '../associations/live-associations.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import { isSoonAfter } from '../values/elapsed.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import { givenUpWith } from './given-up.js';

/**
 * A responder logs "established" even if the initiator then rejects it; a DELETE within this time (milliseconds) shows
 * that.
 */
const REJECTED_WITHIN = 5_000;
const REJECTIONS = new Set(['ike.deleted_by_peer', 'auth.rejected_by_peer']);
const NO_OTHER: readonly AttemptInProgress[] = [];

/**
 * Ends what the line ends, after the attempt has taken it in; returns other attempts of the SA that changed as a
 * consequence.
 */
export function settle(sa: SecurityAssociation, attempt: AttemptInProgress, event: Event, description: EventKindEntry, live: LiveAssociations): readonly AttemptInProgress[] {
  const { time } = event.message.record;
  if (isLastOfFailed(sa, attempt, event, description)) attempt.end('failed', time);
  // The successor is up already (make before break), so the old SA is not missed
  if (event.kind === 'ike.deleting' && attempt.renews !== null && live.upBeside(sa).length > 0) attempt.end('closed', time);
  const givenUp = givenUpWith(sa, attempt, event, live);
  if (givenUp !== null) return loseAll(givenUp, event);
  if (attempt === sa.ike && attempt.outcome === 'established' && !sa.isUp) {
    comeUp(sa, time);
    sa.upkeep = null;
    return NO_OTHER;
  }
  if (attempt === sa.ike && attempt.over && attempt.outcome !== 'established') {
    if (event.kind === 'ike.deleted_by_peer' && isTurnedDown(attempt) && live.upBeside(sa).length === 0) attempt.blame();
    if (attempt.renews !== null) sa.child?.close(time);
    return loseChild(sa, time);
  }
  if (attempt === sa.upkeep) return endOfUpkeep(sa, attempt, event, description, live);
  if (attempt.outcome === 'established' && !(attempt.retired && description.role === 'end')) return implyParent(sa.parent ?? sa, time);
  return endOfChild(sa, attempt, event, description);
}

/** Has the attempt failed, and will no further line of it follow? */
function isLastOfFailed({ number }: SecurityAssociation, attempt: AttemptInProgress, event: Event, { role, weak }: EventKindEntry): boolean {
  const { daemon } = event.message;
  if (daemon === 'charon') return attempt.failing && !attempt.over && ((role === 'failure' && weak !== true) || isRefusal(event));
  // A failure that pluto or racoon logs about a mere packet has no SA whose end could follow.
  if (number !== null) return false;
  return daemon === 'pluto' ? attempt.failing || event.kind === 'ike.refusing' : attempt.failing && isOfRacoonPacket(attempt, event);
}

function comeUp(sa: SecurityAssociation, time: number | null): void {
  sa.isUp = true;
  sa.ikeUp = time;
}

/**
 * The peer answers the request for the first Child SA by deleting the IKE SA, as many do instead of giving a reason. If
 * the request was to replace a Child SA, the peer may have deleted that one just before: it ends everything.
 */
export function childRefusedBy({ kind, message }: Event, sa: SecurityAssociation): AttemptInProgress | null {
  const child = sa.child ?? sa.latestChild?.child ?? null;
  if (kind !== 'ike.deleted_by_peer' || child === null || child.over || child.failing || sa.hadChildren || child.fields['replaced.number'] !== undefined) return null;
  const { time } = message.record;
  const isAnswer = isSoonAfter(REJECTED_WITHIN, child.started, time) && (child === sa.child || isSoonAfter(REJECTED_WITHIN, sa.ikeUp, child.started));
  return isAnswer && child.exchange === 'ikev1-quick' && child.role === 'initiator' && child.purpose === 'create' ? child : null;
}

/** The peer deletes what it has only begun to negotiate. */
function isTurnedDown({ outcome, purpose, reached, visibleStartOnly }: AttemptInProgress): boolean {
  return outcome === 'closed' && purpose === 'create' && reached !== 'none' && reached !== 'established' && !visibleStartOnly;
}

/** The first Child SA of IKEv2 comes up together with its IKE SA; Libreswan 3 logs one line for both. */
function implyParent(parent: SecurityAssociation, time: number | null): readonly AttemptInProgress[] {
  if (parent.ike === null || parent.ike.over || parent.ike.exchange !== 'ikev2') {
    return NO_OTHER;
  }
  parent.ike.reached = 'established';
  parent.ike.end('established', time);
  comeUp(parent, time);
  return [parent.ike];
}

/** The IKE SA that the daemon gave up because of this attempt is gone, and its Child SAs with it. */
function loseAll(sa: SecurityAssociation, event: Event): readonly AttemptInProgress[] {
  sa.close(event.message.record.time, event);
  sa.gone = true;
  return [sa.ike, sa.child].filter((each) => each !== null);
}

/**
 * racoon logs the start of each negotiation, so an attempt whose first line is a failure is about a rejected packet, or
 * about an SA rejected by the kernel.
 */
function isOfRacoonPacket({ entries: [first], purpose }: AttemptInProgress, { message, kind }: Event): boolean {
  return message.daemon === 'racoon' && (purpose === 'create' || kind === 'child.kernel_sa_refused' || kind === 'child.rekey_failed') && first !== undefined && describeKind(first.event.kind).role === 'failure';
}

/**
 * charon rejects a peer with a message that contains a notify and nothing else, or an EAP failure; nothing more is
 * logged afterwards. Only liveness checks of IKEv1 look like that too.
 */
function isRefusal({ kind, fields }: Event): boolean {
  return kind === 'message.generating' && /^(?:HASH )?N\((?!DPD)[A-Z_]+\)$|^(?:.* )?EAP\/FAIL$/.test(String(fields['message.payloads'] ?? '').trim());
}

function loseChild(sa: SecurityAssociation, time: number | null): readonly AttemptInProgress[] {
  if (sa.child === null || sa.child.over) {
    return NO_OTHER;
  }
  // A failure before the IKE SA was merely closed is not a consequence of that.
  if (sa.child.failing && sa.ike?.firstFailure == null) sa.child.end('failed', time);
  else sa.child.supersede(time);
  return [sa.child];
}

function endOfUpkeep(sa: SecurityAssociation, upkeep: AttemptInProgress, event: Event, description: EventKindEntry, live: LiveAssociations): readonly AttemptInProgress[] {
  if (!upkeep.over) {
    return NO_OTHER;
  }
  const { time } = event.message.record;
  const age = time === null || sa.ikeUp === null ? null : time - sa.ikeUp;
  // If another IKE SA with the peer is up, this end is part of a rekeying or reauthentication.
  const isRejected = REJECTIONS.has(event.kind) && age !== null && age <= REJECTED_WITHIN && sa.ike?.role === 'responder' && live.upBeside(sa).length === 0;
  // A peer whose Child SA was rejected has no use for the IKE SA.
  if (isRejected && sa.child?.failing !== true) {
    // The peer rejected the creation of the tunnel, whatever this side believed.
    upkeep.purpose = 'create';
    if (!upkeep.failing) upkeep.blame();
  }
  if (upkeep.outcome === 'established') {
    return NO_OTHER;
  }
  if (description.role === 'end' || upkeep.firstFailure !== null) {
    const heir = live.heirOf(sa);
    if (heir !== null) sa.passChildrenTo(heir);
    sa.close(time, event);
    sa.gone = true;
  }
  return [sa.ike, sa.child].filter((each) => each !== null);
}

function endOfChild(sa: SecurityAssociation, attempt: AttemptInProgress, event: Event, description: EventKindEntry): readonly AttemptInProgress[] {
  const { kind, message } = event;
  const isPlutos = kind === 'ike.deleted_by_peer' && attempt === sa.latestChild?.child;
  if ((attempt !== sa.child && !isPlutos) || description.role !== 'end') {
    return NO_OTHER;
  }
  const { time } = message.record;
  attempt.close(time, event);
  if (kind === 'ike.deleted_by_peer') {
    attempt.blame();
    sa.ike?.close(time);
    sa.gone = true;
    return sa.ike === null ? NO_OTHER : [sa.ike];
  }
  if (sa.ike === null) sa.gone = true;
  return NO_OTHER;
}
