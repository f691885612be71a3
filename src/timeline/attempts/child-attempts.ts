import type { Role } from '../../model/attempt.js';
import type { Event } from '../../model/event.js';
import type { EventKindEntry } from '../../model/event-kinds/entry.js';
import type { DaemonProcess } from '../associations/daemon-process.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import type { EarlierLines } from '../context/earlier-lines.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import { childEndedBy, endsAnother, endsBadly, failsToRenew, saysItIsOver } from './child-endings.js';
import { asUpkeep, beginAttempt, NOTHING_KNOWN } from './new-attempt.js';
import { progressOf, progressOfState } from './phases.js';
import { trafficAttempt } from './upkeep-attempts.js';

const REFUSALS: ReadonlySet<string> = new Set(['child.refused', 'child.refused_here', 'child.ts_unacceptable']);

/** The attempt that a line about the Child SA belongs to, begun if it is the first; null if it concerns another. */
export function childAttempt(sa: SecurityAssociation, event: Event, description: EventKindEntry, { earlier }: DaemonProcess): AttemptInProgress | null {
  if (isOfNoConnection(sa, event)) return trafficAttempt(event, sa);
  const ended = description.role === 'end' || description.role === 'failure' ? childEndedBy(sa, event) : null;
  const isAboutAnother = description.role === 'end' && ended !== sa.child && endsAnother(sa, event);
  if (ended !== null && ended === sa.child && endsBadly(event)) sa.child = expire(sa, ended, event, description);
  else if (ended !== null) ended.retired = true;
  if (isAboutAnother) return sa.ike?.over === true ? sa.ike : null;
  if (saysItIsOver(event) && sa.child?.outcome === 'established') sa.child.retired = true;
  const child = sa.child === null || (sa.child.over && beginsAnother(sa, sa.child, event, description)) ? beginChild(sa, event, description, earlier) : sa.child;
  if (event.kind === 'child.expiring' && event.message.daemon === 'racoon') sa.isChildExpiring = child.outcome === 'established';
  return child;
}

/** Is the line the first of a further Child SA, now that negotiating the latest one is over? */
function beginsAnother(sa: SecurityAssociation, child: AttemptInProgress, event: Event, { starts }: EventKindEntry): boolean {
  if (starts === true && (event.kind !== 'child.established' || isAnother(sa, event))) return true;
  return failsToRenew(sa, event) || isSuccessorOfDeleted(sa, event) || asksForAnother(event) || refusesAnother(child, event);
}

function beginChild(sa: SecurityAssociation, event: Event, description: EventKindEntry, earlier: EarlierLines): AttemptInProgress {
  sa.keepChild();
  const child = beginAttempt(sa, 'child', event, description);
  sa.child = child;
  const { exchange, role } = sa.ike ?? sa.parent?.ike ?? NOTHING_KNOWN;
  child.exchange = exchange.startsWith('ikev1') ? 'ikev1-quick' : exchange;
  child.role = ownRole(event, description) ?? role;
  child.visibleStartOnly = (sa.ike?.visibleStartOnly ?? false) || hadBeenInstalled(event);
  if ((sa.isChildExpiring && description.starts === true) || (isOwnQuickMode(event) && earlier.rekeyOrders.take(sa.standingChildren()))) child.purpose = 'rekey';
  sa.isChildExpiring = false;
  return child;
}

/** The kernel asks charon for an SA of a policy that charon does not know: the Child SA that is up is none of that policy. */
function isOfNoConnection({ child }: SecurityAssociation, { kind, message }: Event): boolean {
  return kind === 'child.trap_failed' && message.daemon === 'charon' && message.connectionName === null && child?.outcome === 'established';
}

/** charon's own request of Quick Mode. */
function isOwnQuickMode({ kind, fields }: Event): boolean {
  return kind === 'message.generating' && fields['exchange.name'] === 'QUICK_MODE' && fields['message.kind'] === 'request';
}

/** Either end may negotiate a Child SA, whoever initiated the IKE SA: the role that the line itself tells. */
function ownRole({ kind, fields, message }: Event, { as, starts }: EventKindEntry): Role | undefined {
  const { subject, role } = progressOf(kind, fields, { daemon: message.daemon, role: 'unknown' });
  return subject === 'child' ? role : starts === true ? as : undefined;
}

/**
 * The end of a Child SA that the peer deletes, that has byte counters, or that is in a state in which it is up: it was
 * installed before the log begins.
 */
function hadBeenInstalled({ kind, fields }: Event): boolean {
  if (kind === 'child.deleted_by_peer') return true;
  return kind === 'child.closing' && (fields['bytes.in'] !== undefined || progressOfState(String(fields['state.name'] ?? ''))?.phase === 'established');
}

/** Is the established Child SA a new one rather than the SA's latest? pluto gives each a number of its own. */
function isAnother(sa: SecurityAssociation, { message }: Event): boolean {
  if (sa.child === null || sa.child.reached !== 'established') return false;
  return sa.child.outcome === 'closed' || (sa.child.outcome === 'established' && !(message.daemon === 'pluto' && sa.ike === null && sa.number !== null));
}

/**
 * charon installs the outbound half of a new Child SA when the peer deletes the old one (child_rekey.c), so the line
 * about it is the first of the new one if the log begins in between.
 */
function isSuccessorOfDeleted({ child }: SecurityAssociation, { kind, message }: Event): boolean {
  return kind === 'child.rekeyed' && message.daemon === 'charon' && child?.outcome === 'closed';
}

/** A failure of an established Child SA is a separate attempt. */
function expire(sa: SecurityAssociation, child: AttemptInProgress, event: Event, description: EventKindEntry): AttemptInProgress {
  child.close(event.message.record.time, event);
  const upkeep = asUpkeep(beginAttempt(sa, 'child', event, description), child);
  upkeep.visibleStartOnly = false;
  upkeep.upheld = child;
  return upkeep;
}

/** A request for a Child SA in Quick Mode or CREATE_CHILD_SA, for which charon as responder logs no other line. */
function asksForAnother({ kind, fields }: Event): boolean {
  return (kind === 'message.parsed' || kind === 'message.generating') && fields['message.kind'] === 'request' && /(?:^| )SA /.test(String(fields['message.payloads']));
}

/** The refusal of a further Child SA, of whose request the log has no line. */
function refusesAnother({ outcome }: AttemptInProgress, { kind, message }: Event): boolean {
  return outcome === 'established' && message.daemon === 'charon' && REFUSALS.has(kind);
}
