import type { Event } from '../model/event.js';
import type { EventKind } from '../model/event-kinds.js';
import type { FieldValue } from '../model/fields.js';
import type { SecurityAssociation } from './security-association.js';

/** The packet carries one notify and nothing else; IKEv1 puts a HASH before it once it has keys. */
const SOLE_NOTIFY = /^(?:HASH )?N\((AUTH_FAILED|NO_PROP)\)$/;

const REFUSALS: Readonly<Record<string, { readonly kind: EventKind; readonly notify: FieldValue }>> = {
  AUTH_FAILED: { kind: 'auth.failed_notify_sent', notify: 'AUTHENTICATION_FAILED' },
  NO_PROP: { kind: 'ike.refused_here', notify: 'NO_PROPOSAL_CHOSEN' },
};

/**
 * charon says why it refuses a peer, and then lists the packet with the refusal (`generating IKE_AUTH response 1 [ N(AUTH_FAILED) ]`).
 * Where the line that says why is missing, or is one that nothing understands, the packet is the failure of an IKE SA that is not up.
 */
export function asRefusal(event: Event, sa: SecurityAssociation): Event {
  if (event.kind !== 'message.generating' || event.message.daemon !== 'charon' || sa.isUp || sa.ike === null || sa.ike.over || sa.ike.failing) return event;
  const notify = SOLE_NOTIFY.exec(String(event.fields['message.payloads']).trim())?.[1];
  const refusal = notify === undefined ? undefined : REFUSALS[notify];
  return refusal === undefined ? event : { ...event, kind: refusal.kind, fields: { ...event.fields, 'notify.type': refusal.notify } };
}
