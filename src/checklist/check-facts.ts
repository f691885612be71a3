import type { FactName, Facts } from '../model/facts.js';
import type { CheckEvidence } from './evidence.js';

/** Network functions the checklist needs. */
export interface Networks {
  /** A plausible host address in this network; null if it is not a network. */
  readonly hostIn: (net: string) => string | null;
  /** The first network in a daemon's traffic selectors; null for names (`dynamic`). */
  readonly networkIn: (selectors: string) => string | null;
}

/** Values of this tunnel for placeholders in texts and commands; unknown values have no entry. */
export function checkFacts({ connection, failing, ike, child, tunnel }: CheckEvidence, { hostIn, networkIn }: Networks): Facts {
  const fields = (failing ?? child ?? ike)?.fields ?? {};
  const ownNet = networkIn(String(tunnel?.localNet ?? fields['ts.local'] ?? ''));
  const farNet = networkIn(String(tunnel?.peerNet ?? fields['ts.remote'] ?? ''));
  const [installed] = tunnel?.childSas ?? [];
  const known: Partial<Record<FactName, string | number | null | undefined>> = {
    'local.address': tunnel?.localAddress ?? connection.local.address,
    'peer.address': failing?.peerAddress ?? tunnel?.peerAddress ?? connection.peer.address,
    'connection.name': connection.name,
    'ts.local': ownNet,
    'ping.source': tunnel?.pingSource ?? fields['virtual.ip'] ?? (ownNet !== null && isOneAddress(ownNet) ? withoutPrefix(ownNet) : null),
    'ping.target': tunnel?.pingTarget ?? (farNet === null ? null : (hostIn(farNet) ?? (isOneAddress(farNet) ? withoutPrefix(farNet) : null))),
    'spi.in': spi(installed?.spiIn ?? fields['spi.in']),
    'spi.out': spi(installed?.spiOut ?? fields['spi.out']),
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value != null && !/^(?:%any6?|0\.0\.0\.0|::)$/.test(String(value))));
}

const isOneAddress = (net: string): boolean => !net.includes('/') || net.endsWith(net.includes(':') ? '/128' : '/32');

const withoutPrefix = (net: string): string => net.replace(/\/.*/, '');

/** Eight hexadecimal digits without 0x. */
function spi(value: string | number | undefined): string | null {
  if (value === undefined) return null;
  return (typeof value === 'number' ? value.toString(16) : value.replace(/^0x/, '')).padStart(8, '0');
}
