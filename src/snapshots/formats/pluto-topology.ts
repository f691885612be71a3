import type { ConnectionObservation } from '../../model/observation.js';

/** Contents of the first line of a connection in pluto's status. */
export type Topology = Pick<ConnectionObservation, 'localAddress' | 'peerAddress' | 'localId' | 'peerId' | 'localNet' | 'peerNet' | 'routing'>;

interface End {
  readonly address: string | null;
  readonly id: string | null;
  readonly net: string | null;
}

const HOST = /^([0-9a-fA-F.:]{2,45})(?:<[^>]{0,100}>)?(?::\d+\/\d+)?(?:\[([^\]]{0,200})\])?/;

/**
 * `192.0.2.0/26===192.0.2.1[@a]---192.0.2.254...198.51.100.7<peer>[@b,+MC]===198.51.100.0/26; erouted; ...`, this
 * host's end first. Null for any other line of a connection.
 */
export function readTopology(rest: string): Topology | null {
  const stop = rest.indexOf('; ');
  const text = stop < 0 ? rest.replace(/;$/, '') : rest.slice(0, stop);
  const middle = text.indexOf('...');
  if (middle < 0 || rest.startsWith(' ') || !/[0-9a-f%][.:a-z]/.test(text)) return null;
  const local = readEnd(text.slice(0, middle), 'left');
  const peer = readEnd(text.slice(middle + 3), 'right');
  if (local.address === null && peer.address === null) return null;
  const routing = stop < 0 ? null : (/^([^;]{1,60})/.exec(rest.slice(stop + 2))?.[1] ?? null);
  return { localAddress: local.address, localId: local.id, localNet: local.net, peerAddress: peer.address, peerId: peer.id, peerNet: peer.net, routing };
}

/**
 * The network is outermost, the next hop innermost: `net===host---hop` on the left, `hop---host===net` on the right.
 */
function readEnd(text: string, side: 'left' | 'right'): End {
  const parts = text.split('===');
  const hosts = (side === 'left' ? parts.at(-1) : parts[0])?.split('---') ?? [];
  const host = (side === 'left' ? hosts[0] : hosts.at(-1)) ?? '';
  const net = parts.length < 2 ? null : ((side === 'left' ? parts[0] : parts.at(-1)) ?? null);
  const [, address, names] = HOST.exec(host.trim()) ?? [];
  return { address: address ?? null, id: idOf(names), net: net === null ? null : net.trim() };
}

/** `@east.example.com,+MC+XC+S=C`: pluto's flags follow the identity. */
function idOf(names: string | undefined): string | null {
  const id = names?.replace(/,[+A-Z=][^,]*$/, '').trim();
  return id === undefined || id === '' || /^[+A-Z=]*\+/.test(id) ? null : id;
}
