import type { FlowObservation, Observation } from '../model/observation.js';
import type { Confirmed } from '../model/tunnel.js';
import { forwardPasses, natSpares } from './checks/firewall.js';
import { isLargeAnswered, pingsThrough } from './checks/pings.js';
import { bestRoute, routingProblems } from './checks/routing.js';
import { parseNet } from './net.js';
import { only } from './views.js';
import type { View } from './views.js';

/** What status outputs confirm to be in order. */
export function confirmedOf(view: View): Confirmed {
  const pings = pingsThrough(view);
  const flows = ikeFlows(view);
  return {
    'ike-sent': flows.find(({ destination, isAnswered }) => destination === view.peerAddress || isAnswered) ?? null,
    'ike-heard': flows.find(({ source, isAnswered }) => source === view.peerAddress || isAnswered) ?? null,
    nat: natSpares(view) ?? noRules(view),
    forwarding: isForwarding(view) ? (forwardPasses(view) ?? noRules(view)) : null,
    routes: routesOf(view),
    ping: pings.find(({ received }) => (received ?? 0) > 0) ?? null,
    'large-packets': pings.find(isLargeAnswered) ?? null,
    'no-errors': noErrors(view),
  };
}

/** Tracked IKE flows with the peer, whichever end began. */
function ikeFlows({ gateway, peerAddress }: View): FlowObservation[] {
  return only(gateway?.observations ?? [], 'flow').filter(({ source, destination, protocol, destinationPort }) => protocol === 17 && (destinationPort === 500 || destinationPort === 4500) && peerAddress !== null && (source === peerAddress || destination === peerAddress));
}

/** The complete rule set was listed and is empty (only nftables lists all tables at once). */
function noRules({ gateway }: View): Observation | null {
  const sections = only(gateway?.observations ?? [], 'section').filter(({ format }) => format === 'nftables' || format === 'iptables');
  const [first] = sections;
  return first?.format === 'nftables' && sections.every(({ entries }) => entries === 0) ? first : null;
}

/** The kernel's counters of failed integrity checks and replays, over all SAs, are zero. */
function noErrors({ gateway }: View): Observation | null {
  const counters = only(gateway?.observations ?? [], 'counter').filter(({ name }) => name === 'XfrmInStateProtoError' || name === 'XfrmInStateSeqError');
  return counters.length >= 2 && counters.every(({ value }) => value === 0) ? (counters[0] ?? null) : null;
}

function isForwarding({ gateway, localNet }: View): boolean {
  const family = parseNet(localNet)?.family === 6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
  return only(gateway?.observations ?? [], 'setting').findLast(({ name }) => name === family)?.value === '1';
}

/**
 * The route to the peer's network is usable, and the local network has a route other than the default one, or the
 * gateway itself has an address there.
 */
function routesOf(view: View): Observation | null {
  const [near, far] = [parseNet(view.localNet), parseNet(view.peerNet)];
  const routes = only(view.gateway?.observations ?? [], 'route');
  if (near === null || far === null || routingProblems(view).length > 0) return null;
  const [there, here] = [bestRoute(routes, far), bestRoute(routes, near)];
  const usable = there !== undefined && (there.kind === 'unicast' || there.kind === 'local') && there.device !== 'lo';
  const isNear = view.pingSource !== null || (here !== undefined && (parseNet(here.destination)?.length ?? 0) > 0);
  return usable && isNear ? there : null;
}
