import type { Subject } from '../model/attempt.js';
import type { Event } from '../model/event.js';
import type { EventKindEntry } from '../model/event-kinds/entry.js';
import type { Fields } from '../model/fields.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import type { DaemonProcess } from './daemon-process.js';
import { progressOfState } from './phases.js';
import type { SecurityAssociation } from './security-association.js';

/** What pluto says under the IKE SA about a Child SA that has failed, it says so soon (milliseconds). */
const SAME_REFUSAL_WITHIN = 1_000;
const REPETITIONS: ReadonlySet<string> = new Set(['retransmit.sent', 'retransmit.gave_up']);
/** Begins under an IKE SA that is up, and names it. */
const PROTECTED: ReadonlySet<string> = new Set(['child.initiating_quick', 'child.responding_quick', 'child.rekeying']);
const ASKS_FOR_CHILD: ReadonlySet<string> = new Set(['child.initiating', 'child.rekeying']);

/** Is the line about the IKE SA that it was placed with, or about its Child SA? */
export function subjectOf(sa: SecurityAssociation, event: Event, description: EventKindEntry): Subject {
  const { kind, fields, message } = event;
  if (kind === 'message.parsed' || kind === 'message.generating') {
    return fields['exchange.name'] === 'QUICK_MODE' || isAboutChild(event) ? 'child' : 'ike';
  }
  if (message.daemon === 'pluto' && description.role === 'end' && sa.ike === null && sa.child !== null) {
    return 'child';
  }
  // under the number of a Child SA that was refused, it is this refusal that pluto 4.3 calls fatal
  if (kind === 'auth.failed_local' && message.daemon === 'pluto' && sa.ike === null && justFailed(sa, event) !== null) {
    return 'child';
  }
  if (REPETITIONS.has(kind) && unansweredChild(sa, event) !== null) return 'child';
  // pluto gives the IKE SA up because of its Child SA, and charon's commands say that their connection failed; what failed is that one.
  if ((kind === 'ike.failed' || kind === 'dpd.peer_dead') && sa.isUp && justFailed(message.daemon === 'pluto' ? sa.latestChild : sa, event) !== null) {
    return 'child';
  }
  if (description.subject === 'ike' || description.subject === 'child') {
    return description.subject;
  }
  const told = progressIn(event)?.subject;
  if (told !== undefined) {
    return told;
  }
  if (isAboutEsp(event) || (sa.ike === null && sa.child === null && isAboutFirstChild(event))) return 'child';
  if (sa.ike === null) return sa.child === null || isOfExchangeSince(sa, event) ? 'ike' : 'child';
  if (sa.isUp && (kind.startsWith('proposal.') || (kind === 'retransmit.received' && sa.child !== null))) return 'child';
  return sa.isUp && sa.child !== null && !sa.child.over ? 'child' : 'ike';
}

/** What charon repeats when its Child SA is up or refused, a DELETE of the one before it or DPD, is the IKE SA's, of which the log does not show how it came up. */
function isOfExchangeSince({ isUp, child }: SecurityAssociation, { kind, message }: Event): boolean {
  return isUp && child?.over === true && message.daemon === 'charon' && REPETITIONS.has(kind);
}

/** charon writes the protocol before a list of proposals, pluto names it in what it refuses. */
function isAboutEsp({ kind, fields }: Event): boolean {
  if (kind === 'proposal.transform_refused' && fields['proposal.protocol'] === 'ESP') return true;
  const list = String(fields['proposal.received'] ?? fields['proposal.configured'] ?? fields['proposal.selected'] ?? '');
  return list.startsWith('ESP:') || list.startsWith('AH:');
}

/** Where a log begins among proposals, charon as responder has a name for the SA only once IKE's own have been agreed on. */
function isAboutFirstChild({ kind, message, fields }: Event): boolean {
  return kind === 'proposal.transform_refused' && message.daemon === 'charon' && message.connectionName !== null && fields['proposal.transform'] !== undefined;
}

/** pluto gives a Child SA a number of its own, and older releases print the IKE SA's lines under it. */
export function ownerOf(sa: SecurityAssociation, event: Event, subject: Subject, description: EventKindEntry, process: DaemonProcess): SecurityAssociation {
  if (event.message.daemon !== 'pluto') {
    return sa;
  }
  const named = event.fields['ike.number'];
  if (sa.name === null) process.live.rename(sa, event.message.connectionName);
  const isIkeSa = sa.ike !== null || sa.latestChild !== null;
  if (subject === 'child' && !isIkeSa && sa.parent === null) {
    sa.parent = typeof named === 'number' && named !== sa.number && PROTECTED.has(event.kind) ? process.carrierOf(named) : process.parentOf(sa, typeof named === 'number' ? named : null);
    if (sa.parent !== null) sa.parent.latestChild = sa;
    if (sa.parent?.name === null) process.live.rename(sa.parent, sa.name);
  }
  if (subject === 'child' && isIkeSa && (description.role === 'end' || REPETITIONS.has(event.kind) || event.kind === 'dpd.peer_dead')) {
    return sa.child === null ? justFailed(sa.latestChild, event) ?? unansweredChild(sa, event) ?? sa : sa;
  }
  if (subject === 'child' || sa.ike !== null || sa.isUp || description.starts === true) {
    return sa;
  }
  if (sa.child === null) sa.parent ??= process.negotiatedBefore(sa);
  return sa.parent ?? (sa.child === null ? null : process.parentOf(sa, null)) ?? sa;
}

/**
 * The Child SA that this side has asked for and not heard of since. Of IKEv2, one request is under way at a time, and pluto repeats it under the
 * number of the IKE SA, whatever it is about; where that was silent before, it is about something else.
 */
function unansweredChild(sa: SecurityAssociation, { message, fields }: Event): SecurityAssociation | null {
  const { isUp, upkeep } = sa;
  // lines without a number are all one SA's
  const asked = sa.latestChild ?? sa;
  if (message.daemon !== 'pluto' || !isUp || asked.child === null || (upkeep !== null && !upkeep.over)) return null;
  const { child } = asked;
  return isAskedFor(child) && (child.exchange === 'ikev2' || isEstablished(fields)) ? asked : null;
}

const isAskedFor = (child: AttemptInProgress): boolean => !child.over && child.tells(ASKS_FOR_CHILD);

/** pluto's name of the state in which an IKE SA of IKEv2 is up. */
const ESTABLISHED = /^(?:STATE_)?(?:V2_)?ESTABLISHED_IKE_SA$/;

/** The line names the state of an IKE SA that is up. */
export const isEstablished = (fields: Fields): boolean => ESTABLISHED.test(String(fields['state.name']));

/** Where a log begins after an IKE SA of pluto came up, a line that repeats a request tells its number, and what was asked for under it. */
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

/** The Child SA whose failure an IKE SA's line repeats. */
function justFailed(made: SecurityAssociation | null, { message: { record } }: Event): SecurityAssociation | null {
  const recent = record.time === null || made?.lastTime == null || record.time - made.lastTime <= SAME_REFUSAL_WITHIN;
  return made?.child?.firstFailure != null && recent ? made : null;
}

/** What the state says that a line names. */
function progressIn({ fields }: Event): ReturnType<typeof progressOfState> {
  const state = fields['state.new'] ?? fields['state.name'];
  return typeof state === 'string' ? progressOfState(state) : null;
}

/** CREATE_CHILD_SA makes or rekeys a Child SA where it has traffic selectors, and else rekeys the IKE SA. */
function isAboutChild({ fields }: Event): boolean {
  return fields['exchange.name'] === 'CREATE_CHILD_SA' && /\bTSi\b/.test(String(fields['message.payloads']));
}
