import type { Attempt } from './attempt.js';

/** The same attempt in the other gateway's log. */
export interface Counterpart {
  readonly attempt: Attempt;
  /** Milliseconds by which the other gateway's clock is ahead; null in logs without time stamps. */
  readonly clockAhead: number | null;
}

/** The log of a host's daemons as a whole. */
export interface GatewayLog {
  readonly host: string;
  /** Addresses on which they listen, as far as logged. */
  readonly addresses: ReadonlySet<string>;
  /** Epoch milliseconds of their first and last line, null in logs without time stamps. */
  readonly first: number | null;
  readonly last: number | null;
}
