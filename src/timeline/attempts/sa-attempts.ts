import type { Attempt, Link, Role, Subject } from '../../model/attempt.js';
import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import type { EventKindEntry } from '../../model/event-kinds/entry.js';
import type { DaemonProcess } from '../associations/daemon-process.js';
import type { LiveAssociations } from '../associations/live-associations.js';
import { inContext, isProtectedRefusal } from '../associations/notify-context.js';
import { isWithin } from '../associations/security-association.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import { ConnectionInProgress } from '../connections/connection-in-progress.js';
import { childRefusedBy, settle } from './attempt-endings.js';
import { AttemptInProgress } from './attempt-in-progress.js';
import { childEndedBy, endsAnother, endsBadly, failsToRenew, saysItIsOver } from './child-endings.js';
import { findAskedFor, isEstablished, ownerOf, subjectOf } from './line-subject.js';
import { progressOf, progressOfState } from './phases.js';
import { asRefusal } from './sent-refusals.js';

/** Placeholder until the name or peer of an attempt is known. */
const NOWHERE = new ConnectionInProgress('', '', 'charon', null);

/** The attempt that took a line, and other attempts of its SA that changed with it. */
export interface Told {
  readonly sa: SecurityAssociation;
  readonly attempt: AttemptInProgress;
  readonly also: readonly AttemptInProgress[];
}

const NOTHING_KNOWN: Pick<Attempt, 'role' | 'exchange' | 'fields'> = { role: 'unknown', exchange: 'unknown', fields: {} };

/** Exchanges that create an IKE SA; their messages may be repeated after it is up. */
const OPENING: ReadonlySet<string> = new Set(['IKE_SA_INIT', 'IKE_AUTH', 'ID_PROT', 'AGGRESSIVE']);

/**
 * An SA deleted for reauthentication is recreated at once, or after its deletion went unanswered for a while
 * (milliseconds).
 */
const SUCCEEDS_WITHIN = 30_000;

/** Adds a line placed with an SA to an attempt of that SA; null if it is about none. */
export function tell(placed: Event, placedWith: SecurityAssociation, link: Link, others: readonly SecurityAssociation[], process: DaemonProcess): Told | null {
  const inPhase2 = inContext(placed, placedWith);
  const event = inPhase2 === null ? asRefusal(placed, placedWith) : inPhase2.event;
  const spoken = inPhase2 === null ? placedWith : inPhase2.sa;
  const description = describeKind(event.kind);
  spoken.request.hear(event);
  findAskedFor(spoken, event, process);
  const subject = subjectOf(spoken, event, description);
  const sa = ownerOf(spoken, event, subject, description, process);
  learn(sa, event, link, process.live);
  if (sa.ike === null && isUnderIkeSa(placed, subject)) sa.isUp = true;
  noteRequest(sa, event);
  if (isVerdictOnFormer(sa, event)) return null;
  if (sa.isUp && event.kind === 'message.parsed' && !OPENING.has(String(event.fields['exchange.name']))) sa.isUsed = true;
  if (event.kind === 'dpd.sent') sa.probes += 1;
  else if (description.heard === true) sa.probes = 0;
  if (description.role === 'noise') {
    if (event.kind === 'log.unread') sa.noteUnread(event);
    return null;
  }
  const attempt = childRefusedBy(event, sa) ?? (subject === 'child' ? childAttempt(sa, event, description) : ikeAttempt(sa, event, description, process));
  if (attempt === null) {
    return null;
  }
  attempt.peerAddress = sa.peerAddress ?? attempt.peerAddress;
  attempt.add({ event, link }, description);
  const spi = event.kind === 'child.sa_installed' ? event.fields['spi.number'] : undefined;
  if (spi !== undefined) sa.rememberSpi(spi, attempt);
  if (others.length > 0) {
    attempt.addCandidates(others.map((other) => other.name ?? other.peerAddress ?? 'an unnamed one'));
  }
  const also = settle(sa, attempt, event, description, process.live);
  const retried = attempt === sa.ike && attempt.entries.length === 1 && description.as !== 'initiator' ? supersedeRetried(sa, event, process) : null;
  return { sa, attempt, also: retried === null ? also : [...also, retried] };
}

/**
 * The command that initiated a connection fails together with its first attempt, but says so only after charon has
 * started over: what has only sent its first packet has not failed.
 */
function isVerdictOnFormer({ ike, formerIke }: SecurityAssociation, { kind, message }: Event): boolean {
  return kind === 'ike.failed' && message.daemon === 'charon' && formerIke?.outcome === 'failed' && ike !== null && !ike.over && !ike.failing && !ike.peerAnswered && ike.silentSince === null;
}

/**
 * The peer retries with the requested group: charon and pluto have dropped the first request, and give the retry a new
 * SA.
 */
function supersedeRetried(sa: SecurityAssociation, { message: { record } }: Event, process: DaemonProcess): AttemptInProgress | null {
  const first = process.live.lastOf((other) => other !== sa && other.ike?.awaitsRetry === true && (sa.peerAddress === null ? other.name === sa.name : other.peerAddress === sa.peerAddress));
  if (first?.ike == null) return null;
  first.ike.supersede(record.time);
  process.retire(first);
  if (sa.peerAddress === null && first.peerAddress !== null) process.live.readdress(sa, first.peerAddress);
  return first.ike;
}

function noteRequest(sa: SecurityAssociation, { kind, fields }: Event): void {
  // nothing answers an IKEv1 notify, so it is not repeated
  if (kind === 'message.generating' && fields['message.kind'] === 'request' && fields['exchange.name'] !== 'INFORMATIONAL_V1') sa.asked = fields['message.id'] ?? null;
  if (kind === 'message.generating' && sa.gone && String(fields['message.payloads']).trim() === 'D') sa.deletion = { id: fields['message.id'] ?? '', repeats: 0 };
  else if (kind === 'ike.deleting') sa.deletion ??= { id: null, repeats: 0 };
  else if (kind === 'retransmit.sent' && sa.deletion !== null) sa.deletion.repeats += 1;
}

/** Packets fail although the SAs are up: a separate attempt about the Child SA, which ends with its first line. */
export function trafficAttempt(event: Event, sa: SecurityAssociation): AttemptInProgress {
  const exchange = sa.child?.exchange ?? sa.ike?.exchange ?? 'unknown';
  const attempt = asUpkeep(new AttemptInProgress(NOWHERE, 'child', sa), { role: sa.ike?.role ?? 'unknown', exchange, fields: { ...sa.ike?.fields, ...sa.child?.fields } });
  attempt.add({ event, link: 'peer' }, describeKind(event.kind));
  attempt.end('failed', event.message.record.time);
  return attempt;
}

/**
 * Quick Mode, CREATE_CHILD_SA and messages about a Child SA alone are protected by an IKE SA; if the log begins with
 * them, it is up.
 */
function isUnderIkeSa({ kind, fields, message }: Event, subject: Subject): boolean {
  if (kind === 'ike.failed' && message.daemon === 'pluto') return isEstablished(fields);
  if ((kind !== 'message.parsed' && kind !== 'message.generating') || message.daemon !== 'charon') return false;
  return subject === 'child' || fields['exchange.name'] === 'QUICK_MODE' || fields['exchange.name'] === 'CREATE_CHILD_SA' || isProtectedRefusal(fields);
}

/** Events that change an endpoint's address (MOBIKE, a new NAT mapping). */
const MOVES: ReadonlySet<string> = new Set(['network.peer_moved', 'network.path_changed']);

/** Learns name and addresses. Known addresses are changed only by a line that names its SA, or reports a move. */
function learn(sa: SecurityAssociation, { fields, message, kind }: Event, link: Link, live: LiveAssociations): void {
  const name = fields['ike.name'] ?? fields['connection.new'] ?? message.connectionName ?? (kind === 'ike.config_selected' ? fields['connection.name'] : undefined);
  if (typeof name === 'string' && name !== '(unnamed)') live.rename(sa, name);
  const mayChange = link === 'sa' || MOVES.has(kind);
  const peer = fields['peer.address'] ?? message.peerAddress;
  if (typeof peer === 'string' && !peer.startsWith('%') && (mayChange || sa.peerAddress === null)) live.readdress(sa, peer);
  const local = fields['local.address'];
  if (typeof local === 'string' && !local.startsWith('%') && (mayChange || sa.localAddress === null)) sa.localAddress = local;
  const port = fields['peer.port'] ?? message.peerPort;
  if (typeof port === 'number') sa.peerPort = port;
  sa.lastTime = message.record.time ?? sa.lastTime;
  live.hear(sa);
}

function ikeAttempt(sa: SecurityAssociation, event: Event, description: EventKindEntry, process: DaemonProcess): AttemptInProgress | null {
  if (sa.isUp && description.starts !== true) {
    return upkeepAttempt(sa, event, description, process);
  }
  if (sa.ike !== null && !(sa.ike.over && (description.starts === true || isNotReestablished(sa.ike, event)))) {
    if (sa.ike.reached === 'none' && sa.ike.role === 'unknown' && isOfOneThatWasUp(event)) sa.ike.visibleStartOnly = true;
    return sa.ike;
  }
  const attempt = create(sa, 'ike', description);
  if (isOfOneThatWasUp(event)) attempt.visibleStartOnly = true;
  if (sa.isUp && description.purpose === 'reauthenticate') attempt.renews = sa.ike;
  if (event.kind.startsWith('ike.initiating') && isSuccessor(sa, event, process.live)) attempt.purpose = 'reauthenticate';
  sa.isUp = false;
  sa.formerIke = sa.ike;
  sa.ike = attempt;
  return attempt;
}

/** charon creates the successor of a reauthenticated SA like any other, next to the old one or after its deletion. */
function isSuccessor(sa: SecurityAssociation, event: Event, live: LiveAssociations): boolean {
  if (sa.name === null || event.message.daemon !== 'charon') return false;
  const isRenewed = (other: SecurityAssociation): boolean => other !== sa && other.name === sa.name && other.ike?.purpose === 'reauthenticate';
  return [...live.named(sa.name)].some((other) => isRenewed(other) && other.ike?.over === false) || live.lately().some((other) => other.gone && isRenewed(other) && isWithin(SUCCEEDS_WITHIN, other, event));
}

/**
 * In a break-before-make reauthentication charon deletes the old SA first, and then reports that it cannot create the
 * new one.
 */
function isNotReestablished({ purpose, outcome }: AttemptInProgress, { kind }: Event): boolean {
  return kind === 'ike.reauth_failed' && purpose === 'reauthenticate' && outcome === 'closed';
}

/** Anybody can cause them with one packet, which says nothing about an SA that is up. */
const UNPROTECTED: ReadonlySet<string> = new Set(['version.unsupported', 'version.major_rejected']);

/** An established SA: only a failure or its end starts a separate attempt. */
function upkeepAttempt(sa: SecurityAssociation, event: Event, description: EventKindEntry, process: DaemonProcess): AttemptInProgress | null {
  if (UNPROTECTED.has(event.kind)) return sa.ike;
  if (sa.upkeep !== null && !sa.upkeep.over) {
    const { upkeep } = sa;
    if ((description.role === 'milestone' || (event.kind === 'message.parsed' && !sa.request.isRepeated)) && !upkeep.failing) {
      sa.upkeep = null;
      upkeep.end('established', event.message.record.time);
    }
    return upkeep;
  }
  // The daemon ended the SA with that failure; further lines are no second failure.
  if (sa.gone && sa.upkeep !== null && sa.upkeep.firstFailure !== null) {
    return sa.upkeep;
  }
  // A request repeated by the peer was answered late, or the answer was lost; only if that continues, something is
  // wrong. And a peer that has forgotten the SA need not answer its deletion.
  const repeated = event.kind === 'fragment.repeated' || (event.kind === 'retransmit.received' && !sa.request.isMissed(event)) || (sa.gone && sa.deletion !== null && event.kind.startsWith('retransmit.'));
  // charon forgets a Quick Mode that it refused, and so cannot read its retransmissions (IKEv1 only).
  const ofRefused = event.kind === 'packet.malformed' && sa.ike?.connection instanceof ConnectionInProgress && sa.ike.connection.childFails();
  if (repeated || ofRefused || (description.role !== 'symptom' && description.role !== 'failure' && description.role !== 'end' && description.foretells === undefined)) {
    return sa.ike;
  }
  const upkeep = asUpkeep(create(sa, 'ike', description), sa.ike ?? { ...NOTHING_KNOWN, exchange: sa.child?.exchange === 'ikev2' ? 'ikev2' : 'unknown' });
  upkeep.visibleStartOnly = sa.ike === null && event.kind === 'retransmit.sent' && mayHaveBegunBefore(event, process);
  sa.upkeep = upkeep;
  if (event.kind === 'retransmit.received' && sa.request.first !== null) upkeep.add({ event: sa.request.first, link: 'adjacent' }, description);
  return upkeep;
}

/** Milliseconds for which a request is repeated, at least. */
const REPEATING = 60_000;

/** The first transmission may precede the log, so what it was about is unknown. */
function mayHaveBegunBefore({ message: { record: { time } } }: Event, { since }: DaemonProcess): boolean {
  return time === null || since === null || time - since < REPEATING;
}

function childAttempt(sa: SecurityAssociation, event: Event, description: EventKindEntry): AttemptInProgress | null {
  const ended = description.role === 'end' || description.role === 'failure' ? childEndedBy(sa, event) : null;
  const isAboutAnother = description.role === 'end' && ended !== sa.child && endsAnother(sa, event);
  if (ended !== null && ended === sa.child && endsBadly(event)) sa.child = expire(sa, ended, event, description);
  else if (ended !== null) ended.retired = true;
  if (isAboutAnother) return sa.ike?.over === true ? sa.ike : null;
  if (saysItIsOver(event) && sa.child?.outcome === 'established') sa.child.retired = true;
  const begins = failsToRenew(sa, event) || (description.starts === true && (event.kind !== 'child.established' || isAnother(sa, event)));
  if (sa.child === null || (sa.child.over && (begins || asksForAnother(event)))) {
    sa.keepChild();
    sa.child = create(sa, 'child', description);
    const { exchange, role } = sa.ike ?? sa.parent?.ike ?? NOTHING_KNOWN;
    sa.child.exchange = exchange.startsWith('ikev1') ? 'ikev1-quick' : exchange;
    sa.child.role = ownRole(event, description) ?? role;
    sa.child.visibleStartOnly = (sa.ike?.visibleStartOnly ?? false) || hadBeenInstalled(event);
    if (sa.isChildExpiring && description.starts === true) sa.child.purpose = 'rekey';
    sa.isChildExpiring = false;
  }
  if (event.kind === 'child.expiring' && event.message.daemon === 'racoon') sa.isChildExpiring = sa.child.outcome === 'established';
  return sa.child;
}

/** Either end may negotiate a Child SA, whoever initiated the IKE SA: the role that the line itself tells. */
function ownRole({ kind, fields, message }: Event, { as, starts }: EventKindEntry): Role | undefined {
  const { subject, role } = progressOf(kind, fields, { daemon: message.daemon, role: 'unknown' });
  return subject === 'child' ? role : starts === true ? as : undefined;
}

/** The end of a Child SA that has byte counters, or is in a state in which it is up: it was installed before the log begins. */
function hadBeenInstalled({ kind, fields }: Event): boolean {
  return kind === 'child.closing' && (fields['bytes.in'] !== undefined || progressOfState(String(fields['state.name'] ?? ''))?.phase === 'established');
}

/** Is the established Child SA a new one rather than the SA's latest? pluto gives each a number of its own. */
function isAnother(sa: SecurityAssociation, { message }: Event): boolean {
  if (sa.child === null || sa.child.reached !== 'established') return false;
  return sa.child.outcome === 'closed' || (sa.child.outcome === 'established' && !(message.daemon === 'pluto' && sa.ike === null && sa.number !== null));
}

/** A failure of an established Child SA is a separate attempt. */
function expire(sa: SecurityAssociation, child: AttemptInProgress, event: Event, description: EventKindEntry): AttemptInProgress {
  child.close(event.message.record.time);
  const upkeep = asUpkeep(create(sa, 'child', description), child);
  upkeep.visibleStartOnly = false;
  return upkeep;
}

/** Turns the attempt into one about an SA that was already established, with what is known about it. */
function asUpkeep(attempt: AttemptInProgress, { role, exchange, fields }: Pick<Attempt, 'role' | 'exchange' | 'fields'>): AttemptInProgress {
  attempt.purpose = 'maintain';
  attempt.reached = 'established';
  attempt.role = role;
  attempt.exchange = exchange;
  attempt.fields = { ...fields };
  return attempt;
}

/** A request for a Child SA in Quick Mode or CREATE_CHILD_SA, for which charon as responder logs no other line. */
function asksForAnother({ kind, fields }: Event): boolean {
  return (kind === 'message.parsed' || kind === 'message.generating') && fields['message.kind'] === 'request' && /(?:^| )SA /.test(String(fields['message.payloads']));
}

/** Messages that cannot start an IKE SA: IKEv2 exchanges under an established one, and the peer's deletion of it. */
function isOfOneThatWasUp({ kind, fields }: Event): boolean {
  return kind === 'ike.deleted_by_peer' || (fields['exchange.name'] === 'INFORMATIONAL' && fields['message.payloads'] !== 'N(INVAL_MAJOR)') || fields['exchange.name'] === 'CREATE_CHILD_SA';
}

function create(sa: SecurityAssociation, subject: Subject, description: EventKindEntry): AttemptInProgress {
  const attempt = new AttemptInProgress(NOWHERE, subject, sa);
  attempt.visibleStartOnly = description.starts !== true && description.role !== 'failure' && sa.number !== null && sa.number > 1;
  if (sa.unread !== null) attempt.noteUnread(sa.unread);
  sa.unread = null;
  return attempt;
}
