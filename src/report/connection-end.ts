import type { Attempt } from '../model/attempt.js';
import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import { isGone } from './connection-state.js';

/** The line with which a connection that is down without a failure ended. Null where none says so, or it is not kept. */
export function endOf(attempts: readonly Attempt[]): Event | null {
  const over = attempts.filter((attempt) => isGone(attempt) || attempt.retired).reverse();
  return over.find(({ closedBy }) => closedBy !== null)?.closedBy ?? over.flatMap(closing)[0] ?? null;
}

/** The line with which the latest negotiation of a connection that was never up ended, likewise. */
export function endOfNegotiation(attempts: readonly Attempt[]): Event | null {
  const latest = attempts.at(-1);
  return latest?.outcome === 'interrupted' || latest?.outcome === 'closed' ? (latest.closedBy ?? closing(latest)[0] ?? null) : null;
}

function closing({ entries }: Attempt): Event[] {
  return entries.flatMap(({ event }) => (describeKind(event.kind).outcome === 'closed' ? [event] : [])).slice(-1);
}
