import type { Subject } from '../../model/attempt.js';
import type { Event } from '../../model/event.js';
import type { EventKindEntry } from '../../model/event-kinds/entry.js';
import type { Fields } from '../../model/fields.js';
import type { DaemonProcess } from '../associations/daemon-process.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import { progressOfState } from './phases.js';

/** Maximum milliseconds until pluto repeats a Child SA's failure under the IKE SA. */
const SAME_REFUSAL_WITHIN = 1_000;
const REPETITIONS: ReadonlySet<string> = new Set(['retransmit.sent', 'retransmit.gave_up']);
/** Kinds that start under an established IKE SA and name it. */
const PROTECTED: ReadonlySet<string> = new Set(['child.initiating_quick', 'child.responding_quick', 'child.rekeying']);
const ASKS_FOR_CHILD: ReadonlySet<string> = new Set(['child.initiating', 'child.rekeying']);

/** Is the line about the IKE SA that it was placed with, or about its Child SA? */
export function subjectOf(sa: SecurityAssociation, event: Event, description: EventKindEntry): Subject {
  const { kind, fields } = event;
  if (kind === 'message.parsed' || kind === 'message.generating') return fields['exchange.name'] === 'QUICK_MODE' || isAboutChild(event) ? 'child' : 'ike';
  if (meansChild(sa, event, description)) return 'child';
  if (description.subject === 'ike' || description.subject === 'child') return description.subject;
  return progressIn(event)?.subject ?? subjectInProgress(sa, event);
}

/** Is it about the Child SA, although such a line is usually about an IKE SA? */
function meansChild(sa: SecurityAssociation, event: Event, { role }: EventKindEntry): boolean {
  const { kind, message: { daemon } } = event;
  if (daemon === 'pluto' && sa.ike === null) {
    if (role === 'end' && sa.child !== null) return true;
    // Under the number of a rejected Child SA, this is pluto 4.3 calling the rejection fatal
    if (kind === 'auth.failed_local' && justFailed(sa, event) !== null) return true;
    // Up to Libreswan 4.4 a first Child SA that was never up is given up in the words for a tunnel that fell silent
    if (kind === 'dpd.peer_dead' && sa.child?.failing === true) return true;
  }
  if (REPETITIONS.has(kind) && unansweredChild(sa, event) !== null) return true;
  // pluto gives up the IKE SA because of its Child SA, and charon's commands report the failure of the whole
  // connection; what failed is the Child SA.
  return (kind === 'ike.failed' || kind === 'dpd.peer_dead') && sa.isUp && justFailed(daemon === 'pluto' ? sa.latestChild : sa, event) !== null;
}

/** Of a line that may be about either: what is being negotiated. */
function subjectInProgress(sa: SecurityAssociation, event: Event): Subject {
  const { ike, child, isUp } = sa;
  if (isAboutEsp(event) || (ike === null && child === null && isAboutFirstChild(event))) return 'child';
  if (ike === null) return child === null || isOfExchangeSince(sa, event) ? 'ike' : 'child';
  if (!isUp) return 'ike';
  if (event.kind === 'proposal.part_refused_by_peer' && child?.over !== false) return 'ike';
  if (event.kind.startsWith('proposal.') || (event.kind === 'retransmit.received' && child !== null && !sa.request.isMissed(event))) return 'child';
  return child !== null && !child.over ? 'child' : 'ike';
}

/**
 * With its Child SA up or rejected, charon can only be repeating a DELETE of the previous one or DPD. Those belong to
 * the IKE SA, whose establishment is not in the log.
 */
function isOfExchangeSince({ isUp, child }: SecurityAssociation, { kind, message }: Event): boolean {
  return isUp && child?.over === true && message.daemon === 'charon' && REPETITIONS.has(kind);
}

/** charon writes the protocol before a list of proposals; pluto names it on rejection. */
function isAboutEsp({ kind, fields }: Event): boolean {
  if (kind === 'proposal.transform_refused' && fields['proposal.protocol'] === 'ESP') return true;
  const list = String(fields['proposal.received'] ?? fields['proposal.configured'] ?? fields['proposal.selected'] ?? '');
  return list.startsWith('ESP:') || list.startsWith('AH:');
}

/**
 * If a log begins with proposals, charon as responder names the SA only after IKE's own were agreed on, so a named line
 * is about the Child SA.
 */
function isAboutFirstChild({ kind, message, fields }: Event): boolean {
  return kind === 'proposal.transform_refused' && message.daemon === 'charon' && message.connectionName !== null && fields['proposal.transform'] !== undefined;
}

/**
 * The SA that a line belongs to: pluto numbers Child SAs separately, and older releases log IKE SA lines under that
 * number.
 */
export function ownerOf(sa: SecurityAssociation, event: Event, subject: Subject, description: EventKindEntry, process: DaemonProcess): SecurityAssociation {
  if (event.message.daemon !== 'pluto') return sa;
  if (sa.name === null) process.live.rename(sa, event.message.connectionName);
  if (sa.ike === null && sa.parent === null && sa.child === null && isRequested(event)) sa.isUp = true;
  return subject === 'child' ? ownerOfChildLine(sa, event, description, process) : ownerOfIkeLine(sa, event, description, process);
}

function ownerOfChildLine(sa: SecurityAssociation, event: Event, { role }: EventKindEntry, process: DaemonProcess): SecurityAssociation {
  const isIkeSa = sa.ike !== null || sa.latestChild !== null;
  if (!isIkeSa) {
    if (sa.parent === null) joinParent(sa, event, process);
    return sa;
  }
  const isOfLatest = sa.child === null && (role === 'end' || REPETITIONS.has(event.kind) || event.kind === 'dpd.peer_dead');
  return (isOfLatest ? justFailed(sa.latestChild, event) ?? unansweredChild(sa, event) : null) ?? sa;
}

function ownerOfIkeLine(sa: SecurityAssociation, event: Event, { starts }: EventKindEntry, process: DaemonProcess): SecurityAssociation {
  if (REPETITIONS.has(event.kind) && sa.isUp) return unansweredSuccessor(sa, process) ?? sa;
  if (sa.ike !== null || sa.isUp || starts === true) return sa;
  if (sa.child === null) sa.parent ??= process.negotiatedBefore(sa, progressIn(event)?.exchange === 'ikev2');
  return sa.parent ?? (sa.child === null ? null : process.parentOf(sa, null)) ?? sa;
}

/** Finds the IKE SA of a Child SA: the one that the line names, or the latest of the connection. */
function joinParent(child: SecurityAssociation, event: Event, process: DaemonProcess): void {
  const named = event.fields['ike.number'];
  const number = typeof named === 'number' ? named : null;
  const parent = number !== null && number !== child.number && PROTECTED.has(event.kind) ? process.carrierOf(number) : process.parentOf(child, number);
  if (parent === null) return;
  child.parent = parent;
  parent.latestChild = child;
  endUnnumbered(parent, event);
  if (parent.name === null) process.live.rename(parent, child.name);
}

/** The peer's request of Quick Mode, which pluto logs under the number of the IKE SA: that one is up. */
const isRequested = ({ kind, fields }: Event): boolean => kind === 'child.selectors' && fields['ts.received'] !== undefined;

/** The request of a Child SA, which pluto logs under the IKE SA's number until the Child SA has its own. */
function endUnnumbered(parent: SecurityAssociation, { message: { record } }: Event): void {
  if (parent.child === null || parent.child.over || parent.child.failing) return;
  parent.child.supersede(record.time);
  parent.child = null;
}

/**
 * The requested Child SA that has not been heard of since. IKEv2 has one request in flight, which pluto repeats under
 * the IKE SA's number, whatever it is about; if the IKE SA was silent before, it is about something else.
 */
function unansweredChild(sa: SecurityAssociation, { message, fields }: Event): SecurityAssociation | null {
  const { isUp, upkeep } = sa;
  // Lines without a number all belong to one SA
  const asked = sa.latestChild ?? sa;
  if (message.daemon !== 'pluto' || !isUp || asked.child === null || (upkeep !== null && !upkeep.over)) return null;
  const { child } = asked;
  return isAskedFor(child) && (child.exchange === 'ikev2' || isEstablished(fields)) ? asked : null;
}

/** The IKE SA that is requested to replace this one: from Libreswan 4.5 on its request is repeated under the number of this one. */
function unansweredSuccessor({ name, number, upkeep }: SecurityAssociation, { live }: DaemonProcess): SecurityAssociation | null {
  if (upkeep !== null && !upkeep.over) return null;
  return live.named(name).findLast(({ ike }) => ike !== null && !ike.over && ike.purpose === 'rekey' && ike.fields['replaced.number'] === number) ?? null;
}

const isAskedFor = (child: AttemptInProgress): boolean => !child.over && child.tells(ASKS_FOR_CHILD);

/** pluto's state of an established IKEv2 IKE SA. */
const ESTABLISHED = /^(?:STATE_)?(?:V2_)?ESTABLISHED_IKE_SA$/;

/** Does the line name the state of an established IKE SA? */
export const isEstablished = (fields: Fields): boolean => ESTABLISHED.test(String(fields['state.name']));

/**
 * If the log begins after pluto's IKE SA came up, a repeated request reveals its number, and what was requested under
 * it.
 */
export function findAskedFor(sa: SecurityAssociation, { kind, message, fields }: Event, process: DaemonProcess): void {
  if (message.daemon !== 'pluto' || !REPETITIONS.has(kind) || sa.ike !== null || sa.latestChild !== null || !isEstablished(fields)) return;
  if (sa.child !== null && !isAskedFor(sa.child)) return;
  sa.isUp = true;
  if (sa.child !== null) return;
  for (const other of process.live.named(sa.name ?? message.connectionName)) {
    if (other !== sa && other.ike === null && other.parent === null && other.child !== null && isAskedFor(other.child)) sa.latestChild = other;
  }
  if (sa.latestChild !== null) sa.latestChild.parent = sa;
}

/** The Child SA whose failure is repeated by a line of the IKE SA. */
function justFailed(made: SecurityAssociation | null, { message: { record } }: Event): SecurityAssociation | null {
  const recent = record.time === null || made?.lastTime == null || record.time - made.lastTime <= SAME_REFUSAL_WITHIN;
  return made?.child?.firstFailure != null && recent ? made : null;
}

/** The progress shown by a state in the line. */
function progressIn({ fields }: Event): ReturnType<typeof progressOfState> {
  const state = fields['state.new'] ?? fields['state.name'];
  return typeof state === 'string' ? progressOfState(state) : null;
}

/** CREATE_CHILD_SA creates or rekeys a Child SA if it has traffic selectors; otherwise it rekeys the IKE SA. */
function isAboutChild({ fields }: Event): boolean {
  return fields['exchange.name'] === 'CREATE_CHILD_SA' && /\bTSi\b/.test(String(fields['message.payloads']));
}
