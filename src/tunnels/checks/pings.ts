import type { PingObservation } from '../../model/observation.js';
import { covers, parseNet } from '../net.js';
import type { TunnelProblem } from '../problem.js';
import { only } from '../views.js';
import type { View } from '../views.js';

/** IP packet size in bytes that any Ethernet path should carry: 1500 less the overhead of IPsec and PPPoE. */
const LARGE = 1_400;

/** Pings between the tunnel's two networks. */
export function pingsThrough({ gateway, localNet, peerNet }: Pick<View, 'gateway' | 'localNet' | 'peerNet'>): readonly PingObservation[] {
  const [near, far] = [parseNet(localNet), parseNet(peerNet)];
  if (near === null || far === null) return [];
  return only(gateway?.observations ?? [], 'ping').filter(({ source, target }) => {
    const [from, to] = [parseNet(source), parseNet(target)];
    return to !== null && covers(far, to) && (source === null || (from !== null && covers(near, from)));
  });
}

/** Was a ping of this size answered? */
export const isLargeAnswered = ({ size, received }: PingObservation): boolean => size >= LARGE && (received ?? 0) > 0;

/** Small pings are answered, but not large ones that any path should carry. */
export function pingProblems(view: View): TunnelProblem[] {
  const pings = pingsThrough(view);
  const small = pings.some(({ size, received }) => size < LARGE && (received ?? 0) > 0);
  const lost = pings.find(({ size, sent, received }) => size >= LARGE && size <= LARGE + 20 && (sent ?? 0) > 0 && received === 0);
  if (!small || lost === undefined || pings.some(isLargeAnswered)) return [];
  return [{ kind: 'observed.packet_too_big', seen: lost, fields: lost.mtu === null ? {} : { 'path.mtu': lost.mtu } }];
}
