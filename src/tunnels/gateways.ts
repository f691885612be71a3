import type { Observation } from '../model/observation.js';
import type { Gateway } from '../model/tunnel.js';

/**
 * Groups observations into gateways. Each source belongs to one gateway; several sources belong to the same one if they
 * share a local address, or if one has no address and is in the same directory (a support bundle).
 */
export function findGateways(observations: readonly Observation[]): Gateway[] {
  const groups = [...bySource(observations)].map(([source, seen]) => ({ folders: new Set([folderOf(source)]), seen, addresses: ownAddresses(seen) }));
  const known: typeof groups = [];
  for (const group of groups.filter(({ addresses }) => addresses.size > 0)) {
    const same = known.find(({ addresses }) => [...group.addresses].some((address) => addresses.has(address)));
    if (same === undefined) known.push(group);
    else merge(same, group);
  }
  const rest = groups.filter(({ addresses }) => addresses.size === 0);
  for (const group of rest) {
    const near = known.filter(({ folders }) => [...group.folders].some((folder) => folders.has(folder)));
    const [host] = near.length > 0 ? near : known;
    if (host !== undefined && (near.length === 1 || known.length === 1)) merge(host, group);
    else known.push(group);
  }
  return known.map(({ seen, addresses }) => ({ addresses, observations: seen, userland: seen.some(isUserland) }));
}

interface Group {
  readonly folders: Set<string>;
  readonly addresses: Set<string>;
  readonly seen: Observation[];
}

function merge(into: Group, group: Group): void {
  into.seen.push(...group.seen);
  for (const address of group.addresses) into.addresses.add(address);
  for (const folder of group.folders) into.folders.add(folder);
}

function bySource(observations: readonly Observation[]): Map<string, Observation[]> {
  const groups = new Map<string, Observation[]>();
  for (const observation of observations) {
    const place = observation.host === undefined ? observation.line.source : `${observation.line.source}\n${observation.host}`;
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [observation]);
    else group.push(observation);
  }
  return groups;
}

const folderOf = (source: string): string => source.slice(0, Math.max(source.lastIndexOf('/'), source.lastIndexOf(':')) + 1);

function ownAddresses(observations: readonly Observation[]): Set<string> {
  const addresses = new Set<string>();
  for (const observation of observations) for (const address of ownOf(observation)) addresses.add(address);
  return addresses;
}

/** Addresses that identify the gateway. Those of inner networks may occur anywhere. */
function ownOf(observation: Observation): readonly string[] {
  switch (observation.type) {
    case 'ike-sa':
    case 'child-sa':
      return observation.localAddress === null ? [] : [observation.localAddress];
    case 'connection':
      return observation.localAddress === null || observation.oriented === false ? [] : [observation.localAddress];
    case 'policy':
      return observation.direction === 'out' && observation.templateSource !== null && !/^(?:0\.0\.0\.0|::)$/.test(observation.templateSource) ? [observation.templateSource] : [];
    case 'packets':
      return observation.kind === 'icmp' || observation.kind === 'other' || observation.direction === null ? [] : [observation.direction === 'out' ? observation.source : observation.destination];
    case 'interface':
      return observation.name === 'lo' ? [] : observation.addresses.filter((address) => !/^(?:127\.|::1$|fe80:)/.test(address));
    default:
      return [];
  }
}

/** strongSwan's kernel-libipsec processes ESP in userland. */
function isUserland(observation: Observation): boolean {
  return observation.type === 'setting' && observation.name === 'charon plugins' && observation.value.includes('kernel-libipsec');
}
