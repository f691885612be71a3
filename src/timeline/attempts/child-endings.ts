import type { Event } from '../../model/event.js';
import { isNamed, type SecurityAssociation } from '../associations/security-association.js';
import type { AttemptInProgress } from './attempt-in-progress.js';

const DELETIONS: ReadonlySet<string> = new Set(['child.deleted_by_peer', 'child.deleted_elsewhere', 'child.closing', 'child.terminated_by_operator']);

/** The established Child SA that the line ends; null if there is none, or the line does not tell which. */
export function childEndedBy(sa: SecurityAssociation, event: Event): AttemptInProgress | null {
  if (DELETIONS.has(event.kind)) return childDeletedBy(sa, event);
  return sa.child !== null && isItsEnd(sa.child, event) ? sa.child : null;
}

/** Is this end worth reporting if nothing replaces the Child SA? Not if this side closed it on purpose. */
export function endsBadly({ kind }: Event): boolean {
  return kind !== 'child.closing';
}

/**
 * pluto logs the traffic of a Child SA on deletion (update_and_log_traffic); up to Libreswan 4 it does not log a peer's
 * delete request.
 */
export const saysItIsOver = ({ kind, message }: Event): boolean => kind === 'child.traffic' && message.daemon === 'pluto';

/**
 * charon may delete a replaced Child SA while its successor is still being negotiated, or already being rekeyed; the
 * line then does not end the latter.
 */
export function endsAnother({ child, hadChildren }: SecurityAssociation, { kind, fields, message }: Event): boolean {
  if (child === null || child.over || message.daemon !== 'charon' || !DELETIONS.has(kind)) return false;
  const { 'child.number': own, 'replaced.number': replaced } = child.fields;
  const ended = fields['child.number'];
  return ended === undefined || own === undefined ? hadChildren || replaced !== undefined : ended !== own;
}

/** racoon could not start negotiating the next Child SA (pfkey.c, pk_recvexpire); this is its first line about it. */
export function failsToRenew({ child }: SecurityAssociation, { kind, message }: Event): boolean {
  return kind === 'child.rekey_failed' && message.daemon === 'racoon' && child?.outcome === 'established';
}

/** pluto identifies the Child SA by its own number, charon by number or SPI, racoon by an SPI of either direction. */
function childDeletedBy(sa: SecurityAssociation, { fields, message }: Event): AttemptInProgress | null {
  if (message.daemon === 'pluto') return sa.ike === null && sa.child?.outcome === 'established' && !sa.child.retired ? sa.child : null;
  if (message.daemon === 'charon') return sa.childNamed(fields);
  return message.daemon === 'racoon' ? sa.childWith(fields['spi.number']) : null;
}

/**
 * After a rekeying the old Child SA expires too; only the end of the latest one leaves a gap. racoon reports it up
 * before the kernel accepts it.
 */
function isItsEnd(child: AttemptInProgress, { kind, fields }: Event): boolean {
  if (kind === 'child.kernel_sa_refused') return child.outcome === 'established';
  return kind === 'child.expired' && child.outcome === 'established' && fields['child.number'] !== undefined && isNamed(child, fields);
}
