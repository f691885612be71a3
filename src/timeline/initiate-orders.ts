import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';

const MAX_NAMES = 1_000;
/** Orders that nothing has followed yet; many at once come when a daemon starts. */
const MAX_ORDERS = 64;
/** A resolver that is not there lets charon wait for so long, and not longer (milliseconds). */
const RESOLVES_WITHIN = 60_000;

/** What charon says only of what it has initiated, or when a connection is loaded. */
const OWN_TRIES: ReadonlySet<string> = new Set<EventKind>(['retransmit.sent', 'retransmit.gave_up', 'peer.not_responding', 'network.send_refused', 'auth.rejected_by_peer', 'proposal.no_proposal_received', 'ike.established', 'child.established']);

/**
 * What charon was told to initiate. Where the name of the peer does not resolve, it says so of no connection, and where it knows no connection
 * of the name it answers only who gave the order: nothing follows in the log.
 */
export class InitiateOrders {
  private readonly loaded = new Set<string>();
  private readonly pending = new Map<string, Event>();
  /** By the peer's name that did not resolve: charon tries again without another order. */
  private readonly unresolved = new Map<string, string>();
  private hasStarted = false;

  /** A line about the process or about the loading of connections. */
  hear(event: Event): void {
    const { kind, fields } = event;
    const name = fields['connection.name'] ?? fields['child.name'];
    if (kind === 'daemon.started') this.hasStarted = true;
    if (kind === 'config.no_peer_address') this.pending.clear();
    if (typeof name !== 'string') return;
    if (kind === 'config.loaded' && this.loaded.size < MAX_NAMES) this.loaded.add(name);
    if (kind === 'config.connection_unknown') this.pending.delete(name);
    if (kind === 'config.initiate_ordered' && this.pending.size < MAX_ORDERS) this.pending.set(name, event);
  }

  /** A line of a negotiation, with the name of its connection where only the order has that. */
  complete(event: Event): Event {
    if (this.pending.size === 0 && (event.kind !== 'network.dns_failed' || this.unresolved.size === 0)) return event;
    if (event.kind !== 'network.dns_failed') {
      if (describeKind(event.kind).starts === true) this.begins(event);
      // its beginning was left out of the excerpt
      else if (OWN_TRIES.has(event.kind)) this.pending.clear();
      return event;
    }
    const name = this.nameOf(event);
    return name === null || event.message.connectionName !== null ? event : { ...event, fields: { ...event.fields, 'ike.name': name } };
  }

  /** The order that nothing can have followed: it came when no connection had been loaded since the daemon's start. */
  inVain(): Event | null {
    const [order] = this.pending.values();
    return order === undefined || !this.hasStarted || this.loaded.size > 0 ? null : { ...order, kind: 'config.connection_unknown', fields: { ...order.fields, 'config.count': 0 } };
  }

  /** The negotiation that an order of its name, or else the oldest one, has led to. */
  private begins({ fields, message }: Event): void {
    const names = [fields['ike.name'], message.connectionName, fields['child.name'], ...this.pending.keys()];
    const name = names.find((each) => typeof each === 'string' && this.pending.has(each));
    this.pending.delete(String(name));
  }

  private nameOf({ fields, message: { record } }: Event): string | null {
    const peer = String(fields['peer.name'] ?? fields['peer.address'] ?? '');
    const known = this.unresolved.get(peer);
    if (known !== undefined) return known;
    const [order, ...others] = this.pending.values();
    const since = order?.message.record.time ?? null;
    if (order === undefined || others.length > 0 || (since !== null && record.time !== null && record.time - since > RESOLVES_WITHIN)) return null;
    this.pending.clear();
    const name = this.connectionOf(order);
    if (name !== null && this.unresolved.size < MAX_ORDERS) this.unresolved.set(peer, name);
    return name;
  }

  /** swanctl orders a Child SA by its name, which many give the connection, too. */
  private connectionOf({ fields: { 'connection.name': connection, 'child.name': child } }: Event): string | null {
    if (typeof connection === 'string') return connection;
    if (typeof child === 'string' && this.loaded.has(child)) return child;
    const [only, ...more] = this.loaded;
    return more.length === 0 ? only ?? null : null;
  }
}
