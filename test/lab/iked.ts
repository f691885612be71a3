import { background, exec, writeFile, type Host } from './host.js';
import type { Gateway, Tunnel, WholeGateway } from './scenario.js';
import type { Side } from './network.js';
import { until } from './shell.js';

/** strongSwan's short transform names, in iked's spelling. */
const WORDS: Readonly<Record<string, string>> = {
  aes256: 'enc aes-256', aes128: 'enc aes-128', sha256: 'auth hmac-sha2-256', sha1: 'auth hmac-sha1', sha512: 'auth hmac-sha2-512',
};

/** One proposal; phase 1 also needs the pseudo-random function. */
function proposal(text: string, ike: boolean): string {
  const words = text.split('-').map((part) => WORDS[part] ?? `group ${part}`);
  const prf = words.filter((word) => ike && word.startsWith('auth ')).map((word) => word.replace('auth', 'prf'));
  return [...words, ...prf].join(' ');
}

function policy(tunnel: Tunnel, gateway: Gateway): string {
  const words = [
    `ikev2 "${tunnel.name}" passive esp`,
    `from ${tunnel.localNet} to ${tunnel.peerNet}`,
    `local ${tunnel.localAddress} peer ${tunnel.peerAddress === '%any' ? 'any' : tunnel.peerAddress}`,
    `ikesa ${proposal(tunnel.ikeProposal, true)}`,
    `childsa ${proposal(tunnel.espProposal, false)}`,
    `srcid ${tunnel.localId} dstid ${tunnel.peerId}`,
    `psk "${tunnel.psk ?? 'none'}"`,
    ...(tunnel.extra.iked ?? []),
  ];
  return gateway.load ? `${words.join(' \\\n\t')}\n` : '';
}

/** OpenIKED acts as a foreign peer: it responds, and its log matters only next to the other side's log. */
function configure(side: Side, gateway: WholeGateway): void {
  const setup = gateway.setup.iked ?? [];
  writeFile(side, '/etc/iked.conf', [...setup, ...gateway.tunnels.map((tunnel) => policy(tunnel, gateway))].join('\n'));
}

async function start(host: Host, gateway: Gateway): Promise<void> {
  background(host, 'iked -d', gateway.clock);
  await until('iked', () => exec(host, 'ikectl show sa').status === 0, 60);
}

/** iked with ikectl, which can neither initiate one tunnel nor rekey. */
export const IKECTL = {
  configure,
  start,
  stop: 'kill -TERM $(pidof iked)',
  initiate: (): string => 'ikectl active',
  terminate: (): string => 'ikectl reset sa',
  rekey: (): string => 'true',
  process: 'iked',
  patience: 0,
};
