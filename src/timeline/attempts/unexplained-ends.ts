import type { Event } from '../../model/event.js';
import type { DaemonProcess } from '../associations/daemon-process.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import type { AttemptInProgress } from './attempt-in-progress.js';

/** A request is repeated at once with a COOKIE or another key exchange group, in this time (milliseconds). */
const RETRIED_WITHIN = 3_000;
/**
 * charon has given up an unanswered request after this time (milliseconds) by default (165 s, task_manager.h), and what
 * its peer does not complete (30 s, receiver.c).
 */
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
  return [sa, ...own].flatMap((each) => (each.ike?.role === 'initiator' && isBegun(each.ike) && isLongAgo(each.ike, time, RETRIED_WITHIN) ? leave(each, each.ike) : NONE));
}

/**
 * The attempts without an end that charon must have given up long before this time (epoch milliseconds). Those of a peer
 * only if no IKE SA with it has come up since: its clients behind one NAT are told apart by no line.
 */
export function leftBehind(process: DaemonProcess, time: number | null): readonly AttemptInProgress[] {
  return [...process.live].flatMap((sa) => {
    const { ike } = sa;
    const isLeft = ike !== null && isBegun(ike) && isLongAgo(ike, time, GIVEN_UP_AFTER) && (ike.role === 'initiator' || !comesUpSince(process, sa, ike));
    return isLeft ? leave(sa, ike) : NONE;
  });
}

/** Does the log lack the lines of charon that tell what becomes of the attempt? */
export function lacksReasons(attempt: AttemptInProgress): boolean {
  return attempt.daemon === 'charon' && !attempt.tells(PACKETS);
}

function isBegun(ike: AttemptInProgress): boolean {
  return !ike.over && ike.begun && ike.purpose === 'create' && !ike.failing && ike.retransmits === 0 && lacksReasons(ike);
}

function comesUpSince({ numbered }: DaemonProcess, { peerAddress }: SecurityAssociation, { started }: AttemptInProgress): boolean {
  return [...numbered.values()].some((other) => other.peerAddress === peerAddress && other.ikeUp !== null && started !== null && other.ikeUp >= started);
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
