import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import type { FieldValue } from '../../model/fields.js';
import { isProtectedRefusal, isUnprotectedRefusal } from './notify-context.js';
import { fitsAddresses } from './security-association.js';
import type { SecurityAssociation } from './security-association.js';

/** Exchanges that create SAs; all others concern established SAs. */
const MAKES_SAS = new Set(['IKE_SA_INIT', 'IKE_INTERMEDIATE', 'IKE_AUTH', 'CREATE_CHILD_SA', 'ID_PROT', 'AGGRESSIVE', 'QUICK_MODE']);
/** Kinds that occur only while an SA is being created. */
const SAID_MEANWHILE = new Set(['child.established', 'proposal.received', 'proposal.configured', 'proposal.selected', 'child.initiating', 'ike.candidates', 'auth.own', 'auth.peer_verified', 'auth.eap_started']);
const FIRST_MESSAGES = new Set(['IKE_SA_INIT', 'ID_PROT', 'AGGRESSIVE']);

/**
 * Splits off the lines of one job: all except packets with other addresses, and of several matching packets only the
 * first, preferably one that is not `isOfAnother`.
 */
export function sort(waiting: readonly Event[], sa: SecurityAssociation | null, isOfAnother: (packet: Event) => boolean = () => false): { mine: Event[]; others: Event[] } {
  const packets = waiting.filter(({ kind }) => kind === 'packet.received');
  const possible = packets.filter(({ fields }) => sa === null || fitsAddresses(sa, fields));
  const fitting = possible.length < 2 ? possible[0] : possible.find((packet) => !isOfAnother(packet)) ?? possible[0];
  const others = packets.filter((packet) => packet !== fitting);
  return { mine: waiting.filter((event) => !others.includes(event)), others };
}

/** Is it a request that starts an IKE SA? */
export function isFirstRequest({ fields }: Event): boolean {
  return fields['message.kind'] === 'request' && FIRST_MESSAGES.has(String(fields['exchange.name'])) && !/ (?:KE |ID |FRAG\()/.test(mainModePayloads(fields));
}

/** charon requests a cookie before it creates an SA, and keeps nothing of that request (RFC 7296 section 2.6). */
export function isCookieAsked({ kind, fields }: Event): boolean {
  return kind === 'message.generating' && String(fields['message.payloads']).trim() === 'N(COOKIE)';
}

/** Later Main Mode requests have the same exchange name as the first; only the payloads tell them apart. */
function mainModePayloads(fields: Event['fields']): string {
  return fields['exchange.name'] === 'ID_PROT' ? ` ${fields['message.payloads'] ?? ''} ` : '';
}

/** Do the lines concern an SA even if no known one matches, because the log begins in the middle? */
export function startsSomething(events: readonly Event[]): boolean {
  return events.some(isOfNegotiation);
}

/** Is the line about an SA being created, or failing? */
export function isOfNegotiation({ kind, fields }: Event): boolean {
  if (kind === 'message.parsed' || kind === 'message.generating') return MAKES_SAS.has(String(fields['exchange.name'])) || isProtectedRefusal(fields) || (kind === 'message.parsed' && isUnprotectedRefusal(fields));
  // If the log begins after the first transmission, nothing else is known about the SA.
  if (kind === 'retransmit.sent') return true;
  return SAID_MEANWHILE.has(kind) || describeKind(kind).role === 'failure';
}

/** A response belongs to an initiator waiting for it, a request to a responder. */
export function fitsExchange(sa: SecurityAssociation, parsed: Event | undefined): boolean {
  if (parsed === undefined) return true;
  if (sa.ike === null) return !(sa.isUp && parsed.fields['exchange.name'] === 'IKE_AUTH');
  const { role, reached, over } = sa.ike;
  const response = parsed.fields['message.kind'] === 'response';
  switch (parsed.fields['exchange.name']) {
    case 'IKE_SA_INIT':
      return role === (response ? 'initiator' : 'responder') && reached === 'started' && !over;
    case 'IKE_AUTH':
      return role === (response ? 'initiator' : 'responder') && (reached === 'half-open' || reached === 'authenticating') && !over;
    case 'ID_PROT':
    case 'AGGRESSIVE':
      return role === (response ? 'initiator' : 'responder') && !over;
    default:
      return true;
  }
}

/**
 * An IKE_AUTH message that fits no SA belongs to one whose previous answer was hidden by another SA's lines, not to an
 * established one, least of all one whose peer is not even known. An IKEv1 message that fits none is a repetition by
 * the peer, though its latest SA is up.
 */
export function stillNegotiating(known: readonly SecurityAssociation[], parsed: Event | undefined): SecurityAssociation[] {
  if (parsed?.fields['exchange.name'] === 'ID_PROT' || parsed?.fields['exchange.name'] === 'AGGRESSIVE') return known.slice(-1);
  if (parsed?.fields['exchange.name'] !== 'IKE_AUTH') return [...known];
  const negotiating = known.filter((sa) => !sa.isUp);
  return negotiating.length > 0 ? negotiating : known.filter(({ peerAddress }) => peerAddress !== null);
}

/**
 * Is the retransmission the next one of this SA? The initiator of an established SA is long past request 0 (RFC 7296
 * section 2.2), and only its last request can be repeated.
 */
export function fitsCount(sa: SecurityAssociation, retransmit: Event | undefined): boolean {
  const count = retransmit?.fields['retransmit.count'];
  const established = sa.ike?.renews ?? (sa.isUp ? sa.ike : null);
  if (retransmit?.fields['message.id'] === 0 && established?.role === 'initiator') return false;
  if (sa.asked !== null && retransmit?.fields['message.kind'] === 'request' && typeof retransmit.fields['message.id'] === 'number' && retransmit.fields['message.id'] !== sa.asked) return false;
  return typeof count !== 'number' || (sa.ike?.retransmits ?? 0) === count - 1;
}

/**
 * Behind a NAT the first IKE_AUTH request comes from another port: it belongs to the SA that has just started and is
 * waiting for it, wherever it comes from.
 */
export function awaits(known: readonly SecurityAssociation[], parsed: Event | undefined): boolean {
  return parsed?.fields['exchange.name'] === 'IKE_AUTH' && parsed.fields['message.id'] === 1 && known.some(({ ike }) => ike?.reached === 'half-open' && !ike.over);
}

/** Does the packet's port match the SA's latest one? Unknown ports match. */
export function fitsPort({ peerPort }: SecurityAssociation, { fields }: Event): boolean {
  return peerPort === null || fields['peer.port'] === undefined || fields['peer.port'] === peerPort;
}

/** A port chosen by a NAT identifies one client, whereas all others use the same two ports. */
export function isTranslated(port: FieldValue | undefined): boolean {
  return port !== undefined && port !== 500 && port !== 4500;
}

/** A rejected transform belongs to the proposals listed below it, which tell whether IKE or ESP is negotiated. */
export function withProposals(events: readonly Event[]): readonly Event[] {
  const list = events.find(({ kind }) => kind === 'proposal.received')?.fields['proposal.received'];
  if (list === undefined) return events;
  return events.map((event) => (event.kind === 'proposal.transform_refused' ? { ...event, fields: { 'proposal.received': list, ...event.fields } } : event));
}
