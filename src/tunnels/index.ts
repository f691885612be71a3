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
import type { Problem } from './problem.js';
import { daemonOf, viewTunnels } from './views.js';
import type { View } from './views.js';

/** What status outputs show, by tunnel and by gateway. */
export interface Tunnels {
  readonly tunnels: readonly Tunnel[];
  /** Concerns no single tunnel. */
  readonly hostProblems: readonly TimelineEntry[];
}

/** Joins the status outputs of a run to the connections of its logs; outputs without a log make connections of their own. */
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

/** Of clients that find no daemon, and of services, pluto's name it. */
function clientOf({ format, line }: Observation): Daemon | undefined {
  return format === 'tool' && /whack|pluto|Internet Key Exchange \(IKE\)/i.test(line.text) ? 'pluto' : undefined;
}

/** The daemon of a gateway whose tunnels are not known, by what it prints and by KLIPS' interfaces. */
function daemonBehind({ observations }: Gateway): Daemon {
  const named = observations.map(({ format }) => daemonOf(format)).find((daemon) => daemon !== undefined);
  return named ?? (observations.some((seen) => seen.type === 'interface' && /^(?:ipsec|mast)\d/.test(seen.name)) ? 'pluto' : 'charon');
}

/** An address that a host of this network could have; null for what is no IPv4 network. */
export function hostIn(net: string): string | null {
  const parsed = parseNet(net);
  return parsed === null || parsed.length === 0 ? null : firstHost(parsed);
}

/** Worth telling, and no reason for silence by themselves. */
const BESIDE: ReadonlySet<string> = new Set(['observed.icv_truncated', 'observed.sa_dying', 'observed.replays', 'observed.packet_too_big']);

function problemsOf(view: View, all: readonly View[]): Problem[] {
  const oriented: Problem[] = view.loaded?.oriented === false ? [{ kind: 'observed.not_oriented', seen: view.loaded, fields: {} }] : [];
  const causes = [...policyProblems(view), ...firewallProblems(view), ...routingProblems(view)];
  const wire = ikeWireProblems(view);
  const works = flowsBothWays(flowOf(view));
  const explained = [...oriented, ...causes, ...wire, ...(works ? [] : eventProblems(view)), ...saProblems(view), ...pingProblems(view), ...captureProblems(view, wire)];
  // that packets go one way only is what most of them do; it counts where nothing tells why
  return explained.some(({ kind }) => !BESIDE.has(kind)) ? explained : [...trafficProblems(view, all), ...explained];
}

/** By its own address; where that is not known, by where it was logged, or because there is only one gateway. */
function isOf({ local, attempts }: Connection, { addresses, observations }: Gateway, all: readonly Gateway[]): boolean {
  if (local.address !== null && addresses.size > 0) return addresses.has(local.address);
  const source = attempts[0]?.entries[0]?.event.message.record.line.source;
  return observations.some(({ line }) => line.source === source) || all.length === 1;
}
