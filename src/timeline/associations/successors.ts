import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import type { SecurityAssociation } from './security-association.js';

/** Whatever else charon has to ask under the IKE SA waits for the answer. */
const ABOUT_REQUEST: ReadonlySet<string> = new Set(['retransmit.sent', 'retransmit.gave_up', 'peer.not_responding', 'ike.rekey_failed']);

/**
 * The SA that a line of charon is about, whose text or prefix names `named`. A rekeying of the IKE SA takes place under
 * the number of the old one (up to 5.9 all of it is logged so), but what fails is the new one, which the old one
 * survives. `tagged`: the SA in the prefix.
 */
export function succeed(event: Event, named: SecurityAssociation, tagged: SecurityAssociation | undefined): SecurityAssociation {
  if (event.message.daemon !== 'charon') return named;
  if (tagged !== undefined && tagged !== named && describeKind(event.kind).starts === true) {
    tagged.successor = named;
    tagged.isSucceeded = false;
  }
  const { successor } = named;
  if (successor === null || successor.ike === null || !named.isUp) return named;
  if (successor.ike.over) return named.isSucceeded && isVerdict(event, successor) ? successor : named;
  const isRekeying = isIkeRekeying(event);
  if (isRekeying) named.isSucceeded = true;
  return isRekeying || (named.isSucceeded && isAboutIt(event)) ? successor : named;
}

/** The exchange that creates an IKE SA under another has no traffic selectors, and no notify about a Child SA. */
function isIkeRekeying({ kind, fields }: Event): boolean {
  const { 'exchange.name': exchange, 'message.kind': message, 'message.payloads': payloads } = fields;
  const isOwn = (kind === 'message.generating' && message === 'request') || (kind === 'message.parsed' && message === 'response');
  return isOwn && exchange === 'CREATE_CHILD_SA' && !/\bTS[ir]\b|REKEY_SA/.test(String(payloads));
}

function isAboutIt({ kind }: Event): boolean {
  const { role, subject } = describeKind(kind);
  return ABOUT_REQUEST.has(kind) || (role === 'failure' && (subject === 'ike' || subject === 'any') && !kind.startsWith('network.'));
}

/** What follows the reason for which a rekeying failed. */
const isVerdict = ({ kind }: Event, { ike }: SecurityAssociation): boolean => kind === 'ike.rekey_failed' && ike?.purpose === 'rekey' && ike.firstFailure !== null;
