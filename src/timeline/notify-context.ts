import type { Event } from '../model/event.js';
import type { EventKind } from '../model/event-kinds.js';
import { describeKind } from '../model/event-kinds.js';
import type { DaemonProcess, Placement } from './daemon-process.js';
import type { SecurityAssociation } from './security-association.js';

/** IKEv1 prints the same words for a notify of phase 1 and of phase 2; once the IKE SA is up they are about the Child SA. */
const IN_PHASE_2: Partial<Record<EventKind, EventKind>> = {
  'proposal.no_proposal_received': 'proposal.child_no_proposal_received',
  'proposal.no_proposal_ignored': 'proposal.child_no_proposal_received',
  'proposal.ike_no_match': 'proposal.child_no_match',
  'auth.rejected_by_peer_ikev1': 'child.id_rejected_by_peer',
};

/** The placement as it is meant: the notify of a Child SA that is under way belongs to that one. */
export function inContext(placement: Placement, process: DaemonProcess): Placement {
  const { kind } = placement.event;
  const meant = IN_PHASE_2[kind] ?? (describeKind(kind).subject === 'child' && describeKind(kind).role === 'failure' ? kind : undefined);
  if (meant === undefined) {
    return placement;
  }
  const child = pendingChild(placement.sa, placement.event, process);
  return child === null ? placement : { ...placement, sa: child, event: { ...placement.event, kind: meant } };
}

function pendingChild(sa: SecurityAssociation, { message, kind }: Event, process: DaemonProcess): SecurityAssociation | null {
  if (sa.child !== null && (sa.isUp || sa.ike === null) && (!sa.child.over || describeKind(kind).role !== 'failure')) {
    return sa;
  }
  return message.daemon === 'pluto' && sa.isUp ? process.pendingChildOf(sa) : null;
}
