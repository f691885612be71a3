import type { Attempt } from '../model/attempt.js';
import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';

/**
 * The line with which a connection that is down without a failure ended. Null where none says so, or it is not kept.
 */
export function endOf(attempts: readonly Attempt[]): Event | null {
  const over = attempts.filter(({ outcome, retired }) => outcome === 'closed' || retired).reverse();
  return over.find(({ closedBy }) => closedBy !== null)?.closedBy ?? over.flatMap(closing)[0] ?? null;
}

function closing({ entries }: Attempt): Event[] {
  return entries.flatMap(({ event }) => (describeKind(event.kind).outcome === 'closed' ? [event] : [])).slice(-1);
}
