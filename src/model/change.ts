import type { Attempt, TimelineEntry } from './attempt.js';
import type { PeerProduct } from './product.js';
import type { Finding } from './report.js';

/**
 * What a live run reports, once each: an attempt failed; it stalls (unanswered, the daemon is still trying); a failing
 * connection recovered; the same failure occurred again (`attempt.repeats` increased); an event concerns the whole
 * host.
 */
export type Change =
  | { readonly type: 'failed' | 'stalled' | 'repeated'; readonly attempt: Attempt; readonly findings: readonly Finding[]; readonly product: PeerProduct | null }
  | { readonly type: 'recovered'; readonly attempt: Attempt }
  | { readonly type: 'host'; readonly entry: TimelineEntry; readonly findings: readonly Finding[] };

/** The same, before its findings are known. */
export type Happening =
  | { readonly type: 'failed' | 'stalled' | 'repeated' | 'recovered'; readonly attempt: Attempt }
  | { readonly type: 'host'; readonly entry: TimelineEntry };
