import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import type { EventKindEntry } from '../../model/event-kinds/entry.js';
import type { DaemonProcess } from '../associations/daemon-process.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import { ConnectionInProgress } from '../connections/connection-in-progress.js';
import { AttemptInProgress } from './attempt-in-progress.js';
import { asUpkeep, beginAttempt, NOTHING_KNOWN, NOWHERE } from './new-attempt.js';

/** Anybody can cause them with one packet, which says nothing about an SA that is up. */
const UNPROTECTED: ReadonlySet<string> = new Set(['version.unsupported', 'version.major_rejected']);

/** Error notifies of IKEv1 that pluto logs and ignores: an ISAKMP SA that is up stays up. */
const IGNORED: ReadonlySet<string> = new Set(['auth.rejected_by_peer_ikev1', 'version.exchange_rejected', 'proposal.no_proposal_ignored']);

/** Messages of IKEv1 that pluto cannot read, and drops (ikev1.c, process_packet_tail). */
const UNREADABLE: ReadonlySet<string> = new Set(['payload.malformed', 'auth.undecryptable']);

const NOTIFIES_ALONE = /^\s*N\(\w+\)\s*$/;

/** Milliseconds for which a request is repeated, at least. */
const REPEATING = 60_000;

/**
 * The attempt that a line about an established IKE SA belongs to: only a failure or its end begins one of its own. Null if
 * the log shows no attempt of that SA.
 */
export function upkeepAttempt(sa: SecurityAssociation, event: Event, description: EventKindEntry, process: DaemonProcess): AttemptInProgress | null {
  const { upkeep } = sa;
  if (UNPROTECTED.has(event.kind)) return sa.ike;
  if (upkeep !== null && !upkeep.over) return goOn(sa, upkeep, event, description);
  // The daemon ended the SA with that failure; further lines are no second failure.
  if (sa.gone && upkeep !== null && upkeep.firstFailure !== null) return upkeep;
  return isTrouble(description) && !isHarmless(sa, event) ? begin(sa, event, description, process) : sa.ike;
}

/** A sign of life ends the silence, unless something has failed. */
function goOn(sa: SecurityAssociation, upkeep: AttemptInProgress, event: Event, { role }: EventKindEntry): AttemptInProgress {
  const isAlive = role === 'milestone' || (event.kind === 'message.parsed' && !sa.request.isRepeated);
  if (isAlive && !upkeep.failing) {
    sa.upkeep = null;
    upkeep.end('established', event.message.record.time);
  }
  return upkeep;
}

/**
 * pluto repeats a request under the number of the IKE SA that carries it, and logs the answer with the SA that it
 * creates: the silence of the first is over. Returns the attempt that had begun with that silence.
 */
export function answeredUnder(attempt: AttemptInProgress, sa: SecurityAssociation, { message }: Event, process: DaemonProcess): AttemptInProgress | null {
  if (message.daemon !== 'pluto' || attempt.outcome !== 'established') return null;
  const replaced = attempt.subject === 'ike' ? attempt.fields['replaced.number'] : undefined;
  const carrier = typeof replaced === 'number' ? process.parentOf(sa, replaced) : sa.parent;
  const upkeep = carrier?.upkeep ?? null;
  if (carrier === null || upkeep === null || upkeep.over || upkeep.failing) return null;
  carrier.upkeep = null;
  upkeep.end('established', message.record.time);
  return upkeep;
}

function isTrouble({ role, foretells }: EventKindEntry): boolean {
  return role === 'symptom' || role === 'failure' || role === 'end' || foretells !== undefined;
}

/**
 * A request that the peer repeats was answered late, or the answer was lost: only if that goes on, something is wrong.
 * A peer that has forgotten the SA need not answer its deletion. A packet that cannot be read does nothing to an SA that
 * is up: whoever sent it, it is dropped. And charon forgets a Quick Mode that it refused, and so cannot read its
 * retransmissions (IKEv1 only). With nothing requested, no daemon heeds the refusal of a proposal.
 */
function isHarmless(sa: SecurityAssociation, event: Event): boolean {
  const { ike, isUp, request, gone, deletion } = sa;
  const { kind, message } = event;
  if (message.daemon === 'pluto' && UNREADABLE.has(kind) && carriesQuickMode(sa)) return true;
  if (message.daemon === 'pluto' && IGNORED.has(kind) && isUp) return true;
  if (isUp && isOfUnknownSa(event)) return true;
  if (kind === 'auth.rejected_by_peer' && ike !== null && hasProvedNothing(ike)) return true;
  if (kind === 'proposal.part_refused_by_peer') return true;
  if (kind === 'fragment.repeated' || (kind === 'retransmit.received' && !request.isMissed(event))) return true;
  if (gone && deletion !== null && kind.startsWith('retransmit.')) return true;
  return kind === 'packet.malformed' && (isUp || (ike?.connection instanceof ConnectionInProgress && ike.connection.childFails()));
}

/**
 * strongSwan as responder that cannot create the Child SA answers with a notify in place of its identity and proof
 * (child_create.c), which no initiator accepts.
 */
function hasProvedNothing({ role, entries }: AttemptInProgress): boolean {
  const answer = role === 'responder' ? entries.findLast(({ event: { kind } }) => kind === 'message.generating')?.event : undefined;
  return answer?.fields['exchange.name'] === 'IKE_AUTH' && NOTIFIES_ALONE.test(String(answer.fields['message.payloads']));
}

/** pluto has no IKE SA for the request of a peer: it is not about the one that is up, but about one that only the peer remembers. */
function isOfUnknownSa({ kind, message, fields }: Event): boolean {
  return kind === 'lifecycle.states_out_of_step' && message.daemon === 'pluto' && message.saNumber === null && fields['exchange.name'] !== undefined;
}

/** An IPsec SA of Quick Mode is up, so both ends can read each other's messages. */
function carriesQuickMode({ latestChild }: SecurityAssociation): boolean {
  return latestChild?.child?.outcome === 'established' && latestChild.child.exchange === 'ikev1-quick';
}

function begin(sa: SecurityAssociation, event: Event, description: EventKindEntry, process: DaemonProcess): AttemptInProgress {
  const known = sa.ike ?? { ...NOTHING_KNOWN, exchange: sa.child?.exchange === 'ikev2' ? 'ikev2' as const : 'unknown' as const };
  const upkeep = asUpkeep(beginAttempt(sa, 'ike', event, description), known);
  upkeep.visibleStartOnly = sa.ike === null && event.kind === 'retransmit.sent' && mayHaveBegunBefore(sa, event, process);
  sa.upkeep = upkeep;
  if (event.kind === 'retransmit.received' && sa.request.first !== null) upkeep.add({ event: sa.request.first, link: 'adjacent' }, description);
  return upkeep;
}

/** The first transmission may precede the log, so what it was about is unknown, unless the log has it. */
function mayHaveBegunBefore({ asked }: SecurityAssociation, { fields, message: { record: { time } } }: Event, { since }: DaemonProcess): boolean {
  if (asked !== null && asked === fields['message.id']) return false;
  return time === null || since === null || time - since < REPEATING;
}

/** Packets fail although the SAs are up: a separate attempt about the Child SA, which ends with its first line. */
export function trafficAttempt(event: Event, sa: SecurityAssociation): AttemptInProgress {
  const exchange = sa.child?.exchange ?? sa.ike?.exchange ?? 'unknown';
  const attempt = asUpkeep(new AttemptInProgress(NOWHERE, 'child', sa), { role: sa.ike?.role ?? 'unknown', exchange, fields: { ...sa.ike?.fields, ...sa.child?.fields } });
  attempt.add({ event, link: 'peer' }, describeKind(event.kind));
  attempt.end('failed', event.message.record.time);
  return attempt;
}
