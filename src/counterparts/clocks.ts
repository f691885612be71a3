import type { Pair } from './pairs.js';

/** Milliseconds for a message's travel time and for delays in logging. */
const TRAVEL = 2_000;
/** Milliseconds by which gateway clocks commonly differ unnoticed. */
const USUAL_ERROR = 120_000;
/** This many attempts with the same offset are no coincidence, however large the offset. */
const ENOUGH = 3;
/**
 * Time zone offsets are multiples of 15 minutes, up to a maximum. Unrelated attempts are often some minutes more than a
 * multiple apart, so apart from the zone the clocks must agree closely (RIGHT).
 */
const QUARTER = 900_000;
const RIGHT = 5_000;
const WIDEST_ZONES = 14 * 3_600_000;
/** Limit on the pairs examined. */
const MOST_PAIRS = 1_024;

/**
 * Milliseconds by which the other gateway's clock is ahead, judged by the start times of the same attempts on both: the
 * offset that fits most pairs, and the smallest among equals. Null if the pairs do not tell.
 */
export function clockAhead(pairs: readonly Pair[]): number | null {
  const distances = pairs.slice(0, MOST_PAIRS).flatMap((pair) => distanceOf(pair) ?? []);
  let best: { readonly distance: number; readonly support: number } | null = null;
  for (const distance of distances.toSorted((one, other) => Math.abs(one) - Math.abs(other))) {
    const support = distances.filter((each) => Math.abs(each - distance) <= TRAVEL).length;
    if (best === null || support > best.support) best = { distance, support };
  }
  if (best === null) return null;
  return best.support >= ENOUGH || isUsual(best.distance) ? best.distance : null;
}

function distanceOf({ here, there }: Pair): number | null {
  return here.started === null || there.started === null ? null : there.started - here.started;
}

/** A small clock error, or a different time zone, which logs seldom state. */
function isUsual(distance: number): boolean {
  const zones = Math.round(distance / QUARTER) * QUARTER;
  return Math.abs(distance) <= USUAL_ERROR || (Math.abs(zones) <= WIDEST_ZONES && Math.abs(distance - zones) <= RIGHT);
}
