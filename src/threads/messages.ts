import type { Reach } from '../model/progress.js';
import type { Reading, ReadingOptions } from '../reading.js';
import type { FoundInputs } from '../sources/index.js';
import type { PackedEvents } from './packed-events.js';

/** What the thread is to read; plain data. */
export interface Task extends Omit<ReadingOptions, 'present'> {
  readonly found: FoundInputs;
  /** Directories with additional rules. */
  readonly rules: readonly string[];
  readonly zone: string | null;
}

/** The thread's answers: events and progress until everything has been read, then the rest of the result. */
export type Answer =
  | { readonly type: 'events'; readonly events: PackedEvents; readonly reach: Reach }
  | { readonly type: 'end'; readonly reading: Reading; readonly names: readonly string[] };

/** Messages to the thread: one batch of events was taken; stop reading. */
export type Instruction = 'taken' | 'stop';

/** Unacknowledged batches of events after which the thread pauses. */
export const MOST_WAITING = 4;
