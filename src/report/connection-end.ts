import type { Attempt } from '../model/attempt.js';
import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import { isGone } from './connection-state.js';

/** The line with which a connection that is down without a failure ended; null if there is none or it is not kept. */
export function endOfTunnel(attempts: readonly Attempt[]): Event | null {
  const over = attempts.filter((attempt) => isGone(attempt) || attempt.retired).reverse();
  const told = over.find(({ closedBy }) => closedBy !== null);
  const first = told === undefined ? undefined : closing(told)[0];
  return (first !== undefined && first.message.record.time === told?.closedBy?.message.record.time ? first : told?.closedBy) ?? over.flatMap(closing)[0] ?? null;
}

/**
 * The line with which the last negotiation of a connection that was never up ended; null if there is none or it is not
 * kept.
 */
export function endOfNegotiation(attempts: readonly Attempt[]): Event | null {
  const latest = attempts.at(-1);
  return latest?.outcome === 'interrupted' || latest?.outcome === 'closed' ? (latest.closedBy ?? closing(latest)[0] ?? null) : null;
}

/** The first of the closing lines at the last moment: it says who closed the SA, later ones only what followed. */
function closing({ entries }: Attempt): Event[] {
  const endings = entries.flatMap(({ event }) => (describeKind(event.kind).outcome === 'closed' ? [event] : []));
  const last = endings.at(-1)?.message.record.time ?? null;
  return endings.filter(({ message }) => message.record.time === last).slice(0, 1);
}
