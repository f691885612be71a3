import type { GatewayLog } from '../../model/counterpart.js';
import type { Event } from '../../model/event.js';

/** A stranger cannot add hosts or addresses, but an archive of very many gateways can. */
const MOST_HOSTS = 10_000;
const MOST_ADDRESSES = 256;

/** Addresses on which the daemons of each host listen. */
export class HostAddresses {
  private readonly known = new Map<string, Set<string>>();

  /** Learns from a line in which a daemon lists its interfaces. */
  learn({ fields, message: { record: { host } } }: Event): void {
    const address = fields['local.address'];
    if (typeof address !== 'string') return;
    const addresses = this.known.get(host) ?? new Set();
    if (this.known.size < MOST_HOSTS) this.known.set(host, addresses);
    if (addresses.size < MOST_ADDRESSES) addresses.add(address);
  }

  of(host: string): ReadonlySet<string> | undefined {
    return this.known.get(host);
  }
}

/** A daemon process, with the times of its first and last line (epoch milliseconds). */
interface Heard {
  readonly host: string;
  readonly first: number | null;
  readonly last: number | null;
}

/** What is known about each host's log. */
export function gatewayLogs(processes: Iterable<Heard>, addresses: HostAddresses): ReadonlyMap<string, GatewayLog> {
  const logs = new Map<string, GatewayLog>();
  for (const { host, first, last } of processes) {
    const known = logs.get(host);
    logs.set(host, { host, addresses: addresses.of(host) ?? new Set(), first: pick(Math.min, known?.first, first), last: pick(Math.max, known?.last, last) });
  }
  return logs;
}

function pick(choose: (one: number, other: number) => number, one: number | null | undefined, other: number | null): number | null {
  return one == null || other === null ? one ?? other : choose(one, other);
}
