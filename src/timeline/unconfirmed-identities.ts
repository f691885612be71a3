import type { Event } from '../model/event.js';

const MAX_IDS = 1_000;

/**
 * Local identities configured for charon that the connection's certificate does not confirm. charon replaces them by the
 * certificate's subject, logs that when it loads the connection, and later finds no config for a peer that requests the
 * configured identity.
 */
export class UnconfirmedIdentities {
  private readonly subjects = new Map<string, string>();

  learn({ kind, fields }: Event): void {
    const [id, subject] = [fields['local.id'], fields['cert.subject']];
    if (kind === 'cert.own_id_unconfirmed' && typeof id === 'string' && typeof subject === 'string' && this.subjects.size < MAX_IDS) this.subjects.set(id, subject);
  }

  /** Adds the subject that replaced the local identity requested by the peer. */
  complete(event: Event): Event {
    const id = event.kind === 'ike.candidates' ? event.fields['local.id'] : undefined;
    const subject = typeof id === 'string' ? this.subjects.get(id) : undefined;
    return subject === undefined ? event : { ...event, fields: { ...event.fields, 'local.cert.subject': subject } };
  }
}
