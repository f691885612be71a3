import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';
import type { FieldValue } from '../../model/fields.js';
import type { SecurityAssociation } from '../associations/security-association.js';

interface Refusal {
  readonly kind: EventKind;
  readonly notify: FieldValue;
  readonly detail?: string;
}

/** The packet contains one notify and nothing else; IKEv1 puts a HASH before it once there are keys. */
const SOLE_NOTIFY = /^(?:HASH )?N\((AUTH_FAILED|NO_PROP|INVAL_KE)\)$/;

/** In IKEv1 a HASH payload requires keys, so the proposals rejected are those of Quick Mode. */
const PROTECTED_REFUSAL = 'HASH N(NO_PROP)';

const REFUSALS: Readonly<Record<string, Refusal>> = {
  AUTH_FAILED: { kind: 'auth.failed_notify_sent', notify: 'AUTHENTICATION_FAILED' },
  NO_PROP: { kind: 'ike.refused_here', notify: 'NO_PROPOSAL_CHOSEN' },
};

/** In IKEv2 INVALID_KE requests another group; in IKEv1 it ends phase 1, though charon uses the IKEv2 name. */
const KEY_REFUSED: Refusal = { kind: 'ike.refused_here', notify: 'INVALID_KEY_INFORMATION' };

/** Notifies in an IKE_AUTH response that succeeds except for its Child SA (RFC 7296 section 1.2). */
const CHILD_NOTIFY = /N\((TS_UNACCEPT|NO_PROP|FAIL_CP_REQ|INT_ADDR_FAIL)\)/;
const AUTH = /(?:^| )AUTH /;

const CHILD_REFUSALS: Readonly<Record<string, Refusal>> = {
  TS_UNACCEPT: { kind: 'child.ts_unacceptable', notify: 'TS_UNACCEPTABLE' },
  NO_PROP: { kind: 'proposal.child_no_match', notify: 'NO_PROPOSAL_CHOSEN' },
  FAIL_CP_REQ: { kind: 'child.virtual_ip_unavailable', notify: 'FAILED_CP_REQUIRED', detail: 'the peer asked for none' },
  INT_ADDR_FAIL: { kind: 'child.virtual_ip_unavailable', notify: 'INTERNAL_ADDRESS_FAILURE', detail: 'no pool here has one' },
};

/**
 * charon logs why it rejects a peer, then the packet with the rejection (`generating IKE_AUTH response 1 [
 * N(AUTH_FAILED) ]`). If the line with the reason is missing or not understood, the packet becomes the failure: of an
 * IKE SA that is not up, or of a Child SA not mentioned before.
 */
export function asRefusal(event: Event, sa: SecurityAssociation): Event {
  if (event.kind !== 'message.generating' || event.message.daemon !== 'charon') return event;
  const payloads = String(event.fields['message.payloads']).trim();
  const isOfChild = sa.child !== null && payloads.startsWith(PROTECTED_REFUSAL);
  const refusal = !isOfChild && (isOpen(sa) || beginsWith(event, sa)) ? refusalOf(event, payloads) : undefined;
  const proof = payloads.search(AUTH);
  const ofChild = sa.child === null && event.fields['message.kind'] === 'response' && proof >= 0 ? CHILD_REFUSALS[CHILD_NOTIFY.exec(payloads.slice(proof))?.[1] ?? ''] : undefined;
  const { kind, notify, detail } = refusal ?? ofChild ?? {};
  if (kind === undefined || notify === undefined) return event;
  return { ...event, kind, fields: { ...event.fields, 'notify.type': notify, ...(detail === undefined ? {} : { detail }) } };
}

function refusalOf({ fields }: Event, payloads: string): Refusal | undefined {
  const notify = SOLE_NOTIFY.exec(payloads)?.[1] ?? '';
  if (notify === 'INVAL_KE') return fields['exchange.name'] === 'INFORMATIONAL_V1' ? KEY_REFUSED : undefined;
  return REFUSALS[notify];
}

/** The log begins with the response that rejects the peer. */
function beginsWith({ fields }: Event, { isUp, ike, child }: SecurityAssociation): boolean {
  return !isUp && ike === null && child === null && (fields['exchange.name'] === 'IKE_AUTH' || fields['exchange.name'] === 'IKE_SA_INIT');
}

function isOpen({ isUp, ike }: SecurityAssociation): boolean {
  return !isUp && ike !== null && !ike.over && !ike.failing;
}
