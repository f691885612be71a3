import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import type { EventKind } from '../../model/event-kinds.js';

const MAX_NAMES = 1_000;
/** Limit on pending orders; many come at once when a daemon starts. */
const MAX_ORDERS = 64;
/** Maximum time that charon waits for an unreachable resolver (milliseconds). */
const RESOLVES_WITHIN = 60_000;

/** Events that charon logs only for SAs it initiates, or after a connection was loaded. */
const OWN_TRIES: ReadonlySet<string> = new Set<EventKind>(['retransmit.sent', 'retransmit.gave_up', 'peer.not_responding', 'network.send_refused', 'auth.rejected_by_peer', 'proposal.no_proposal_received', 'ike.established', 'child.established']);

/**
 * Orders to initiate that charon received. If a peer's name cannot be resolved, charon names no connection; if it does
 * not know the ordered connection, it only tells the client and logs nothing.
 */
export class InitiateOrders {
  private readonly loaded = new Set<string>();
  private readonly pending = new Map<string, Event>();
  /** Connection by unresolved peer name: charon retries without another order. */
  private readonly unresolved = new Map<string, string>();
  private hasStarted = false;

  /** Takes a line about the process or the loading of connections. */
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

  /** Adds to a line of a negotiation the connection name that only the order has. */
  complete(event: Event): Event {
    if (this.pending.size === 0 && (event.kind !== 'network.dns_failed' || this.unresolved.size === 0)) return event;
    if (event.kind !== 'network.dns_failed') {
      if (describeKind(event.kind).starts === true) this.begins(event);
      // The start of the negotiation is missing from the excerpt
      else if (OWN_TRIES.has(event.kind)) this.pending.clear();
      return event;
    }
    const name = this.nameOf(event);
    return name === null || event.message.connectionName !== null ? event : { ...event, fields: { ...event.fields, 'ike.name': name } };
  }

  /** The order that cannot have had an effect, because no connection was loaded since the daemon's start. */
  inVain(): Event | null {
    const [order] = this.pending.values();
    return order === undefined || !this.hasStarted || this.loaded.size > 0 ? null : { ...order, kind: 'config.connection_unknown', fields: { ...order.fields, 'config.count': 0 } };
  }

  /** Removes the order that led to this negotiation: by name, otherwise the oldest one. */
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

  /** swanctl initiates a Child SA by its name, which is often the connection's name too. */
  private connectionOf({ fields: { 'connection.name': connection, 'child.name': child } }: Event): string | null {
    if (typeof connection === 'string') return connection;
    if (typeof child === 'string' && this.loaded.has(child)) return child;
    const [only, ...more] = this.loaded;
    return more.length === 0 ? only ?? null : null;
  }
}
