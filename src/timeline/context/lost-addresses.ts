import type { Event } from '../../model/event.js';

/** More would only be the clients of a server. */
const MAX_ADDRESSES = 64;

/**
 * Addresses of this host that have disappeared while charon ran. charon goes on sending from them as long as an SA has
 * such an address, and then the kernel reports that the network is unreachable.
 */
export class LostAddresses {
  private readonly lost = new Set<string>();

  learn({ kind, fields }: Event): void {
    const address = fields['local.address'];
    if (typeof address !== 'string') return;
    if (kind === 'daemon.interface') this.lost.delete(address);
    else if (kind === 'daemon.address_lost' && this.lost.size < MAX_ADDRESSES) this.lost.add(address);
  }

  /** Adds them to a line about packets that cannot be sent. */
  complete(event: Event): Event {
    if (this.lost.size === 0 || event.kind !== 'network.send_unreachable') return event;
    return { ...event, fields: { ...event.fields, 'local.lost_addresses': [...this.lost].join(' ') } };
  }
}
