import type { Event } from '../model/event.js';
import type { Inferred, RecordTag } from '../model/log-record.js';

/** The part of an event that many events share; sent once. */
export type PackedMeaning = Pick<Event, 'kind' | 'fields' | 'signature'>;

/** Events in the form passed between threads: strings and numbers, because objects are slow to clone. Plain data. */
export interface PackedEvents {
  /** {@link COLUMNS} numbers per event. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Epoch milliseconds; NaN if a record has no time. */
  readonly times: Float64Array<ArrayBuffer>;
  /** Each event's source line. */
  readonly lines: readonly string[];
  /** Texts that are not a suffix of the text they came from, in order of use. */
  readonly apart: readonly string[];
  /** Newly interned values; each gets the next number. */
  readonly texts: readonly string[];
  readonly meanings: readonly PackedMeaning[];
  readonly inferred: readonly (readonly Inferred[])[];
  /** Tags of the records that have one, by index of the event. */
  readonly tags: readonly (readonly [number, RecordTag])[];
  /** All previously interned values are dropped before this batch. */
  readonly isFresh: boolean;
}

/** Columns of an event; {@link NONE} for a missing value. */
export const COLUMN = {
  source: 0, lineNumber: 1, inferred: 2, host: 3, program: 4, pid: 5, messageStart: 6, repeats: 7, daemon: 8, textStart: 9,
  connectionName: 10, instance: 11, saNumber: 12, peerAddress: 13, peerPort: 14, thread: 15, group: 16, meaning: 17,
} as const;
export const COLUMNS = Object.keys(COLUMN).length;
export const NONE = -1;
/** The message is not a suffix of its line, or the text is not a suffix of the message; it is in `apart`. */
export const APART = -2;
