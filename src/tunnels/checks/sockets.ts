import type { SocketObservation } from '../../model/observation.js';
import type { Gateway } from '../../model/tunnel.js';
import type { TunnelProblem } from '../problem.js';
import { only } from '../views.js';

/** Does exactly one IKE daemon listen on UDP port 500? Irrelevant if its client lists SAs. */
export function socketProblems({ observations }: Gateway): TunnelProblem[] {
  const [listing] = only(observations, 'section').filter(({ format, entries }) => format === 'sockets' && entries > 0);
  if (listing === undefined || only(observations, 'ike-sa').length > 0) return [];
  const sockets = only(observations, 'socket');
  const ike = sockets.filter(({ port, address }) => port === 500 && !isLoopback(address));
  if (ike.length === 0) return sockets.some(({ port }) => port === 500) ? [] : [{ kind: 'observed.no_ike_socket', seen: listing, fields: {} }];
  const [first, other] = ike.filter(({ process }, index) => process !== null && ike.findIndex((each) => each.process === process) === index);
  return first === undefined || other === undefined ? [] : [{ kind: 'observed.ike_port_shared', seen: other, fields: { detail: `${first.process ?? ''} and ${other.process ?? ''}` } }];
}

const isLoopback = (address: SocketObservation['address']): boolean => /^(?:127\.|\[?::1)/.test(address ?? '');
