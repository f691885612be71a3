import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';
import { describeKind } from '../../model/event-kinds.js';

/** Limit on threads, of which charon starts 16. */
const MAX_THREADS = 1_000;
/** What charon says of a certificate, whether it has loaded it or received it. */
const OF_CERTIFICATE: ReadonlySet<string> = new Set<EventKind>(['cert.unsuitable']);
/** What a thread logs that is about a peer. */
const OF_PEER = /^(?:packet|message|ike|child)\./;

/** charon's threads that load credentials: what they say of a certificate concerns a file of this host, not a peer. */
export class LoadingThreads {
  private readonly threads = new Set<string>();

  /** The event, as one of the whole host if it is about a certificate that is being loaded. */
  place(event: Event): Event {
    const { kind, message } = event;
    if (message.daemon !== 'charon' || (this.threads.size === 0 && !kind.startsWith('config.'))) return event;
    const thread = message.thread ?? '';
    if (describeKind(kind).subject === 'host') {
      if (kind.startsWith('config.') && this.threads.size < MAX_THREADS) this.threads.add(thread);
    } else if (message.saNumber !== null || OF_PEER.test(kind)) {
      this.threads.delete(thread);
    } else if (OF_CERTIFICATE.has(kind) && this.threads.has(thread)) {
      return { ...event, kind: 'config.secrets_unreadable' };
    }
    return event;
  }
}
