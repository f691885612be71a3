import type { Connection, TimelineEntry } from '../model/attempt.js';
import type { Daemon } from '../model/daemons.js';
import type { Observation } from '../model/observation.js';
import type { Gateway, Tunnel } from '../model/tunnel.js';
import { captureProblems } from './checks/capture.js';
import { eventProblems } from './checks/events.js';
import { firewallProblems } from './checks/firewall.js';
import { hostProblems } from './checks/host.js';
import { pingProblems } from './checks/pings.js';
import { policyProblems } from './checks/policies.js';
import { routingProblems } from './checks/routing.js';
import { saProblems } from './checks/sas.js';
import { trafficProblems } from './checks/traffic.js';
import { ikeWireProblems } from './checks/wire.js';
import { confirmedOf } from './confirmed.js';
import { flowOf, flowsBothWays } from './flow.js';
import { findGateways } from './gateways.js';
import { firstHost, parseNet } from './net.js';
export { networkIn } from './net.js';
import { entryOf } from './problem.js';
import type { TunnelProblem } from './problem.js';
import { daemonOf, viewTunnels } from './views.js';
import type { View } from './views.js';

/** Results of status outputs, by tunnel and by gateway. */
export interface Tunnels {
  readonly tunnels: readonly Tunnel[];
  /** Problems that concern no single tunnel. */
  readonly hostProblems: readonly TimelineEntry[];
}

/**
 * Joins a run's status outputs to the connections of its logs; outputs without a log yield connections of their own.
 */
export function joinTunnels(connections: readonly Connection[], observations: readonly Observation[]): Tunnels {
  const gateways = findGateways(observations);
  const seen = gateways.map((gateway) => {
    const own = connections.filter((connection) => isOf(connection, gateway, gateways));
    const views = viewTunnels(gateway, own);
    const host = own[0]?.host ?? '';
    const daemon = views[0]?.connection.daemon ?? daemonBehind(gateway);
    const gatewayProblems = hostProblems(gateway, views).map((problem) => entryOf(problem, host, clientOf(problem.seen) ?? daemonOf(problem.seen.format) ?? daemon));
    return { views, host, gatewayProblems };
  });
  const all = seen.flatMap(({ views }) => views);
  return {
    tunnels: seen.flatMap(({ views, host, gatewayProblems }) => views.map((view) => ({ ...view, confirmed: confirmedOf(view), gatewayProblems, problems: problemsOf(view, all).map((problem) => entryOf(problem, host, view.connection.daemon)) }))),
    hostProblems: seen.flatMap(({ gatewayProblems }) => gatewayProblems),
  };
}

/** Error messages of clients and units do not tell the daemon by format; pluto's are recognised by name. */
function clientOf({ format, line }: Observation): Daemon | undefined {
  return format === 'tool' && /whack|pluto|Internet Key Exchange \(IKE\)/i.test(line.text) ? 'pluto' : undefined;
}

/** The daemon of a gateway without known tunnels, judged by its outputs and by KLIPS interfaces. */
function daemonBehind({ observations }: Gateway): Daemon {
  const named = observations.map(({ format }) => daemonOf(format)).find((daemon) => daemon !== undefined);
  return named ?? (observations.some((seen) => seen.type === 'interface' && /^(?:ipsec|mast)\d/.test(seen.name)) ? 'pluto' : 'charon');
}

/** A plausible host address in this network; null if it is not an IPv4 network. */
export function hostIn(net: string): string | null {
  const parsed = parseNet(net);
  return parsed === null || parsed.length === 0 ? null : firstHost(parsed);
}

/** Problems worth reporting that do not explain missing traffic. */
const BESIDE: ReadonlySet<string> = new Set(['observed.icv_truncated', 'observed.sa_dying', 'observed.replays', 'observed.packet_too_big']);

function problemsOf(view: View, all: readonly View[]): TunnelProblem[] {
  const oriented: TunnelProblem[] = view.loaded?.oriented === false ? [{ kind: 'observed.not_oriented', seen: view.loaded, fields: {} }] : [];
  const causes = [...policyProblems(view), ...firewallProblems(view), ...routingProblems(view)];
  const wire = ikeWireProblems(view);
  const works = flowsBothWays(flowOf(view));
  const explained = [...oriented, ...causes, ...wire, ...(works ? [] : eventProblems(view)), ...saProblems(view), ...pingProblems(view), ...captureProblems(view, wire)];
  // Most problems result in one-way traffic, so that is reported only if nothing explains it
  return explained.some(({ kind }) => !BESIDE.has(kind)) ? explained : [...trafficProblems(view, all), ...explained];
}

/**
 * Does the connection belong to this gateway? By its local address; if unknown, by its log, or because there is only
 * one gateway.
 */
function isOf({ local, attempts }: Connection, { addresses, observations }: Gateway, all: readonly Gateway[]): boolean {
  if (local.address !== null && addresses.size > 0) return addresses.has(local.address);
  const source = attempts[0]?.entries[0]?.event.message.record.line.source;
  return observations.some(({ line }) => line.source === source) || all.length === 1;
}
