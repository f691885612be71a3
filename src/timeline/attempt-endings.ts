import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import type { EventKindEntry } from '../model/event-kinds/entry.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import type { LiveAssociations } from './live-associations.js';
import type { SecurityAssociation } from './security-association.js';

/** A responder that is rejected by the initiator logs "established" first; a DELETE this soon afterwards tells (milliseconds). */
const REJECTED_WITHIN = 5_000;
const REJECTIONS = new Set(['ike.deleted_by_peer', 'auth.rejected_by_peer']);
const NO_OTHER: readonly AttemptInProgress[] = [];

/** What a line that an attempt has taken in ends, and what that means for the others of its SA: those that it changed. */
export function settle(sa: SecurityAssociation, attempt: AttemptInProgress, event: Event, description: EventKindEntry, live: LiveAssociations): readonly AttemptInProgress[] {
  const { time } = event.message.record;
  const charonEnds = event.message.daemon === 'charon' && attempt.failing && !attempt.over
    && ((description.role === 'failure' && description.weak !== true) || isRefusal(event));
  // A failure that pluto or racoon logs for a mere packet has no SA, and so no end.
  const packetEnds = sa.number === null && ((event.message.daemon === 'pluto' && (attempt.failing || event.kind === 'ike.refusing')) || (attempt.failing && isOfRacoonPacket(attempt, event)));
  if (charonEnds || packetEnds) attempt.end('failed', time);
  if (attempt === sa.ike && attempt.outcome === 'established' && !sa.isUp) {
    sa.isUp = true;
    sa.ikeUp = time;
    sa.upkeep = null;
    return NO_OTHER;
  }
  if (attempt === sa.ike && attempt.over && attempt.outcome !== 'established') {
    if (attempt.renews !== null) sa.child?.close(time);
    return loseChild(sa, time);
  }
  if (attempt === sa.upkeep) {
    return endOfUpkeep(sa, attempt, event, description, live);
  }
  if (attempt.outcome === 'established' && !(attempt.retired && description.role === 'end')) return implyParent(sa.parent ?? sa, time);
  return endOfChild(sa, attempt, event, description);
}

/** The first Child SA of IKEv2 comes up together with its IKE SA; Libreswan 3 has one line for both. */
function implyParent(parent: SecurityAssociation, time: number | null): readonly AttemptInProgress[] {
  if (parent.ike === null || parent.ike.over || parent.ike.exchange !== 'ikev2') {
    return NO_OTHER;
  }
  parent.ike.reached = 'established';
  parent.ike.end('established', time);
  parent.isUp = true;
  parent.ikeUp = time;
  return [parent.ike];
}

/** racoon tells what it begins: an attempt whose first line is a failure is a packet that it refused, or an SA that the kernel did. */
function isOfRacoonPacket({ entries: [first], purpose }: AttemptInProgress, { message, kind }: Event): boolean {
  return message.daemon === 'racoon' && (purpose === 'create' || kind === 'child.kernel_sa_refused' || kind === 'child.rekey_failed') && first !== undefined && describeKind(first.event.kind).role === 'failure';
}

/** charon's answer to a peer that it refuses carries a notify and nothing else; nothing is logged after it. */
function isRefusal({ kind, fields }: Event): boolean {
  return kind === 'message.generating' && /^(?:HASH )?N\([A-Z_]+\)$/.test(String(fields['message.payloads'] ?? '').trim());
}

function loseChild(sa: SecurityAssociation, time: number | null): readonly AttemptInProgress[] {
  if (sa.child === null || sa.child.over) {
    return NO_OTHER;
  }
  // What failed before its IKE SA was merely closed is no consequence of that.
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
  // Where another IKE SA is up beside it, its end is that of a rekeying or a reauthentication.
  const isRejected = REJECTIONS.has(event.kind) && age !== null && age <= REJECTED_WITHIN && sa.ike?.role === 'responder' && live.upBeside(sa).length === 0;
  // A peer that was refused its Child SA has no use for the IKE SA.
  if (isRejected && sa.child?.failing !== true) {
    // What the peer rejected was the tunnel's creation, whatever this side believed.
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
  if (attempt !== sa.child || description.role !== 'end') {
    return NO_OTHER;
  }
  const { time } = message.record;
  attempt.close(time, event);
  // Whichever exchange of an IKE SA is not answered, charon gives up the IKE SA with it.
  if (kind === 'retransmit.gave_up' && message.daemon === 'charon' && sa.isUp && sa.ike !== null) {
    sa.ike.close(time);
    sa.gone = true;
    return [sa.ike];
  }
  if (sa.ike === null) sa.gone = true;
  return NO_OTHER;
}
