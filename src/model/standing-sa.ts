import type { Attempt } from './attempt.js';
import { sameClient } from './client.js';

/** The loss of an SA is no failure while another SA with the same peer is up. */
export function standsFor(other: Attempt, gone: Attempt): boolean {
  return gone.purpose === 'maintain' && gone.subject === 'ike' && other.subject === 'ike' && other.outcome === 'established'
    && other.saNumber !== gone.saNumber && sameClient(other, gone);
}
