import type { Event } from '../model/event.js';

const MAX_IDS = 1_000;

/**
 * Identities that charon was to have itself and that are not in the certificate of the connection: it takes the subject in their place,
 * says so when it loads the connection, and finds none later for a peer that asks for it by such an identity.
 */
export class UnconfirmedIdentities {
  private readonly subjects = new Map<string, string>();

  learn({ kind, fields }: Event): void {
    const [id, subject] = [fields['local.id'], fields['cert.subject']];
    if (kind === 'cert.own_id_unconfirmed' && typeof id === 'string' && typeof subject === 'string' && this.subjects.size < MAX_IDS) this.subjects.set(id, subject);
  }

  /** The event with what this side is called in place of what the peer calls it. */
  complete(event: Event): Event {
    const id = event.fields['local.id'];
    const subject = event.kind === 'ike.candidates' && typeof id === 'string' ? this.subjects.get(id) : undefined;
    return subject === undefined ? event : { ...event, fields: { ...event.fields, 'local.cert.subject': subject } };
  }
}
