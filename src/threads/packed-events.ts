import type { Event } from '../model/event.js';
import type { Inferred, RecordTag } from '../model/log-record.js';

/** What of an event other events have as well, as a rule: sent once. */
export type Meaning = Pick<Event, 'kind' | 'fields' | 'signature'>;

/** Events as another thread gets them: strings and numbers, because objects are slow to copy. Plain data. */
export interface PackedEvents {
  /** {@link COLUMNS} numbers for each event. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Epoch milliseconds; NaN where a record has none. */
  readonly times: Float64Array<ArrayBuffer>;
  /** Each event's line. */
  readonly lines: readonly string[];
  /** Messages that are not the end of what they were taken from, in their order. */
  readonly apart: readonly string[];
  /** What was not known before: each gets the next number. */
  readonly texts: readonly string[];
  readonly meanings: readonly Meaning[];
  readonly inferred: readonly (readonly Inferred[])[];
  /** Tags of the records that have one, by the number of the event. */
  readonly tags: readonly (readonly [number, RecordTag])[];
  /** All that was known is forgotten. */
  readonly isFresh: boolean;
}

/** The numbers of an event; for what is not there {@link NONE}. */
export const COLUMN = {
  source: 0, lineNumber: 1, inferred: 2, host: 3, program: 4, pid: 5, messageStart: 6, repeats: 7, daemon: 8, textStart: 9,
  connectionName: 10, instance: 11, saNumber: 12, peerAddress: 13, peerPort: 14, thread: 15, group: 16, meaning: 17,
} as const;
export const COLUMNS = Object.keys(COLUMN).length;
export const NONE = -1;
/** The message is not the end of its line, or the text not that of the message. */
export const APART = -2;
