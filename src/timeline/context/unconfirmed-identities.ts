import type { Event } from '../../model/event.js';

const MAX_IDS = 1_000;

/**
 * Local identities configured for charon that the connection's certificate does not confirm. charon replaces them by the
 * certificate's subject, logs that when it loads the connection, and later finds no config for a peer that requests the
 * configured identity, or is rejected by one that expects it.
 */
export class UnconfirmedIdentities {
  private readonly subjects = new Map<string, string>();
  private readonly used = new Set<string>();

  learn({ kind, fields }: Event): void {
    const [id, subject] = [fields['local.id'], fields['cert.subject']];
    if (kind === 'cert.own_id_unconfirmed' && typeof id === 'string' && typeof subject === 'string' && this.subjects.size < MAX_IDS) {
      this.subjects.set(id, subject);
      this.used.add(subject);
    }
  }

  /** Adds the subject that replaced the local identity which the peer requests, or as which this gateway authenticates. */
  complete(event: Event): Event {
    const id = this.used.size === 0 ? undefined : event.fields['local.id'];
    if (typeof id !== 'string') return event;
    const subject = event.kind === 'ike.candidates' ? this.subjects.get(id) : this.used.has(id) ? id : undefined;
    return subject === undefined ? event : { ...event, fields: { ...event.fields, 'local.cert.subject': subject } };
  }
}
