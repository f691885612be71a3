import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import type { LiveAssociations } from './live-associations.js';
import { fitsAddresses, isAbandoned, isWithin } from './security-association.js';
import type { SecurityAssociation } from './security-association.js';
import { fitsPort } from './untagged-packets.js';

const NOBODY: readonly SecurityAssociation[] = [];
/** charon passes a packet to its sender thread, which logs errors within this time (milliseconds). */
const UNSENT = 1_000;
/** Maximum milliseconds until a peer rejects what this side has just rejected. */
const ANSWERS_WITHIN = 10_000;
const FIRST_PACKET = new Set(['packet.received', 'message.parsed']);
const ANSWERS = new Set(['auth.rejected_by_peer', 'auth.eap_rejected_by_peer']);
/** What charon logs after deleting an SA in order to recreate it. */
const REESTABLISHING = 'ike.reauth_failed';
/** A line this soon after an SA failed is most likely still about it (milliseconds). */
export const SOON = 60_000;
/** How long charon repeats a request by default (milliseconds). */
const GIVES_UP_WITHIN = 165_000;
/** IKEv2 counts its messages from zero: no SA has as many. */
const RANDOM_IDS = 0x10000;

/** The SA of a peer whose first message was decoded and which has not been mentioned since. */
export function begunBy(live: LiveAssociations, { fields }: Event): SecurityAssociation | null {
  const peer = fields['peer.address'];
  if (typeof peer !== 'string') return null;
  return live.ofPeer(peer).find((sa) => sa.number === null && !sa.gone && sa.ike?.reached === 'started' && fitsAddresses(sa, fields)) ?? null;
}

/** The SAs of the connection or Child SA named by an order, possibly none; null if it names neither. */
export function ordered(live: LiveAssociations, { fields, kind }: Event, create: () => SecurityAssociation): readonly SecurityAssociation[] | null {
  const { 'connection.name': connection, 'child.name': child, 'child.number': number } = fields;
  const living = [...live].filter((sa) => !sa.gone);
  if (typeof number === 'number' && kind === 'child.terminated_by_operator') return living.filter((sa) => sa.hasChild(fields));
  if (typeof connection === 'string') return [...live.named(connection)].filter((sa) => !sa.gone);
  if (typeof child !== 'string') return null;
  const own = living.filter((sa) => sa.child?.fields['child.name'] === child);
  return own.length === 0 && kind === 'child.expired' ? upBefore(living, create) : own;
}

/** The SA whose Child SA came up before the log began: the only SA, if no line names a Child SA of it. */
function upBefore(living: readonly SecurityAssociation[], create: () => SecurityAssociation): readonly SecurityAssociation[] {
  const [only, another] = living;
  if (only === undefined) return [create()];
  return another === undefined && only.child?.fields['child.name'] === undefined ? [only] : NOBODY;
}

/** Does the packet continue a negotiation, rather than start one? */
export function isAwaited(live: LiveAssociations, packet: Event): boolean {
  const peer = packet.fields['peer.address'];
  return typeof peer === 'string' && live.ofPeer(peer).some((sa) => !sa.gone && !sa.isUp && sa.localAddress !== null && fitsAddresses(sa, packet.fields) && fitsPort(sa, packet));
}

/** SAs that may have given up after this number of retransmissions, longest silent first. */
export function gaveUp(live: LiveAssociations, event: Event): SecurityAssociation[] {
  const count = event.fields['retransmit.count'];
  const silent = [...live].filter(isSilent);
  const exact = silent.filter((sa) => sa.open().some(({ retransmits }) => retransmits === count));
  return longestSilent(exact.length > 0 ? exact : silent);
}

/**
 * charon keeps repeating a request whose answer it could not read: giving up is about the SA that failed for that
 * reason.
 */
export function failedBefore(live: LiveAssociations, event: Event): SecurityAssociation | null {
  return live.lately().find((sa) => sa.gone && (sa.upkeep?.failing === true || isWithoutAnswer(sa)) && isWithin(GIVES_UP_WITHIN, sa, event)) ?? null;
}

/** What came back was no answer: no daemon sends such a version. */
const isWithoutAnswer = ({ ike }: SecurityAssociation): boolean => ike?.role === 'initiator' && ike.firstFailure?.event.kind === 'version.unsupported';

/**
 * The SA that has failed and whose last request charon repeats nevertheless: IKEv1 chooses the message ID of each
 * exchange but the first at random (RFC 2408 section 3.1), so that it identifies the SA.
 */
export function repeatsOf(live: LiveAssociations, { kind, fields }: Event): SecurityAssociation | null {
  const id = fields['message.id'];
  if (kind !== 'retransmit.sent' || typeof id !== 'number' || id < RANDOM_IDS) return null;
  return live.lately().find(({ gone, asked }) => gone && asked === id) ?? null;
}

/** The locally deleted SA whose delete request charon repeats or gives up on. */
export function deletedBefore(live: LiveAssociations, event: Event): SecurityAssociation | null {
  const { kind, fields } = event;
  if (isAbandoned(event)) return [...live].find(({ ike }) => ike?.renews != null && ike.over === false) ?? null;
  if (kind !== 'retransmit.sent' && kind !== 'retransmit.gave_up') return null;
  const count = Number(fields['retransmit.count']) - (kind === 'retransmit.sent' ? 1 : 0);
  const isMeant = ({ gone, deletion }: SecurityAssociation): boolean => gone && deletion !== null && deletion.repeats === count
    && (kind === 'retransmit.gave_up' || deletion.id === fields['message.id'] || (deletion.id === null && isIdle(live)));
  return live.lately().find((sa) => isMeant(sa) && isWithin(GIVES_UP_WITHIN, sa, event)) ?? null;
}

/**
 * With no other SA in progress: the SA that failed here before the peer ends it for that reason, or one deleted but not
 * recreated.
 */
export function answered(live: LiveAssociations, event: Event): SecurityAssociation | null {
  const { kind } = event;
  const last = live.lately()[0];
  if (kind === REESTABLISHING) return live.lately().find(({ gone, ike }) => gone && ike?.purpose === 'reauthenticate') ?? null;
  if (!ANSWERS.has(kind) || last?.ike?.failing !== true || last.ike.firstFailure?.event.kind === kind || !isIdle(live)) return null;
  return isWithin(ANSWERS_WITHIN, last, event) ? last : null;
}

/** It has retransmitted and is waiting. */
export function isSilent(sa: SecurityAssociation): boolean {
  return sa.open().some(({ retransmits }) => retransmits > 0);
}

/**
 * SAs with unanswered DPD requests, otherwise those that are up; longest silent first. If none is known, a new one from
 * before the log.
 */
export function probed(live: LiveAssociations, create: () => SecurityAssociation): SecurityAssociation[] {
  const up = [...live].filter(({ isUp, gone }) => isUp && !gone);
  if (up.length === 0) return [Object.assign(create(), { isUp: true })];
  const unanswered = up.filter(({ probes }) => probes > 0);
  return longestSilent(unanswered.length > 0 ? unanswered : up);
}

/** Established SAs with the address from which the peer moved (MOBIKE), as its new address is unknown. */
export function movedFrom(live: LiveAssociations, { fields }: Event): SecurityAssociation[] {
  const former = fields['peer.former'];
  return typeof former === 'string' ? longestSilent(live.ofPeer(former).filter(({ isUp, gone }) => isUp && !gone)) : [];
}

/**
 * SAs one of which sent the packet that the kernel rejected, latest heard first. If none is in progress, the packet is
 * a DPD request of an SA that is up (in IKEv1 nothing waits for its answer), or a delete request for the SA given up
 * last. `talking`: the SA of the last job.
 */
export function senders(live: LiveAssociations, talking: SecurityAssociation | null, event: Event): SecurityAssociation[] {
  const waiting = live.lastAdded().filter((sa) => sa !== talking && sa.open().length > 0 && isWithin(UNSENT, sa, event));
  const sending = [...(talking === null || talking.gone ? [] : [talking]), ...waiting];
  const probing = sending.length > 0 ? sending : live.lastAdded().filter((sa) => sa.isUp && !sa.gone && isWithin(UNSENT, sa, event));
  if (probing.length > 0) return probing.sort((one, other) => other.lastLine - one.lastLine);
  const [last] = live.lately();
  return last?.gone === true && isWithin(GIVES_UP_WITHIN, last, event) && isIdle(live) ? [last] : [];
}

/** No SA is up or in progress. */
function isIdle(live: LiveAssociations): boolean {
  return live.lastAdded().every(({ gone }) => gone);
}

/** Sorted by the time since they were last mentioned, longest first. */
export function longestSilent(associations: readonly SecurityAssociation[]): SecurityAssociation[] {
  return associations.toSorted((one, other) => one.lastLine - other.lastLine);
}

/**
 * In a log without packets: the SAs that may have got this IKE_AUTH response, which the presumed one, being up, has not.
 */
export function negotiatingInstead(live: LiveAssociations, presumed: SecurityAssociation, { kind, fields }: Event): readonly SecurityAssociation[] {
  if (kind !== 'message.parsed' || fields['exchange.name'] !== 'IKE_AUTH' || fields['message.kind'] !== 'response' || !presumed.isUp) return NOBODY;
  return longestSilent(live.lastAdded().filter((sa) => !sa.gone && !sa.isUp && sa.ike?.role === 'initiator' && !sa.ike.over));
}

/** SAs started by peers that did not continue, longest waiting first. */
export function halfOpen(live: LiveAssociations, { fields }: Event): readonly SecurityAssociation[] {
  const waiting = [...live].filter((sa) => !sa.gone && !sa.isUp && sa.ike?.role === 'responder' && !sa.ike.over && fitsAddresses(sa, fields));
  return longestSilent(waiting);
}

/** An SA that has just failed, if the line is another consequence of that and nothing else is in progress. */
export function lateFor(live: LiveAssociations, sa: SecurityAssociation | null, event: Event): SecurityAssociation | null {
  if (event.kind === 'peer.half_open_timeout') {
    return live.lately().find((each) => each.gone && each.ike?.failing === true && each.ike.role !== 'initiator' && fitsAddresses(each, event.fields) && isWithin(2 * SOON, each, event)) ?? null;
  }
  const busy = sa === null || describeKind(event.kind).starts === true || !isIdle(live);
  return !busy && sa.open().length === 0 && (sa.ike?.firstFailure != null || sa.child?.firstFailure != null) && isWithin(SOON, sa, event) ? sa : null;
}

/** The only SA in progress that is named like the Child SA requested by this line, if that is not the presumed one. */
export function requestingChild(live: LiveAssociations, { kind, fields, message }: Event, presumed: SecurityAssociation | null): SecurityAssociation | null {
  const name = kind === 'child.initiating' && message.thread === null ? fields['child.name'] : undefined;
  if (typeof name !== 'string' || presumed?.name === name) return null;
  const [sa, ...more] = live.named(name).filter((each) => !each.gone && !each.isUp);
  return more.length === 0 ? (sa ?? null) : null;
}

/**
 * An SA whose number is not known yet: the one with this peer, or the only one of the connection if the line names no
 * peer, such as one that is cut off.
 */
export function unnumbered(live: LiveAssociations, { fields }: Event): SecurityAssociation | null {
  const { 'peer.address': peer, 'ike.name': name } = fields;
  if (typeof peer === 'string') {
    const known = [...live.ofPeer(peer), ...live.ofPeer(null)];
    return known.find((sa) => sa.number === null && fitsAddresses(sa, fields)) ?? null;
  }
  const [sa, ...more] = typeof name === 'string' ? live.named(name).filter((each) => each.number === null && !each.gone) : [];
  return more.length === 0 ? (sa ?? null) : null;
}

/**
 * Does the peer begin another IKE SA than the one it has begun before? Where the log has its packets, they tell, and the
 * line may be a copy in another facility.
 */
export function isBegunAgain({ ike }: SecurityAssociation, { kind }: Event): boolean {
  const { subject, starts, as } = describeKind(kind);
  return subject === 'ike' && starts === true && as === 'responder' && ike?.begun === true && ike.role === 'responder' && !ike.over && !ike.tells(FIRST_PACKET);
}
