import type { Attempt } from './attempt.js';

/** The same attempt as the other gateway logged it. */
export interface Counterpart {
  readonly attempt: Attempt;
  /** Milliseconds by which the clock there is ahead of the one here; null in logs without time stamps. */
  readonly clockAhead: number | null;
}
