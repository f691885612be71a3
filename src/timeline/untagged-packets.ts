import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import type { FieldValue } from '../model/fields.js';
import { isProtectedRefusal } from './notify-context.js';
import { fitsAddresses } from './security-association.js';
import type { SecurityAssociation } from './security-association.js';

/** Exchanges that make SAs; the others are about SAs that are up. */
const MAKES_SAS = new Set(['IKE_SA_INIT', 'IKE_INTERMEDIATE', 'IKE_AUTH', 'CREATE_CHILD_SA', 'ID_PROT', 'AGGRESSIVE', 'QUICK_MODE']);
/** What is said only while an SA is made. */
const SAID_MEANWHILE = new Set(['proposal.received', 'proposal.configured', 'proposal.selected', 'child.initiating', 'ike.candidates', 'auth.own', 'auth.peer_verified', 'auth.eap_started']);
const FIRST_MESSAGES = new Set(['IKE_SA_INIT', 'ID_PROT', 'AGGRESSIVE']);

/** The lines of one job: all but the packets of other addresses, and of several packets that fit only the first, rather not one that `isOfAnother`. */
export function sort(waiting: readonly Event[], sa: SecurityAssociation | null, isOfAnother: (packet: Event) => boolean = () => false): { mine: Event[]; others: Event[] } {
  const packets = waiting.filter(({ kind }) => kind === 'packet.received');
  const possible = packets.filter(({ fields }) => sa === null || fitsAddresses(sa, fields));
  const fitting = possible.length < 2 ? possible[0] : possible.find((packet) => !isOfAnother(packet)) ?? possible[0];
  const others = packets.filter((packet) => packet !== fitting);
  return { mine: waiting.filter((event) => !others.includes(event)), others };
}

/** A request with which an IKE SA begins. */
export function isFirstRequest({ fields }: Event): boolean {
  return fields['message.kind'] === 'request' && FIRST_MESSAGES.has(String(fields['exchange.name'])) && !/ (?:KE |ID |FRAG\()/.test(mainModePayloads(fields));
}

/** charon asks for a cookie before it makes an SA, and keeps nothing of that request (RFC 7296 section 2.6). */
export function isCookieAsked({ kind, fields }: Event): boolean {
  return kind === 'message.generating' && String(fields['message.payloads']).trim() === 'N(COOKIE)';
}

/** Later Main Mode requests have the name of the first one; only its payloads tell. */
function mainModePayloads(fields: Event['fields']): string {
  return fields['exchange.name'] === 'ID_PROT' ? ` ${fields['message.payloads'] ?? ''} ` : '';
}

/** Lines that are about an SA even if none is known that they fit: the log begins in the middle. */
export function startsSomething(events: readonly Event[]): boolean {
  return events.some(isOfNegotiation);
}

/** Is the line about an SA that is being made, or fails? */
export function isOfNegotiation({ kind, fields }: Event): boolean {
  if (kind === 'message.parsed' || kind === 'message.generating') return MAKES_SAS.has(String(fields['exchange.name'])) || isProtectedRefusal(fields);
  // Nothing else is known of its SA where the log begins behind what is sent again.
  if (kind === 'retransmit.sent') return true;
  return SAID_MEANWHILE.has(kind) || describeKind(kind).role === 'failure';
}

/** A response goes to an initiator that waits for it, a request to a responder. */
export function fitsExchange(sa: SecurityAssociation, parsed: Event | undefined): boolean {
  if (parsed === undefined || sa.ike === null) {
    return true;
  }
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
 * IKE_AUTH that fits none as it should is about an SA whose answer another one's lines hid, not about one that is up. What fits none of IKEv1, the
 * peer repeats although its latest SA is up.
 */
export function stillNegotiating(known: readonly SecurityAssociation[], parsed: Event | undefined): SecurityAssociation[] {
  if (parsed?.fields['exchange.name'] === 'ID_PROT' || parsed?.fields['exchange.name'] === 'AGGRESSIVE') return known.slice(-1);
  const negotiating = parsed?.fields['exchange.name'] === 'IKE_AUTH' ? known.filter((sa) => !sa.isUp) : [];
  return [...(negotiating.length > 0 ? negotiating : known)];
}

/** The retransmission is the next one of this SA's; who initiated an SA that is up has its request 0 long behind (RFC 7296 section 2.2). */
export function fitsCount(sa: SecurityAssociation, retransmit: Event | undefined): boolean {
  const count = retransmit?.fields['retransmit.count'];
  const established = sa.ike?.renews ?? (sa.isUp ? sa.ike : null);
  if (retransmit?.fields['message.id'] === 0 && established?.role === 'initiator') return false;
  return typeof count !== 'number' || (sa.ike?.retransmits ?? 0) === count - 1;
}

/** The first IKE_AUTH request moves to another port behind a NAT: it is the one that an SA waits for which has just begun, wherever it comes from. */
export function awaits(known: readonly SecurityAssociation[], parsed: Event | undefined): boolean {
  return parsed?.fields['exchange.name'] === 'IKE_AUTH' && parsed.fields['message.id'] === 1 && known.some(({ ike }) => ike?.reached === 'half-open' && !ike.over);
}

/** The packet comes from the port that the SA's latest one came from or went to; a port that either leaves open fits. */
export function fitsPort({ peerPort }: SecurityAssociation, { fields }: Event): boolean {
  return peerPort === null || fields['peer.port'] === undefined || fields['peer.port'] === peerPort;
}

/** A port that a NAT chose: it stands for one client, while all others use the same two ports. */
export function isTranslated(port: FieldValue | undefined): boolean {
  return port !== undefined && port !== 500 && port !== 4500;
}

/** A transform that does not fit is one of the proposals that are listed below it; these tell whether IKE or ESP is negotiated. */
export function withProposals(events: readonly Event[]): readonly Event[] {
  const list = events.find(({ kind }) => kind === 'proposal.received')?.fields['proposal.received'];
  if (list === undefined) return events;
  return events.map((event) => (event.kind === 'proposal.transform_refused' ? { ...event, fields: { 'proposal.received': list, ...event.fields } } : event));
}
