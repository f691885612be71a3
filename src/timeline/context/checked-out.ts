import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';

/** Limit on threads, of which charon starts 16. */
const MAX_THREADS = 1_000;

const KINDS: ReadonlySet<string> = new Set<EventKind>(['sa.checked_out', 'sa.created', 'sa.checked_in']);

/**
 * The IKE SAs that charon's threads work on. At level 2 its IKE SA manager says which thread takes which SA, and when it
 * gives it back; all that the thread says in between is about that SA (strongSwan, ike_sa_manager.c and bus.c), whether
 * or not the lines have a `<name|id>`.
 */
export class CheckedOut {
  private readonly held = new Map<string, { readonly number: number; readonly name: string | null }>();

  /** Takes a line of the IKE SA manager; false if it is another one. */
  hear({ kind, fields, message: { thread } }: Event): boolean {
    if (!KINDS.has(kind)) return false;
    const { 'ike.number': number, 'ike.name': name } = fields;
    if (thread === null) return true;
    if (kind === 'sa.checked_in') this.held.delete(thread);
    // A rekeying creates the new SA while the thread works on the old one
    else if (typeof number === 'number' && (kind === 'sa.checked_out' || !this.held.has(thread)) && this.held.size < MAX_THREADS) {
      this.held.set(thread, { number, name: typeof name === 'string' && name !== '(unnamed)' ? name : null });
    }
    return true;
  }

  /** Adds the number and name of its SA to a line that does not have them. */
  complete(event: Event): Event {
    const { message } = event;
    if (this.held.size === 0 || message.saNumber !== null || message.thread === null || message.daemon !== 'charon') return event;
    const sa = this.held.get(message.thread);
    return sa === undefined ? event : { ...event, message: { ...message, saNumber: sa.number, connectionName: message.connectionName ?? sa.name } };
  }
}
