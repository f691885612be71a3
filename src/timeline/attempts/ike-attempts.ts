import type { Event } from '../../model/event.js';
import type { EventKindEntry } from '../../model/event-kinds/entry.js';
import type { DaemonProcess } from '../associations/daemon-process.js';
import { isWithin } from '../associations/security-association.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import { beginAttempt } from './new-attempt.js';
import { upkeepAttempt } from './upkeep-attempts.js';

/**
 * An SA deleted for reauthentication is recreated at once, or after its deletion went unanswered for a while
 * (milliseconds).
 */
const SUCCEEDS_WITHIN = 30_000;

/** The attempt that a line about the IKE SA belongs to, begun if it is the first; null if it concerns none. */
export function ikeAttempt(sa: SecurityAssociation, event: Event, description: EventKindEntry, process: DaemonProcess): AttemptInProgress | null {
  if (sa.isUp && description.starts !== true) {
    return upkeepAttempt(sa, event, description, process);
  }
  if (sa.ike !== null && !(sa.ike.over && (description.starts === true || isNotReestablished(sa.ike, event)))) {
    if (sa.ike.reached === 'none' && sa.ike.role === 'unknown' && isOfOneThatWasUp(event)) sa.ike.visibleStartOnly = true;
    if (wasRekeyed(event)) sa.ike.retired = true;
    return sa.ike;
  }
  const attempt = beginAttempt(sa, 'ike', event, description);
  if (isOfOneThatWasUp(event)) attempt.visibleStartOnly = true;
  if (sa.isUp && sa.ike !== null && description.purpose === 'reauthenticate') {
    attempt.renews = sa.ike;
    attempt.exchange = sa.ike.exchange;
  }
  if (event.kind.startsWith('ike.initiating') && isSuccessor(sa, event, description, process)) attempt.purpose = 'reauthenticate';
  sa.isUp = false;
  sa.formerIke = sa.ike;
  sa.ike = attempt;
  return attempt;
}

/**
 * charon creates the successor of a reauthenticated SA like any other, next to the old one or after its deletion. With
 * IKEv1 it need not log that it reauthenticates (task_manager_v1.c, queue_ike_rekey), but otherwise it uses the one
 * that is up.
 */
function isSuccessor(sa: SecurityAssociation, event: Event, { exchange }: EventKindEntry, process: DaemonProcess): boolean {
  if (event.message.daemon === 'pluto') return replacesOneThatIsUp(event, process);
  if (sa.name === null || event.message.daemon !== 'charon') return false;
  const { live } = process;
  if (exchange?.startsWith('ikev1') === true && live.upBeside(sa).length > 0) return true;
  const isRenewed = (other: SecurityAssociation): boolean => other !== sa && other.name === sa.name && other.ike?.purpose === 'reauthenticate';
  return [...live.named(sa.name)].some((other) => isRenewed(other) && other.ike?.over === false) || live.lately().some((other) => other.gone && isRenewed(other) && isWithin(SUCCEEDS_WITHIN, other, event));
}

/** pluto replaces what it is still negotiating in the same words, to try again. */
function replacesOneThatIsUp({ fields }: Event, { numbered }: DaemonProcess): boolean {
  const replaced = fields['replaced.number'];
  return typeof replaced === 'number' && numbered.get(replaced)?.isUp === true;
}

/**
 * In a break-before-make reauthentication charon deletes the old SA first, and then reports that it cannot create the
 * new one.
 */
function isNotReestablished({ purpose, outcome }: AttemptInProgress, { kind }: Event): boolean {
  return kind === 'ike.reauth_failed' && purpose === 'reauthenticate' && outcome === 'closed';
}

/** charon gives an IKE SA this state once its successor is up (ike_rekey.c). */
function wasRekeyed({ kind, fields, message }: Event): boolean {
  return kind === 'ike.state' && fields['state.name'] === 'REKEYED' && message.daemon === 'charon';
}

/** Messages that cannot start an IKE SA: IKEv2 exchanges under an established one, and the peer's deletion of it. */
function isOfOneThatWasUp({ kind, fields }: Event): boolean {
  return kind === 'ike.deleted_by_peer' || (fields['exchange.name'] === 'INFORMATIONAL' && fields['message.payloads'] !== 'N(INVAL_MAJOR)') || fields['exchange.name'] === 'CREATE_CHILD_SA';
}
