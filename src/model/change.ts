import type { Attempt, TimelineEntry } from './attempt.js';
import type { Finding } from './report.js';

/**
 * What a live reader is told, once each: an attempt failed; it stalls (no answer, the daemon still tries); a failing
 * connection came up again; the same failure happened once more (`attempt.repeats` grew); something concerns the whole host.
 */
export type Change =
  | { readonly type: 'failed' | 'stalled' | 'repeated'; readonly attempt: Attempt; readonly findings: readonly Finding[] }
  | { readonly type: 'recovered'; readonly attempt: Attempt }
  | { readonly type: 'host'; readonly entry: TimelineEntry; readonly findings: readonly Finding[] };

/** The same before its findings are known. */
export type Happening =
  | { readonly type: 'failed' | 'stalled' | 'repeated' | 'recovered'; readonly attempt: Attempt }
  | { readonly type: 'host'; readonly entry: TimelineEntry };
