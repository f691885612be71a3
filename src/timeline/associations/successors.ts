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
  if (event.kind === 'message.parsed') named.isToBeReplaced = isOfIkeRekeying(event) && event.fields['message.kind'] === 'request';
  if (tagged !== undefined && tagged !== named && describeKind(event.kind).starts === true) {
    tagged.successor = named;
    tagged.isSucceeded = false;
  }
  const { successor } = named;
  if (successor === null || successor.ike === null || !named.isUp) return named;
  if (successor.ike.over) return named.isSucceeded && isVerdict(event, successor) ? successor : named;
  const isRekeying = isIkeRekeying(event);
  if (isRekeying) named.isSucceeded = true;
  return isRekeying || (named.isSucceeded && isAboutIt(event, successor)) ? successor : named;
}

/**
 * Does the line begin the IKE SA that the peer requests under this one? It has the number of the old one, and the new
 * one is only named when it is up.
 */
export function isBegunByPeer({ kind, message }: Event, { isUp, isToBeReplaced }: SecurityAssociation): boolean {
  if (!isToBeReplaced || !isUp || message.daemon !== 'charon') return false;
  const { starts, as } = describeKind(kind);
  return starts === true && as === 'responder';
}

/** Makes `begun` the successor, unless this side is negotiating one too. */
export function replaceBy(begun: SecurityAssociation, old: SecurityAssociation): void {
  old.isToBeReplaced = false;
  if (old.successor?.ike?.over === false) return;
  old.successor = begun;
  old.isSucceeded = true;
}

function isIkeRekeying(event: Event): boolean {
  const { kind, fields } = event;
  const isOwn = (kind === 'message.generating' && fields['message.kind'] === 'request') || (kind === 'message.parsed' && fields['message.kind'] === 'response');
  return isOwn && isOfIkeRekeying(event);
}

/** The exchange that creates an IKE SA under another has no traffic selectors, and no notify about a Child SA. */
function isOfIkeRekeying({ fields }: Event): boolean {
  const { 'exchange.name': exchange, 'message.payloads': payloads } = fields;
  return exchange === 'CREATE_CHILD_SA' && !/\bTS[ir]\b|REKEY_SA/.test(String(payloads));
}

/** Only requests of this side go unanswered: those under the old SA, if the peer initiates the new one. */
function isAboutIt({ kind }: Event, { ike }: SecurityAssociation): boolean {
  const { role, subject } = describeKind(kind);
  return (ABOUT_REQUEST.has(kind) && ike?.role !== 'responder') || kind.startsWith('proposal.') || (role === 'failure' && (subject === 'ike' || subject === 'any') && !kind.startsWith('network.'));
}

/** What follows the reason for which a rekeying failed. */
const isVerdict = ({ kind }: Event, { ike }: SecurityAssociation): boolean => kind === 'ike.rekey_failed' && ike?.purpose === 'rekey' && ike.firstFailure !== null;
