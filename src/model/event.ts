import type { DaemonMessage } from './daemon-message.js';
import type { EventKind } from './event-kinds.js';
import type { Fields } from './fields.js';

/** The meaning of a message, in terms common to all daemons. */
export interface Event {
  readonly kind: EventKind;
  readonly fields: Fields;
  /** The signature that matched: `charon/ike-auth#auth.mac_mismatched`. */
  readonly signature: string;
  /** The message itself, as evidence. */
  readonly message: DaemonMessage;
}
