import type { PacketsObservation } from '../model/observation.js';
import type { Captured, Gateway, Tunnel } from '../model/tunnel.js';

type Ends = Pick<Tunnel, 'localAddress' | 'peerAddress'>;
type Spis = { readonly in: readonly (number | null)[]; readonly out: readonly (number | null)[] };

const NOTHING: Captured = { sent: [], heard: [], errors: [] };

/**
 * What captures of a gateway show of a tunnel: by the SPIs of its SAs, else by the peer's address and, as far as it is known, the
 * own one. `others`: all tunnels of the gateway. Of two gateways whose logs are read together, a capture that does not tell where it
 * was made may be either's, and is neither's.
 */
export function capturedOf(packets: readonly PacketsObservation[], ends: Ends, spis: Spis, { addresses }: Gateway, others: readonly Ends[]): Captured {
  const { localAddress, peerAddress } = ends;
  const isMirrored = others.some((other) => other.localAddress === peerAddress && other.peerAddress === localAddress);
  if (peerAddress === null || packets.length === 0 || (isMirrored && !addresses.has(localAddress ?? ''))) return NOTHING;
  const isOwn = (address: string): boolean => localAddress === null || address === localAddress || !others.some((other) => other.peerAddress === peerAddress && other.localAddress === address);
  const traffic = packets.filter(({ kind }) => kind !== 'icmp' && kind !== 'other');
  return {
    sent: traffic.filter(({ source, destination, spi }) => isOf(spi, spis.out) || (destination === peerAddress && isOwn(source) && !isOf(spi, spis.in))),
    heard: traffic.filter(({ source, destination, spi }) => isOf(spi, spis.in) || (source === peerAddress && isOwn(destination) && !isOf(spi, spis.out))),
    errors: packets.filter(({ source, destination, icmp }) => icmp !== null && (icmp.about ?? source) === peerAddress && isOwn(destination)),
  };
}

/** Pairs of gateways that only captures know, the own address first: by the direction that they print, else whose packet came first. */
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
