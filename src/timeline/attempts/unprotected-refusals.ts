import type { Event } from '../../model/event.js';
import type { SecurityAssociation } from '../associations/security-association.js';

/**
 * Openswan 2.6 refuses an authentication in a second answer to IKE_SA_INIT, without protection (ikev2_parent.c). charon
 * prints what it contains, ignores it, and repeats its request in vain.
 */
export function asUnprotectedRefusal(event: Event, { isUp, ike }: SecurityAssociation): Event {
  if (event.kind !== 'message.parsed' || isUp || ike === null || ike.over || ike.role !== 'initiator' || ike.reached !== 'authenticating') return event;
  const { 'exchange.name': exchange, 'message.kind': kind, 'message.payloads': payloads } = event.fields;
  if (event.message.daemon !== 'charon' || exchange !== 'IKE_SA_INIT' || kind !== 'response' || String(payloads).trim() !== 'N(AUTH_FAILED)') return event;
  return { ...event, kind: 'packet.unprotected_notify', fields: { ...event.fields, 'notify.type': 'AUTHENTICATION_FAILED' } };
}
