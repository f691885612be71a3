import type { Reach } from '../model/progress.js';
import type { Reading, ReadingOptions } from '../reading.js';
import type { FoundInputs } from '../sources/index.js';
import type { PackedEvents } from './packed-events.js';

/** What a thread is to read. Plain data. */
export interface Task extends Omit<ReadingOptions, 'present'> {
  readonly found: FoundInputs;
  /** Directories with further rules. */
  readonly rules: readonly string[];
  readonly zone: string | null;
}

/** What it answers: events until all is read, and how far it came; then what else there is to say. */
export type Answer =
  | { readonly type: 'events'; readonly events: PackedEvents; readonly reach: Reach }
  | { readonly type: 'end'; readonly reading: Reading; readonly names: readonly string[] };

/** What it is told meanwhile: events were taken, or nobody wants more of them. */
export type Order = 'taken' | 'stop';

/** Answers with events that may wait to be taken: the thread reads no further ahead than that. */
export const MOST_WAITING = 4;
