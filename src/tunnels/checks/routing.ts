import type { Fields } from '../../model/fields.js';
import type { RouteObservation } from '../../model/observation.js';
import { isOpportunistic } from '../../model/policy-groups.js';
import type { Gateway } from '../../model/tunnel.js';
import { flowOf, flowsBothWays, isUp } from '../flow.js';
import { covers, overlaps, parseNet } from '../net.js';
import type { Net } from '../net.js';
import type { TunnelProblem } from '../problem.js';
import { only } from '../views.js';
import type { View } from '../views.js';

/** What routes and kernel settings do to a tunnel. */
export function routingProblems(view: View): TunnelProblem[] {
  const { gateway } = view;
  const flow = flowOf(view);
  if (gateway === null || flowsBothWays(flow)) return [];
  const routes = only(gateway.observations, 'route');
  const far = parseNet(view.peerNet);
  const peer = parseNet(view.peerAddress);
  const wayToPeer = peer === null || routes.length === 0 ? [] : routeProblem('observed.peer_unroutable', gateway, peer);
  if (far === null || !isUp(view)) return [...wayToPeer, ...neighbourProblem(view, routes)];
  const wayToNet = routes.length === 0 || (flow.sent ?? 0) > 0 ? [] : [...routeProblem('observed.route_missing', gateway, far), ...(flow.sent === 0 ? aroundKlips(gateway, far) : [])];
  return [...wayToPeer, ...wayToNet, ...(wayToNet.length > 0 ? [] : settingProblems(view, gateway, far))];
}

/**
 * Opportunistic encryption with a host on the local network: the peer is no gateway, and no route leads through one.
 */
function neighbourProblem({ connection, peerAddress, gateway }: View, routes: readonly RouteObservation[]): TunnelProblem[] {
  const peer = parseNet(peerAddress);
  if (peer === null || gateway === null || !isOpportunistic(connection.name)) return [];
  const best = bestRoute(routes, peer);
  return best === undefined || best.via !== null || parseNet(best.destination)?.length === 0 ? [] : [{ kind: 'observed.peer_on_lan', seen: best, fields: { 'route.text': best.line.text } }];
}

/** KLIPS: a directly connected network for which a route through a next hop leads into an ipsec interface. */
export function lanProblem({ observations }: Gateway): TunnelProblem[] {
  const routes = only(observations, 'route');
  const own = routes.filter(({ kind, via, device }) => kind === 'unicast' && via === null && device !== null && !/^(?:ipsec|lo)/.test(device));
  const seen = routes.find(({ via, device, destination }) => via !== null && /^ipsec\d/.test(device ?? '') && own.some((lan) => isWithin(destination, lan.destination)));
  return seen === undefined ? [] : [{ kind: 'observed.lan_in_tunnel', seen, fields: { 'route.text': seen.line.text, 'ts.local': seen.destination, 'interface.name': seen.device ?? '' } }];
}

/** KLIPS encrypts only what is routed into one of its interfaces. */
function aroundKlips({ observations }: Gateway, far: Net): TunnelProblem[] {
  const isAttached = only(observations, 'setting').some(({ name, value }) => name.startsWith('klips ') && value !== 'NULL');
  const best = isAttached ? bestRoute(only(observations, 'route'), far) : undefined;
  if (best === undefined || best.kind !== 'unicast' || best.device === null || /^(?:ipsec|mast)\d/.test(best.device)) return [];
  return [{ kind: 'observed.route_missing', seen: best, fields: { 'route.text': best.line.text, 'interface.name': best.device } }];
}

function isWithin(destination: string, lan: string): boolean {
  const [inner, outer] = [parseNet(destination), parseNet(lan)];
  return inner !== null && outer !== null && outer.length > 0 && covers(outer, inner);
}

const USELESS: ReadonlySet<string> = new Set(['unreachable', 'blackhole', 'prohibit', 'throw']);

function routeProblem(kind: 'observed.peer_unroutable' | 'observed.route_missing', { observations }: Gateway, target: Net): TunnelProblem[] {
  const routes = only(observations, 'route');
  const best = bestRoute(routes, target);
  const [section] = only(observations, 'section').filter(({ format, entries }) => format === 'routes' && entries > 0);
  // A listing of a single table, or an incomplete one, proves nothing about missing routes
  if (best === undefined) return section === undefined || !routes.some(({ device }) => device !== null && device !== 'lo') || target.family === 6 ? [] : [{ kind, seen: section, fields: {} }];
  return USELESS.has(best.kind) ? [{ kind, seen: best, fields: { 'route.text': best.line.text } as Fields }] : [];
}

/** The longest prefix wins; charon's table 220 has precedence over other tables. */
export function bestRoute(routes: readonly RouteObservation[], target: Net): RouteObservation | undefined {
  const fitting = routes
    .map((route) => ({ route, net: parseNet(route.destination) }))
    .filter(({ route, net }) => net !== null && covers(net, target) && !['broadcast', 'multicast', 'anycast'].includes(route.kind) && !/^(?:lo|\*)$/.test(route.kind));
  const length = ({ route, net }: (typeof fitting)[number]): number => (net?.length ?? 0) + (route.table === '220' ? 1_000 : 0);
  return fitting.sort((one, other) => length(other) - length(one))[0]?.route;
}

function settingProblems(view: View, gateway: Gateway, far: Net): TunnelProblem[] {
  const settings = only(gateway.observations, 'setting');
  const valueOf = (name: string): (typeof settings)[number] | undefined => settings.findLast((setting) => setting.name === name);
  const forwarding = valueOf('net.ipv4.ip_forward');
  const flow = flowOf(view);
  const near = parseNet(view.localNet);
  const off = forwarding?.value === '0' && near !== null && near.family === 4 && hasNetwork(gateway, near) && (flow.sent ?? 0) === 0 ? [{ kind: 'observed.forwarding_off', seen: forwarding, fields: {} } as const] : [];
  return [...off, ...rpFilterProblem(view, gateway, far, valueOf)];
}

/** The gateway has an interface in that network, so hosts behind it use the tunnel. */
function hasNetwork({ observations }: Gateway, near: Net): boolean {
  return only(observations, 'interface').some(({ name, addresses }) => name !== 'lo' && addresses.some((address) => {
    const net = parseNet(address);
    return net !== null && overlaps(near, net) && near.length < 32;
  }));
}

/**
 * Strict rp_filter drops packets that arrive on another interface than the route back uses; the larger value of `all`
 * and the interface applies. Packets decrypted by the kernel itself are exempt (Linux, fib_validate_source), so this
 * concerns only packets that come out of a separate device.
 */
function rpFilterProblem({ peerAddress }: View, gateway: Gateway, far: Net, valueOf: (name: string) => { readonly value: string } | undefined): TunnelProblem[] {
  const { observations, userland } = gateway;
  if (!userland && only(observations, 'eroute').length === 0) return [];
  const routes = only(observations, 'route');
  const peer = parseNet(peerAddress);
  const [outer, inner] = [peer === null ? undefined : bestRoute(routes, peer)?.device, bestRoute(routes, far)?.device];
  if (outer == null || inner == null || outer === inner || /^(?:vti|ipsec|xfrm|tun)/.test(inner)) return [];
  const values = ['all', outer].map((name) => Number(valueOf(`net.ipv4.conf.${name}.rp_filter`)?.value ?? 0));
  const seen = only(observations, 'setting').find(({ name, value }) => value === '1' && [`net.ipv4.conf.all.rp_filter`, `net.ipv4.conf.${outer}.rp_filter`].includes(name));
  return seen !== undefined && Math.max(...values) === 1 ? [{ kind: 'observed.rp_filter', seen, fields: { 'interface.name': outer } }] : [];
}
