import type { Event } from '../model/event.js';

/** A stranger cannot add to these, but an archive of very many gateways can. */
const MOST_HOSTS = 10_000;
const MOST_ADDRESSES = 256;

const NO_ADDRESSES: ReadonlySet<string> = new Set();

/** On which addresses the daemons of each host listen. */
export class HostAddresses {
  private readonly known = new Map<string, Set<string>>();

  /** Takes a line with which a daemon tells of its interfaces. */
  learn({ fields, message: { record: { host } } }: Event): void {
    const address = fields['local.address'];
    if (typeof address !== 'string') return;
    const addresses = this.known.get(host) ?? new Set();
    if (this.known.size < MOST_HOSTS) this.known.set(host, addresses);
    if (addresses.size < MOST_ADDRESSES) addresses.add(address);
  }

  of(host: string): ReadonlySet<string> {
    return this.known.get(host) ?? NO_ADDRESSES;
  }
}
