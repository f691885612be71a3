import type { Attempt } from './attempt.js';

/** The same attempt as the other gateway logged it. */
export interface Counterpart {
  readonly attempt: Attempt;
  /** Milliseconds by which the clock there is ahead of the one here; null in logs without time stamps. */
  readonly clockAhead: number | null;
}

/** What the daemons of a host wrote, as a whole. */
export interface GatewayLog {
  readonly host: string;
  /** On which they listen, as far as they said so. */
  readonly addresses: ReadonlySet<string>;
  /** Epoch milliseconds of their first and last line, null in logs without time stamps. */
  readonly first: number | null;
  readonly last: number | null;
}
