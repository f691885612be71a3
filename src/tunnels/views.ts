import type { Connection } from '../model/attempt.js';
import type { Daemon } from '../model/daemons.js';
import type { ChildSaObservation, ConnectionObservation, IkeSaObservation, KernelSaObservation, Observation, ObservationOf, PolicyObservation } from '../model/observation.js';
import type { Gateway, Tunnel } from '../model/tunnel.js';
import { capturedOf, capturedPairs, endsOf } from './captures.js';
import { covers, firstHost, overlaps, parseNet } from './net.js';
import { sinceLastChange } from './session.js';

/** A tunnel before the checks for problems. */
export type View = Omit<Tunnel, 'problems' | 'gatewayProblems' | 'confirmed'>;
type Named = IkeSaObservation | ChildSaObservation | ConnectionObservation;

/** Selects the observations of one type. */
export function only<T extends Observation['type']>(observations: readonly Observation[], type: T): ObservationOf<T>[] {
  return observations.filter((each): each is ObservationOf<T> => each.type === type);
}

/** The tunnels of a gateway: connections from its logs, and those known only from its status outputs. */
export function viewTunnels(gateway: Gateway, connections: readonly Connection[]): View[] {
  const named: Named[] = [...only(gateway.observations, 'ike-sa'), ...only(gateway.observations, 'child-sa'), ...only(gateway.observations, 'connection')];
  const views = connections.map((connection) => ({ connection, named: [] as Named[] }));
  for (const each of named) {
    const owner = views.find(({ connection }) => belongs(each, connection)) ?? addTunnel(views, each);
    owner?.named.push(each);
  }
  for (const policy of only(gateway.observations, 'policy')) addFromPolicy(views, policy);
  const packets = only(gateway.observations, 'packets');
  if (views.length === 0) views.push(...capturedPairs(packets).map(fromCapture));
  const known = views.map(({ connection, named: own }) => {
    const now = sinceLastChange(gateway, connection);
    return describe(now, connection, own.filter((each) => now === gateway || now.observations.includes(each)));
  });
  const ends = endsOf(known);
  return known.map((view) => withKernel(view, view.gateway ?? gateway, known)).map((view) => ({ ...view, captured: capturedOf(packets, view, spisOf(view), gateway, ends) }));
}

/** Matches by name, or by the addresses of both ends if there is no name. */
function belongs(each: Named, { name, local, peer }: Connection): boolean {
  const own = nameOf(each);
  if (own !== null && name !== null) return own === name && !differ(each.peerAddress, peer.address);
  return each.peerAddress !== null && each.peerAddress === peer.address && !differ(each.localAddress, local.address);
}

const differ = (one: string | null, other: string | null): boolean => one !== null && other !== null && one !== other;

/** charon gives Child SAs names of their own; the connection has the IKE SA's name. */
function nameOf(each: Named): string | null {
  return each.type === 'child-sa' ? (each.ikeName ?? each.name) : each.name;
}

const DAEMON_OF: Partial<Record<Observation['format'], Daemon>> = { 'pluto-status': 'pluto', klips: 'pluto', verify: 'pluto', 'setkey-sad': 'racoon', 'setkey-spd': 'racoon', 'racoon-isakmp': 'racoon', 'racoon-status': 'racoon', 'racoon-events': 'racoon' };

/** The daemon that prints this format; undefined if several do. */
export const daemonOf = (format: Observation['format']): Daemon | undefined => DAEMON_OF[format];

function addTunnel(views: { connection: Connection; named: Named[] }[], each: Named): { connection: Connection; named: Named[] } | undefined {
  const name = nameOf(each);
  if ((name === null && each.peerAddress === null) || views.length > 2_000) return undefined;
  const ids = each.type === 'child-sa' ? { localId: null, peerId: null } : each;
  const ends = { local: { address: each.localAddress, port: null, id: ids.localId }, peer: { address: each.peerAddress, port: null, id: ids.peerId } };
  const view = { connection: blankConnection(`${each.line.source}|${name ?? each.peerAddress ?? ''}`, daemonOf(each.format) ?? 'charon', name, ends), named: [] };
  views.push(view);
  return view;
}

/** Address printed in a transport mode template, meaning none. */
const UNSPECIFIED = /^(?:0\.0\.0\.0|::)$/;

/** Adds a pair of gateways known only from kernel policies. */
function addFromPolicy(views: { connection: Connection; named: Named[] }[], { format, direction, templateSource, templateDestination, line }: PolicyObservation): void {
  if (direction !== 'out' || templateSource === null || templateDestination === null || UNSPECIFIED.test(templateDestination)) return;
  const isKnown = views.some(({ connection, named }) => [connection.peer.address, ...named.map(({ peerAddress }) => peerAddress)].includes(templateDestination));
  if (isKnown || views.length > 2_000) return;
  const ends = { local: { address: templateSource, port: null, id: null }, peer: { address: templateDestination, port: null, id: null } };
  views.push({ connection: blankConnection(`${line.source}|${templateDestination}`, daemonOf(format) ?? 'charon', null, ends), named: [] });
}

/** A pair of gateways known only from a capture. */
function fromCapture({ local, peer, seen }: ReturnType<typeof capturedPairs>[number]): { connection: Connection; named: Named[] } {
  const end = (address: string) => ({ address, port: null, id: null });
  return { connection: blankConnection(`${seen.line.source}|${local}|${peer}`, 'charon', null, { local: end(local), peer: end(peer) }), named: [] };
}

function blankConnection(key: string, daemon: Daemon, name: string | null, ends: Pick<Connection, 'local' | 'peer'>): Connection {
  return { key: `status|${key}`, host: '', daemon, name, ...ends, attempts: [], omittedAttempts: 0, everEstablished: false, rekeys: 0 };
}

function describe(gateway: Gateway, connection: Connection, named: readonly Named[]): View {
  const ikeSas = only(named, 'ike-sa');
  const childSas = only(named, 'child-sa');
  const known = only(named, 'connection');
  // pluto may learn which end is local only after an interface change, so the last oriented one counts
  const loaded = known.findLast(({ oriented }) => oriented !== false) ?? known[0] ?? null;
  const first = <T>(values: readonly (T | null | undefined)[]): T | null => values.find((value): value is T => value != null) ?? null;
  const selectors = connection.attempts.findLast(({ fields }) => fields['ts.local'] !== undefined)?.fields;
  const localNet = first([...childSas.map((child) => child.localNet), loaded?.localNet, textOf(selectors?.['ts.local'])]);
  const peerNet = first([...childSas.map((child) => child.peerNet), loaded?.peerNet, textOf(selectors?.['ts.remote'])]);
  const far = parseNet(peerNet);
  return {
    connection, gateway, loaded, ikeSas, childSas, inbound: [], outbound: [], policies: [], captured: { sent: [], heard: [], errors: [] },
    localAddress: first([connection.local.address, ...named.map(({ localAddress }) => localAddress)]),
    peerAddress: first([connection.peer.address, ...named.map(({ peerAddress }) => peerAddress)]),
    localNet,
    peerNet,
    pingSource: innerAddress(gateway, localNet),
    pingTarget: far === null ? null : firstHost(far),
  };
}

/** The gateway's own address in the network protected by the tunnel. */
function innerAddress({ observations }: Gateway, localNet: string | null): string | null {
  const near = parseNet(localNet);
  if (near === null) return null;
  return only(observations, 'interface').flatMap(({ addresses }) => addresses).find((address) => {
    const own = parseNet(address);
    return own !== null && covers(near, own) && !address.startsWith('127.');
  }) ?? null;
}

const textOf = (value: string | number | undefined): string | null => (value === undefined ? null : String(value));

/**
 * Adds kernel SAs and policies. They have no names: SAs are matched by addresses, and by SPI if several tunnels share
 * them; policies by addresses and networks.
 */
function withKernel(view: View, gateway: Gateway, all: readonly View[]): View {
  const sas = only(gateway.observations, 'kernel-sa').filter(({ protocol }) => protocol === 'esp' || protocol === 'ah');
  const isOnly = all.filter((other) => other.peerAddress === view.peerAddress && other.localAddress === view.localAddress).length === 1;
  const inbound = sas.filter((sa) => sa.source === view.peerAddress && isOwn(sa.destination, view));
  const outbound = sas.filter((sa) => sa.destination === view.peerAddress && isOwn(sa.source, view));
  const policies = only(gateway.observations, 'policy').filter((policy) => joinsPolicy(policy, view));
  return {
    ...view,
    localAddress: view.localAddress ?? outbound[0]?.source ?? null,
    ...innerNets(view, gateway, policies),
    inbound: isOnly ? inbound : bySpi(inbound, [...view.childSas.map(({ spiIn }) => spiIn), ...loggedSpis(view, 'spi.in')]),
    outbound: isOnly ? outbound : bySpi(outbound, [...view.childSas.map(({ spiOut }) => spiOut), ...loggedSpis(view, 'spi.out')]),
    policies: isOnly ? policies : policies.filter((policy) => coversNets(policy, view)),
  };
}

/** If neither log nor daemon states the networks, the outbound policy does. */
function innerNets({ localNet, peerNet, pingSource, pingTarget }: View, gateway: Gateway, policies: readonly PolicyObservation[]): Pick<View, 'localNet' | 'peerNet' | 'pingSource' | 'pingTarget'> {
  const out = policies.find(({ direction, action }) => direction === 'out' && action === 'ipsec');
  if (out === undefined || localNet !== null || peerNet !== null) return { localNet, peerNet, pingSource, pingTarget };
  const far = parseNet(out.destination);
  return { localNet: out.source, peerNet: out.destination, pingSource: innerAddress(gateway, out.source), pingTarget: far === null ? null : firstHost(far) };
}

const isOwn = (address: string, { localAddress, gateway }: View): boolean => address === localAddress || (localAddress === null && (gateway === null || gateway.addresses.size === 0 || gateway.addresses.has(address)));

function bySpi(sas: readonly KernelSaObservation[], spis: readonly (number | null)[]): KernelSaObservation[] {
  return sas.filter(({ spi }) => spi !== 0 && spis.includes(spi));
}

/** SPIs of the tunnel's SAs, from log, daemon and kernel. */
export function spisOf(view: View): Record<'in' | 'out', number[]> {
  const known = (spis: readonly (number | null)[]): number[] => spis.filter((spi): spi is number => spi !== null && spi !== 0);
  return {
    in: known([...view.childSas.map(({ spiIn }) => spiIn), ...view.inbound.map(({ spi }) => spi), ...loggedSpis(view, 'spi.in')]),
    out: known([...view.childSas.map(({ spiOut }) => spiOut), ...view.outbound.map(({ spi }) => spi), ...loggedSpis(view, 'spi.out')]),
  };
}

/** SPIs in the log, in any hexadecimal spelling. */
function loggedSpis({ connection }: View, field: 'spi.in' | 'spi.out'): number[] {
  return connection.attempts.flatMap(({ fields }) => (fields[field] === undefined ? [] : [Number.parseInt(String(fields[field]).replace(/^0x/, ''), 16) >>> 0]));
}

/** A transport mode template has no endpoints: those of the selector apply. */
function joinsPolicy({ templateSource, templateDestination, direction, source, destination }: PolicyObservation, { peerAddress }: View): boolean {
  const [end, selected] = direction === 'out' ? [templateDestination, destination] : [templateSource, source];
  return peerAddress !== null && (end !== null && UNSPECIFIED.test(end) ? selected.replace(/\/(?:32|128)$/, '') : end) === peerAddress;
}

function coversNets({ source, destination, direction }: PolicyObservation, { localNet, peerNet }: View): boolean {
  const [near, far] = direction === 'out' ? [source, destination] : [destination, source];
  return touches(near, localNet) && touches(far, peerNet);
}

function touches(one: string, other: string | null): boolean {
  const [a, b] = [parseNet(one), parseNet(other)];
  return a === null || b === null || overlaps(a, b);
}
