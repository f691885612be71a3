import type { Pair } from './pairs.js';

/** Milliseconds that a message takes on its way, and by which daemons write late. */
const TRAVEL = 2_000;
/** Clocks of gateways go that wrong without anybody seeing it. */
const USUAL_ERROR = 120_000;
/** So many attempts that fit at the same distance are no coincidence, whatever the distance. */
const ENOUGH = 3;
/**
 * Time zones differ by quarters of an hour, and by so much at most. Attempts that have nothing to do with each other are often a
 * quarter of an hour and some minutes apart: besides the zone, the clocks have to be right.
 */
const QUARTER = 900_000;
const RIGHT = 5_000;
const WIDEST_ZONES = 14 * 3_600_000;
/** Pairs that are looked at. */
const MOST_PAIRS = 1_024;

/**
 * By how many milliseconds the clock of one gateway is ahead of the other's, told by when the same attempts began on both: the
 * distance at which most pairs fit, the least one among equals. Null where the pairs do not tell.
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

/** A small error, or another time zone, which logs seldom write down. */
function isUsual(distance: number): boolean {
  const zones = Math.round(distance / QUARTER) * QUARTER;
  return Math.abs(distance) <= USUAL_ERROR || (Math.abs(zones) <= WIDEST_ZONES && Math.abs(distance - zones) <= RIGHT);
}
