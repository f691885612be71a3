import type { Event } from '../../model/event.js';
import type { Fields } from '../../model/fields.js';
import type { LiveAssociations } from '../associations/live-associations.js';
import { isAbandoned } from '../associations/security-association.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import { isEstablished } from './line-subject.js';

/** States of pluto in which it waits for the answer to CREATE_CHILD_SA, from Libreswan 4 on: those before had no digit. */
const REQUESTED = /^(?:STATE_)?V2_(?:NEW_CHILD|REKEY_CHILD|REKEY_IKE)_I1$/;

/**
 * The IKE SA that is given up because a request under it went unanswered, whatever that was about; null if only the
 * attempt is. charon destroys it in both versions of IKE (ike_sa.c, retransmit), pluto in IKEv2 and since Libreswan 4
 * (retransmit_v2_msg), which soon after repeats all requests in the state of the IKE SA.
 */
export function givenUpWith(sa: SecurityAssociation, attempt: AttemptInProgress, event: Event, live: LiveAssociations): SecurityAssociation | null {
  const { kind, fields, message } = event;
  if ((kind !== 'retransmit.gave_up' && !isAbandoned(event)) || !attempt.over || attempt.outcome === 'established' || attempt === sa.upkeep) return null;
  let carrier: SecurityAssociation | null = null;
  if (message.daemon === 'charon') carrier = carrierOf(sa, attempt, live);
  else if (message.daemon === 'pluto' && isUnderIkeSa(fields)) carrier = sa.parent ?? presentOf(sa, live);
  if (carrier !== null) attempt.endsIkeSa = true;
  return carrier;
}

/** The IKE SA that is up next to this one, which is to succeed it. */
const presentOf = (sa: SecurityAssociation, live: LiveAssociations): SecurityAssociation => live.upBeside(sa).at(-1) ?? sa;

const isUnderIkeSa = (fields: Fields): boolean => isEstablished(fields) || REQUESTED.test(String(fields['state.name']));

/**
 * A Child SA is negotiated under the SA itself, and so is the deletion by which IKEv2 reauthenticates; the successor of
 * an IKE SA under the present one; and in IKEv1 the successor has taken over the Child SAs when it is begun.
 */
function carrierOf(sa: SecurityAssociation, { subject, purpose, exchange, renews }: AttemptInProgress, live: LiveAssociations): SecurityAssociation | null {
  if (subject === 'child') return sa.isUp ? sa : null;
  if (renews !== null) return sa;
  return purpose === 'rekey' || (purpose === 'reauthenticate' && exchange.startsWith('ikev1')) ? presentOf(sa, live) : null;
}
