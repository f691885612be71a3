import type { Attempt, Connection } from '../model/attempt.js';
import type { Counterpart } from '../model/counterpart.js';
import { groupBy } from '../model/group-by.js';
import { clockAhead } from './clocks.js';
import { endOf } from './ends.js';
import type { Logs } from './ends.js';
import { findPairs } from './pairs.js';
import type { Pair } from './pairs.js';

export { findUnheard } from './absent-from-peer-log.js';

/** Maximum milliseconds between the end of an attempt on one gateway and its start on the other. */
const AFTER = 5_000;

/**
 * For failed attempts, finds the same attempt in the logs of other gateways, if given. An attempt that matches more
 * than one gateway is left out.
 */
export function findCounterparts(connections: readonly Connection[], logs: Logs): ReadonlyMap<Attempt, Counterpart> {
  const found = new Map<Attempt, Counterpart>();
  if (new Set(connections.map(({ host }) => host)).size < 2) return found;
  const failed = connections.flatMap(({ attempts }) => attempts.filter(({ firstFailure }) => firstFailure !== null));
  const pairs = findPairs(failed, logs);
  for (const group of groupBy(pairs, ({ here, there }) => `${here.connection.host}|${there.connection.host}`).values()) {
    const ahead = clockAhead(group);
    for (const [here, choices] of groupBy(group, (pair) => pair.here)) {
      const there = choose(here, choices, ahead);
      if (there !== null) found.set(here, { attempt: there, clockAhead: ahead });
    }
  }
  return found;
}

/** The attempt for the same kind of SA, with the opposite role, that overlaps in time and started closest. */
function choose(here: Attempt, pairs: readonly Pair[], ahead: number | null): Attempt | null {
  const same = pairs.map(({ there }) => there).filter((there) => there.subject === here.subject && (there.role !== here.role || there.role === 'unknown'));
  if (here.started === null) return same.length === 1 ? same[0] ?? null : null;
  if (ahead === null) return null;
  const { started } = here;
  const far = (there: Attempt): number => Math.abs((there.started ?? 0) - ahead - started);
  return same.filter((there) => overlap(here, there, ahead)).sort((one, other) => far(one) - far(other))[0] ?? null;
}

function overlap(here: Attempt, there: Attempt, ahead: number): boolean {
  if (here.started === null || there.started === null) return false;
  const began = there.started - ahead;
  return began <= endOf(here, here.started) + AFTER && here.started <= endOf(there, there.started) - ahead + AFTER;
}
