import type { Event } from '../../model/event.js';
import type { FieldValue } from '../../model/fields.js';
import type { LiveAssociations } from './live-associations.js';
import { fitsAddresses, isWithin } from './security-association.js';
import type { SecurityAssociation } from './security-association.js';
import { isSilent, longestSilent, SOON } from './untagged-choices.js';
import { awaits, fitsCount, fitsExchange, fitsPort, isFirstRequest, isTranslated, stillNegotiating } from './untagged-packets.js';

/** Exchanges of an IKEv2 SA that is up. */
const IN_FLIGHT: ReadonlySet<string> = new Set(['INFORMATIONAL', 'CREATE_CHILD_SA']);

/** SAs that the lines of an unidentified job may be about, judged by packet and message; most likely first. */
export function packetOwners(live: LiveAssociations, events: readonly Event[]): readonly SecurityAssociation[] {
  const packet = events.findLast(({ kind, fields }) => kind !== 'packet.received' && fields['local.address'] !== undefined && fields['peer.address'] !== undefined)
    ?? events.find(({ kind }) => kind === 'packet.received');
  const parsed = events.find(({ kind }) => kind === 'message.parsed');
  const retransmit = events.find(({ kind }) => kind === 'retransmit.sent');
  const repeated = events.some(({ kind }) => kind === 'retransmit.received');
  if (parsed !== undefined && isFirstRequest(parsed) && !repeated) {
    return [];
  }
  const known = among(live, packet?.fields['peer.address']).filter((sa) => !sa.gone && fitsAddresses(sa, packet?.fields ?? {}));
  const fitting = known.filter((sa) => fitsExchange(sa, parsed) && fitsCount(sa, retransmit));
  const rest = fitting.length > 0 || (parsed !== undefined && isFirstRequest(parsed)) ? fitting : stillNegotiating(known, parsed);
  const ofLatest = events.some(isOfLatest);
  const late = packet === undefined || awaits(rest, parsed) || (!ofLatest && rest.some((sa) => fitsPort(sa, packet))) ? null : failedAtPort(live, packet);
  if (late !== null && (!ofLatest || !rest.some((sa) => startedAfter(sa, late)))) return [late];
  return ofLatest ? [...rest].reverse() : nextFirst(longestSilent(free(rest, events, parsed)), parsed);
}

/** The initiator numbers its requests (RFC 7296 section 2.2): the next one is for the SA whose last one was answered. */
function nextFirst(associations: readonly SecurityAssociation[], parsed: Event | undefined): readonly SecurityAssociation[] {
  const { 'exchange.name': exchange, 'message.kind': kind, 'message.id': id } = parsed?.fields ?? {};
  if (exchange !== 'IKE_AUTH' || kind !== 'request' || typeof id !== 'number') return associations;
  const isNext = ({ answered }: SecurityAssociation): boolean => answered === id - 1;
  return [...associations.filter(isNext), ...associations.filter((sa) => !isNext(sa))];
}

/**
 * IKEv2 has one request in flight (RFC 7296 section 2.3): an SA that repeats one sends no other. And an answer belongs to
 * the SA that has just requested, not to an older one that the peer, which has begun anew since, leaves unanswered.
 */
function free(candidates: readonly SecurityAssociation[], events: readonly Event[], parsed: Event | undefined): readonly SecurityAssociation[] {
  const request = events.find(({ kind, fields }) => kind === 'message.generating' && fields['message.kind'] === 'request' && IN_FLIGHT.has(String(fields['exchange.name'])));
  const isAnswer = parsed !== undefined && parsed.fields['message.kind'] === 'response' && IN_FLIGHT.has(String(parsed.fields['exchange.name']));
  if (candidates.length < 2 || (request === undefined && !isAnswer)) return candidates;
  const id = parsed?.fields['message.id'];
  const others = candidates.filter((sa) => !isSilent(sa) && (request !== undefined || sa.asked === id));
  const isOlder = (silent: SecurityAssociation): boolean => others.some((other) => startedAfter(other, silent));
  return others.length > 0 && candidates.filter(isSilent).every((silent) => request !== undefined || isOlder(silent)) ? others : candidates;
}

/**
 * Lines about a negotiation, or the moment after it: an initiator that rejects the responder's authentication says so in
 * the next exchange (RFC 7296 section 2.21.2).
 */
function isOfLatest({ kind, fields }: Event): boolean {
  return kind === 'auth.undecryptable' || (kind === 'auth.rejected_by_peer' && fields['exchange.name'] === 'INFORMATIONAL');
}

/**
 * The SA that a packet is sent to, if it is not the job's presumed one; `fits`: the addresses match the presumed one.
 */
export function addressed(live: LiveAssociations, event: Event, sa: SecurityAssociation, fits: boolean): SecurityAssociation | null {
  const { 'peer.address': peer, 'peer.port': port } = event.fields;
  if (typeof peer !== 'string' || (fits && (fitsPort(sa, event) || !isTranslated(port)))) {
    return null;
  }
  return live.ofPeer(peer).find((other) => !other.gone && fitsAddresses(other, event.fields) && (!fits || other.peerPort === port)) ?? null;
}

/** Clients behind one NAT differ only in their ports: the packet may be the last one of an SA that has just failed. */
function failedAtPort(live: LiveAssociations, packet: Event): SecurityAssociation | null {
  return live.lately().find((sa) => sa.gone && sa.ike?.failing === true && fitsAddresses(sa, packet.fields) && sa.peerPort === packet.fields['peer.port'] && isWithin(SOON, sa, packet)) ?? null;
}

const startedAfter = ({ ike }: SecurityAssociation, late: SecurityAssociation): boolean => (ike?.started ?? 0) > (late.ike?.started ?? 0);

/** SAs that a packet from this peer may concern: its own, and those with an unknown peer. */
function among(live: LiveAssociations, peer: FieldValue | undefined): readonly SecurityAssociation[] {
  return typeof peer === 'string' ? [...live.ofPeer(peer), ...live.ofPeer(null)] : [...live];
}
