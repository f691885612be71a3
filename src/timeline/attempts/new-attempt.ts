import type { Attempt, Subject } from '../../model/attempt.js';
import type { Event } from '../../model/event.js';
import type { EventKindEntry } from '../../model/event-kinds/entry.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import { ConnectionInProgress } from '../connections/connection-in-progress.js';
import { AttemptInProgress } from './attempt-in-progress.js';
import { progressOfState } from './phases.js';

/** Placeholder until the name or peer of an attempt is known. */
export const NOWHERE = new ConnectionInProgress('', '', 'charon', null);

/** What is known of an SA that the log does not mention. */
export const NOTHING_KNOWN: Pick<Attempt, 'role' | 'exchange' | 'fields'> = { role: 'unknown', exchange: 'unknown', fields: {} };

/** A new attempt about the SA, which begins with that event. */
export function beginAttempt(sa: SecurityAssociation, subject: Subject, event: Event, description: EventKindEntry): AttemptInProgress {
  const attempt = new AttemptInProgress(NOWHERE, subject, sa);
  attempt.visibleStartOnly = description.starts !== true && description.role !== 'failure' && sa.number !== null && sa.number > 1 && !sendsFirstRequest(event);
  if (sa.unread !== null) attempt.noteUnread(sa.unread);
  sa.unread = null;
  return attempt;
}

/**
 * pluto reports the state in which it has just sent the first request. On the terminal of Openswan's `ipsec auto --up`
 * that is the first line, because it hides those that only repeat what is in the log.
 */
function sendsFirstRequest({ kind, fields }: Event): boolean {
  if (kind !== 'ike.state') return false;
  const shown = progressOfState(String(fields['state.name'] ?? ''));
  return shown?.phase === 'started' && shown.role === 'initiator';
}

/** Turns the attempt into one about an SA that was already established, with what is known about it. */
export function asUpkeep(attempt: AttemptInProgress, { role, exchange, fields }: Pick<Attempt, 'role' | 'exchange' | 'fields'>): AttemptInProgress {
  attempt.purpose = 'maintain';
  attempt.reached = 'established';
  attempt.role = role;
  attempt.exchange = exchange;
  attempt.fields = { ...fields };
  return attempt;
}
