import type { DaemonMessage } from './daemon-message.js';
import type { EventKind } from './event-kinds.js';
import type { Fields } from './fields.js';

/** What a message means, in words that are the same for every daemon. */
export interface Event {
  readonly kind: EventKind;
  readonly fields: Fields;
  /** Which signature understood the message: `charon/ike-auth#auth.mac_mismatched`. */
  readonly signature: string;
  /** The evidence. */
  readonly message: DaemonMessage;
}
