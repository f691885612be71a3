import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';
import type { LiveAssociations } from './live-associations.js';
import { isWithin } from './security-association.js';

/** Milliseconds after the end of an SA for which the kernel may still hand over errors about its packets. */
const LATE_WITHIN = 60_000;

/** Authentication and proposal errors imply an earlier exchange, and so do network errors about packets we sent. */
export function isOfAnswer(kind: EventKind): boolean {
  return isNetworkError(kind) || kind.startsWith('auth.') || kind.startsWith('cert.') || kind.startsWith('proposal.no_proposal');
}

/**
 * ICMP errors without an SA number, about a peer whose only SA is gone: they answer its last packets, such as a DELETE
 * to a client that has disconnected, and nothing new fails.
 */
export function concernsGoneOne(event: Event, live: LiveAssociations): boolean {
  const peer = event.fields['peer.address'];
  if (!event.kind.startsWith('network.icmp') || peer === undefined) return false;
  return live.lately().some((sa) => sa.gone && sa.peerAddress === peer && isWithin(LATE_WITHIN, sa, event));
}

const isNetworkError = (kind: EventKind): boolean => kind.startsWith('network.icmp') || kind.startsWith('network.send');
