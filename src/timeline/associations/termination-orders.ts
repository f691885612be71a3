import type { Event } from '../../model/event.js';
import type { SecurityAssociation } from './security-association.js';

/** Limit on the orders remembered; the oldest is forgotten. */
const MAX_ORDERS = 64;
/** Maximum milliseconds between an order to terminate and the deletion. */
const OBEYS_WITHIN = 10_000;

/** Orders to terminate connections of which the log has shown nothing: they came up before it begins. */
export class TerminationOrders {
  /** By the name of the connection. */
  private readonly orders = new Map<string, Event>();

  note(order: Event): void {
    const name = String(order.fields['connection.name']);
    this.orders.delete(name);
    this.orders.set(name, order);
    const [oldest] = this.orders.keys();
    if (this.orders.size > MAX_ORDERS && oldest !== undefined) this.orders.delete(oldest);
  }

  /** The order that this deletion carries out, with what it says of the SA; null if the SA was known, or if there is none. */
  carriedOutBy({ kind, fields, message: { record } }: Event, sa: SecurityAssociation): Event | null {
    const order = kind === 'ike.deleting' && sa.ike === null && !sa.isUp ? this.orders.get(String(fields['ike.name'])) : undefined;
    const given = order?.message.record.time ?? null;
    return order === undefined || (given !== null && record.time !== null && record.time - given > OBEYS_WITHIN) ? null : { ...order, fields: { ...fields, ...order.fields } };
  }
}
