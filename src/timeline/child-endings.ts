import type { Event } from '../model/event.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import type { SecurityAssociation } from './security-association.js';

const DELETIONS: ReadonlySet<string> = new Set(['child.deleted_by_peer', 'child.deleted_elsewhere', 'child.closing', 'child.terminated_by_operator']);

/** Which Child SA that was up the line ends; null where it is about none, or does not tell about which. */
export function childEndedBy(sa: SecurityAssociation, event: Event): AttemptInProgress | null {
  if (DELETIONS.has(event.kind)) return childDeletedBy(sa, event);
  return sa.child !== null && isItsEnd(sa.child, event) ? sa.child : null;
}

/** Is that worth a story of its own, if nothing replaces the Child SA? What this side closes, it meant to. */
export function endsBadly({ kind }: Event): boolean {
  return kind !== 'child.closing';
}

/** pluto counts the traffic of a Child SA when it deletes it (update_and_log_traffic); up to Libreswan 4 it does not log a peer's request to. */
export const saysItIsOver = ({ kind, message }: Event): boolean => kind === 'child.traffic' && message.daemon === 'pluto';

/** charon deletes a Child SA that was replaced while the next rekeying of its successor is under way already: of that, the line ends nothing. */
export function endsAnother({ child, hadChildren }: SecurityAssociation, { kind, fields, message }: Event): boolean {
  if (child === null || child.over || message.daemon !== 'charon' || !DELETIONS.has(kind)) return false;
  const [ended, own] = [fields['child.number'], child.fields['child.number']];
  return ended === undefined || own === undefined ? hadChildren : ended !== own;
}

/** racoon could not begin to negotiate the next Child SA (pfkey.c, pk_recvexpire): its first line about that is this one. */
export function failsToRenew({ child }: SecurityAssociation, { kind, message }: Event): boolean {
  return kind === 'child.rekey_failed' && message.daemon === 'racoon' && child?.outcome === 'established';
}

/** pluto names it by the number of its own, charon by its number or SPI, racoon by an SPI of either direction. */
function childDeletedBy(sa: SecurityAssociation, { fields, message }: Event): AttemptInProgress | null {
  if (message.daemon === 'pluto') return sa.ike === null && sa.child?.outcome === 'established' && !sa.child.retired ? sa.child : null;
  if (message.daemon === 'charon') return sa.childNamed(fields);
  return message.daemon === 'racoon' ? sa.childWith(fields['spi.number']) : null;
}

/** An older Child SA expires after a rekeying, too; the one that was up last has none in its place. racoon says that it is up before the kernel has taken it. */
function isItsEnd(child: AttemptInProgress, { kind, fields }: Event): boolean {
  if (kind === 'child.kernel_sa_refused') return child.outcome === 'established';
  return kind === 'child.expired' && child.outcome === 'established' && fields['child.number'] !== undefined && child.fields['child.number'] === fields['child.number'];
}
