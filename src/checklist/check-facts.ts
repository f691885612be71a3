import type { FactName, Facts } from '../model/facts.js';
import type { Evidence } from './evidence.js';

/** An address that a host of this network could have; null for what is no network. */
export type HostIn = (net: string) => string | null;

/** This tunnel's own values for the placeholders of texts and commands; what is not known has no entry. */
export function checkFacts({ connection, failing, ike, child, tunnel }: Evidence, hostIn: HostIn): Facts {
  const fields = (failing ?? child ?? ike)?.fields ?? {};
  const farNet = fields['ts.remote'] ?? tunnel?.peerNet;
  const [installed] = tunnel?.childSas ?? [];
  const known: Partial<Record<FactName, string | number | null | undefined>> = {
    'local.address': tunnel?.localAddress ?? connection.local.address,
    'peer.address': failing?.peerAddress ?? tunnel?.peerAddress ?? connection.peer.address,
    'connection.name': connection.name,
    'ping.source': tunnel?.pingSource ?? fields['virtual.ip'],
    'ping.target': tunnel?.pingTarget ?? (farNet == null ? null : hostIn(String(farNet))),
    'spi.in': spi(installed?.spiIn ?? fields['spi.in']),
    'spi.out': spi(installed?.spiOut ?? fields['spi.out']),
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value != null && !/^(?:%any6?|0\.0\.0\.0|::)$/.test(String(value))));
}

/** Eight hexadecimal digits, without their 0x. */
function spi(value: string | number | undefined): string | null {
  if (value === undefined) return null;
  return (typeof value === 'number' ? value.toString(16) : value.replace(/^0x/, '')).padStart(8, '0');
}
