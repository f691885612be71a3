import type { Event } from '../../model/event.js';
import type { DaemonProcess } from '../associations/daemon-process.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import type { AttemptInProgress } from './attempt-in-progress.js';

/** A request is repeated at once with a COOKIE or another key exchange group, in this time (milliseconds). */
const RETRIED_WITHIN = 3_000;
/** charon has given up an unanswered request after this time (milliseconds) by default (165 s, task_manager.h). */
const GIVEN_UP_AFTER = 180_000;
/** A log with these lines has the reasons too. */
const PACKETS: ReadonlySet<string> = new Set(['message.generating', 'message.parsed', 'packet.sent', 'packet.received']);
const NONE: readonly AttemptInProgress[] = [];

/**
 * charon's audit messages (level 0), which are all that it writes to the facility auth, tell that an IKE SA is initiated
 * and that it is up, but not that it has failed: that shows only when it is initiated again. Ends the attempts of this
 * connection that the line leaves behind.
 */
export function endLeftBehind(sa: SecurityAssociation, { kind, message, fields }: Event, { live }: DaemonProcess): readonly AttemptInProgress[] {
  if (!kind.startsWith('ike.initiating') || message.daemon !== 'charon') return NONE;
  const { time } = message.record;
  const name = fields['ike.name'];
  const own = typeof name === 'string' ? live.named(name).filter((other) => other !== sa) : [];
  return [sa, ...own].flatMap((each) => (each.ike !== null && isBegun(each.ike) && isLongAgo(each.ike, time, RETRIED_WITHIN) ? leave(each, each.ike) : NONE));
}

/** The attempts without an end that charon must have given up long before the end of its log (epoch milliseconds). */
export function leftAtEnd({ live }: DaemonProcess, end: number | null): readonly AttemptInProgress[] {
  return [...live].flatMap((sa) => (sa.ike !== null && isBegun(sa.ike) && isLongAgo(sa.ike, end, GIVEN_UP_AFTER) ? leave(sa, sa.ike) : NONE));
}

/** Does the log lack the lines of charon that tell what becomes of the attempt? */
export function lacksReasons(attempt: AttemptInProgress): boolean {
  return attempt.daemon === 'charon' && !attempt.tells(PACKETS);
}

function isBegun(ike: AttemptInProgress): boolean {
  return !ike.over && ike.begun && ike.role === 'initiator' && ike.purpose === 'create' && !ike.failing && ike.retransmits === 0 && lacksReasons(ike);
}

function isLongAgo({ lastTime }: AttemptInProgress, time: number | null, limit: number): boolean {
  return lastTime !== null && time !== null && time - lastTime >= limit;
}

function leave({ child }: SecurityAssociation, ike: AttemptInProgress): readonly AttemptInProgress[] {
  // charon says that it requests a Child SA when it authenticates
  if (child !== null && !child.over) ike.reached = 'authenticating';
  ike.breakOff('observed.ike_not_established');
  child?.supersede(ike.ended);
  return child === null ? [ike] : [ike, child];
}
