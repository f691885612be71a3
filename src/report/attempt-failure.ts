import type { Attempt } from '../model/attempt.js';

/** Did the attempt fail, or is it unanswered right now? Superseded attempts do not count. */
export function fails({ outcome, firstFailure }: Attempt): boolean {
  if (outcome === 'superseded' || outcome === 'established') {
    return false;
  }
  return firstFailure !== null || outcome === 'failed' || outcome === 'timed-out' || outcome === 'stalled';
}

/** Time of the attempt's first failure, or of its start if that line has no time. */
export function failureTime({ firstFailure, started }: Attempt): number | null {
  return firstFailure?.event.message.record.time ?? started;
}
