import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';

/** More than any peer sends in one packet. */
const MOST_HELD = 24;
/** NAT traversal is offered by vendor IDs. */
const VENDOR_IDS: ReadonlySet<string> = new Set(['vendor_id.received', 'nat.off_here']);
const NONE: readonly Event[] = [];

/**
 * The vendor IDs of a packet for which pluto has no state yet: it logs them before the line with the number of the SA,
 * or with the reason why there will be none.
 */
export class PacketVendorIds {
  private held: Event[] = [];

  /** Holds a line if it is such a vendor ID. */
  hold(event: Event): void {
    if (VENDOR_IDS.has(event.kind) && this.held.length < MOST_HELD) this.held.push(event);
  }

  /** The vendor IDs of the packet that this line is about; they are not returned again. */
  ofPacket(event: Event): readonly Event[] {
    if (this.held.length === 0) return NONE;
    const { held } = this;
    this.held = [];
    const { as, role } = describeKind(event.kind);
    if (as !== 'responder' && (role !== 'failure' || event.message.saNumber !== null)) return NONE;
    const peer = event.message.peerAddress ?? event.fields['peer.address'] ?? null;
    return held.filter(({ message: { peerAddress } }) => peer === null || peerAddress === null || peerAddress === peer);
  }
}
