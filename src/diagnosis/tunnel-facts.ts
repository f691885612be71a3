import type { TimelineEntry } from '../model/attempt.js';
import type { FactName, Facts, FactValue } from '../model/facts.js';
import { isOpportunistic } from '../model/policy-groups.js';
import type { Tunnel } from '../model/tunnel.js';
import { childName, hostFacts, takesAnyPeer } from './facts.js';

/** Facts for causes of a problem that a status output shows about a tunnel. */
export function tunnelFacts(entry: TimelineEntry, tunnel: Tunnel): Facts {
  const { connection, localAddress, peerAddress, localNet, peerNet, pingSource, pingTarget, childSas } = tunnel;
  const known: Partial<Record<FactName, FactValue | null>> = { 'local.address': localAddress, 'peer.address': peerAddress, 'connection.name': connection.name, 'local.id': connection.local.id, 'peer.id': connection.peer.id, 'ts.local': localNet, 'ts.remote': peerNet, 'ping.source': pingSource, 'ping.target': pingTarget };
  return {
    ...childName(connection),
    ...(childSas[0]?.name == null ? {} : { 'child.name': childSas[0].name }),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)),
    ...hostFacts(entry),
    ...observedFacts(tunnel),
    'connection.daemon': connection.daemon,
    'connection.named': connection.name !== null,
    'connection.opportunistic': isOpportunistic(connection.name),
    'connection.any_peer': takesAnyPeer(connection),
  };
}

/**
 * The tunnel's endpoints, for attempts whose log does not state them; none if clients share the connection, as they
 * cannot be told apart.
 */
export function observedEnds(tunnel: Tunnel | undefined): Facts {
  if (tunnel === undefined || new Set(tunnel.ikeSas.map(({ peerAddress }) => peerAddress)).size > 1) return {};
  const { localAddress, peerAddress } = tunnel;
  const known: [FactName, string | null][] = [['local.address', localAddress], ['peer.address', peerAddress]];
  return Object.fromEntries(known.filter(([, address]) => address !== null && !/^(?:%any6?|0\.0\.0\.0|::)$/.test(address)));
}

/** Facts about an attempt added by its tunnel's status outputs. */
export function observedFacts(tunnel: Tunnel | undefined): Facts {
  return tunnel === undefined ? {} : { 'observed.problems': [...new Set([...tunnel.problems, ...tunnel.gatewayProblems].map(({ event }) => event.kind))] };
}
