import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';
import { describeKind, EVENT_KINDS } from '../../model/event-kinds.js';
import type { Fields } from '../../model/fields.js';
import type { SecurityAssociation } from './security-association.js';

/**
 * IKEv1 logs the same wording for a notify of phase 1 and of phase 2; once the IKE SA is up, it is about the Child SA.
 */
const IN_PHASE_2: Partial<Record<EventKind, EventKind>> = {
  'proposal.no_proposal_received': 'proposal.child_no_proposal_received',
  'proposal.no_proposal_ignored': 'proposal.child_no_proposal_received',
  'proposal.ike_no_match': 'proposal.child_no_match',
  'auth.rejected_by_peer_ikev1': 'child.id_rejected_by_peer',
  'proposal.part_refused_by_peer': 'proposal.part_refused_by_peer',
};

/** The kind of an event if it is about a Child SA; other kinds never are. */
const OF_CHILD = new Map((Object.keys(EVENT_KINDS) as EventKind[]).flatMap((kind) => {
  const { subject, role } = describeKind(kind);
  const meant = IN_PHASE_2[kind] ?? (subject === 'child' && role === 'failure' ? kind : undefined);
  return meant === undefined ? [] : [[kind, meant] as const];
}));

/** The same of a notify that pluto words like one for a Child SA, but that answers the rekeying of an IKE SA. */
const OF_IKE_SA: Partial<Record<EventKind, EventKind>> = {
  'proposal.child_no_proposal_received': 'proposal.no_proposal_received',
  'proposal.child_no_match': 'proposal.ike_no_match',
  'proposal.pfs_mismatch': 'proposal.invalid_ke_received',
};

/** The meaning and true SA of a line placed with `sa`: a notify for a pending Child SA belongs to that one. */
export function inContext(event: Event, sa: SecurityAssociation): { readonly event: Event; readonly sa: SecurityAssociation } | null {
  if (rekeysIkeSa(event, sa)) return { sa, event: { ...event, kind: OF_IKE_SA[event.kind] ?? 'ike.rejected_by_peer' } };
  if (event.kind === 'child.id_rejected_by_peer' && isInPhase1(sa)) return { sa, event: { ...event, kind: 'auth.rejected_by_peer_ikev1' } };
  const known = OF_CHILD.get(event.kind);
  const meant = known === 'child.id_rejected_by_peer' && !isAboutIdentity(event) ? 'child.rejected_by_peer' : known;
  if (meant === undefined) {
    return null;
  }
  const child = pendingChild(sa, event) ?? (sa.ike === null && sa.isUp && event.kind === 'proposal.no_proposal_received' ? sa : null);
  return child === null ? null : { sa: child, event: { ...event, kind: meant } };
}

/**
 * Only INVALID_ID_INFORMATION states what the peer rejects about a Child SA: the identities that represent the subnets
 * (RFC 2409 section 5.5).
 */
function isAboutIdentity({ kind, fields }: Event): boolean {
  return kind !== 'auth.rejected_by_peer_ikev1' || fields['notify.type'] === undefined || fields['notify.type'] === 'INVALID_ID_INFORMATION';
}

/** Before the IKE SA is up, there is no Child SA yet: the identity that the peer rejects is ours, or our certificate is. */
const isInPhase1 = ({ ike, child, latestChild, isUp }: SecurityAssociation): boolean => ike?.over === false && !isUp && child === null && latestChild === null;

/** A proposal rejection with a HASH payload is protected by an IKE SA, which is therefore up (RFC 2409 section 5.7). */
export function isProtectedRefusal(fields: Fields): boolean {
  return fields['exchange.name'] === 'INFORMATIONAL_V1' && String(fields['message.payloads']).includes('HASH N(NO_PROP)');
}

/** Without a HASH payload it is about Phase 1: once there are keys, charon ignores one that is not protected (message.c). */
export function isUnprotectedRefusal(fields: Fields): boolean {
  return fields['exchange.name'] === 'INFORMATIONAL_V1' && String(fields['message.payloads']).trim() === 'N(NO_PROP)';
}

function pendingChild(sa: SecurityAssociation, { message, kind }: Event): SecurityAssociation | null {
  if (sa.child !== null && (sa.isUp || sa.ike === null) && (!sa.child.over || describeKind(kind).role !== 'failure')) {
    return sa;
  }
  const { latestChild } = sa;
  return message.daemon === 'pluto' && sa.isUp && latestChild?.child?.over === false ? latestChild : null;
}

/** pluto numbers the IKE SA that is to replace another, and answers to all of CREATE_CHILD_SA read alike. */
function rekeysIkeSa({ kind, message }: Event, { ike, child }: SecurityAssociation): boolean {
  if (ike?.purpose !== 'rekey' || ike.over || child !== null || message.daemon !== 'pluto') return false;
  const { subject, role, heard } = describeKind(kind);
  return subject === 'child' && role === 'failure' && heard === true;
}
