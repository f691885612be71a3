import type { PacketsObservation } from '../model/observation.js';
import type { Captured, Gateway, Tunnel } from '../model/tunnel.js';

type Ends = Pick<Tunnel, 'localAddress' | 'peerAddress'>;
type Spis = { readonly in: readonly (number | null)[]; readonly out: readonly (number | null)[] };

/**
 * Local addresses of tunnels, by the peer's address. A capture of strangers' packets may show thousands of tunnels, among
 * which none is searched for.
 */
export type KnownEnds = ReadonlyMap<string | null, ReadonlySet<string | null>>;

const NOTHING: Captured = { sent: [], heard: [], errors: [] };

export function endsOf(tunnels: readonly Ends[]): KnownEnds {
  const ends = new Map<string | null, Set<string | null>>();
  for (const { localAddress, peerAddress } of tunnels) {
    const locals = ends.get(peerAddress);
    if (locals === undefined) ends.set(peerAddress, new Set([localAddress]));
    else locals.add(localAddress);
  }
  return ends;
}

/**
 * Captured packets of a tunnel, matched by the SPIs of its SAs, otherwise by the peer's address and, if known, the
 * local one. `all`: the ends of all tunnels of the gateway. If logs of both gateways are read, a capture that does not
 * show where it was taken could belong to either, so it is assigned to neither.
 */
export function capturedOf(packets: readonly PacketsObservation[], { localAddress, peerAddress }: Ends, spis: Spis, { addresses }: Gateway, all: KnownEnds): Captured {
  const isMirrored = all.get(localAddress)?.has(peerAddress) === true;
  if (peerAddress === null || packets.length === 0 || (isMirrored && !addresses.has(localAddress ?? ''))) return NOTHING;
  const locals = all.get(peerAddress);
  const isOwn = (address: string): boolean => localAddress === null || address === localAddress || locals?.has(address) !== true;
  const traffic = packets.filter(({ kind }) => kind !== 'icmp' && kind !== 'other');
  return {
    sent: traffic.filter(({ source, destination, spi }) => isOf(spi, spis.out) || (destination === peerAddress && isOwn(source) && !isOf(spi, spis.in))),
    heard: traffic.filter(({ source, destination, spi }) => isOf(spi, spis.in) || (source === peerAddress && isOwn(destination) && !isOf(spi, spis.out))),
    errors: packets.filter(({ source, destination, icmp }) => icmp !== null && (icmp.about ?? source) === peerAddress && isOwn(destination)),
  };
}

/**
 * Pairs of gateways known only from captures, local address first: by the printed direction, otherwise the sender of
 * the first packet is taken as local.
 */
export function capturedPairs(packets: readonly PacketsObservation[]): { readonly local: string; readonly peer: string; readonly seen: PacketsObservation }[] {
  const pairs = new Map<string, { readonly local: string; readonly peer: string; readonly seen: PacketsObservation }>();
  for (const seen of packets) {
    if (seen.kind === 'icmp' || seen.kind === 'fragment' || seen.kind === 'other') continue;
    const [local, peer] = seen.direction === 'in' ? [seen.destination, seen.source] : [seen.source, seen.destination];
    if (!pairs.has(`${local} ${peer}`) && !pairs.has(`${peer} ${local}`)) pairs.set(`${local} ${peer}`, { local, peer, seen });
  }
  return [...pairs.values()];
}

function isOf(spi: number | null, own: readonly (number | null)[]): boolean {
  return spi !== null && spi !== 0 && own.includes(spi);
}
