import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';

const MAX_CONNECTIONS = 2_000;

/** Failures whose possible causes depend on how this side authenticates. */
const ABOUT: ReadonlySet<EventKind> = new Set<EventKind>(['auth.rejected_by_peer', 'auth.rejected_by_peer_ikev1', 'auth.undecryptable']);

/**
 * How the connections of a pluto process authenticate this side, as far as loading shows, because pluto does not log it
 * during negotiation. It names a certificate when loading its private key, but only the first time the key is needed.
 * So a connection is known to have no certificate only while a process seen from its start has loaded no key at all.
 */
export class OwnAuthentication {
  private readonly byName = new Map<string, string>();
  private seenFromStart = false;
  private anyKey = false;
  private justKeyed: string | null = null;

  /** Learns from a line about the process or the loading of a connection. */
  learn({ kind, message: { connectionName: name }, fields }: Event): void {
    if (kind === 'daemon.started') {
      this.seenFromStart = true;
    } else if (kind === 'config.secrets_loaded' && fields['auth.method'] !== undefined) {
      this.anyKey = true;
      this.justKeyed = name;
      this.remember(name, String(fields['auth.method']));
    } else if (kind === 'config.loaded') {
      this.added(name);
    }
  }

  /** Adds the connection's authentication method to an event that depends on it and does not state it. */
  complete(event: Event): Event {
    const method = ABOUT.has(event.kind) && event.fields['auth.method'] === undefined ? this.byName.get(event.message.connectionName ?? '') : undefined;
    return method === undefined ? event : { ...event, fields: { ...event.fields, 'auth.method': method } };
  }

  private added(name: string | null): void {
    if (name === null) return;
    if (name === this.justKeyed) {
      this.justKeyed = null;
      return;
    }
    if (this.seenFromStart && !this.anyKey) this.remember(name, 'no certificate');
    else this.byName.delete(name);
  }

  private remember(name: string | null, method: string): void {
    if (name !== null && (this.byName.has(name) || this.byName.size < MAX_CONNECTIONS)) this.byName.set(name, method);
  }
}
