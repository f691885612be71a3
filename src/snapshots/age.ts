import type { Observation } from '../model/observation.js';
import type { Problem } from '../model/problem.js';

/** Limit in milliseconds. The zones of outputs and logs are unknown, but they cannot differ by more than a day. */
const OLD = 24 * 3_600_000;
const HOUR = 3_600_000;

/**
 * Warns of outputs much older than the end of the log, whose contents may no longer hold. `last`: epoch milliseconds of
 * the log's last line.
 */
export function outdatedOutputs(observations: readonly Observation[], last: number | null): Problem[] {
  const told = new Set<string>();
  return observations.flatMap(({ taken, line }): Problem[] => {
    if (last === null || taken === undefined || last - taken <= OLD || told.has(line.source)) return [];
    told.add(line.source);
    return [{
      level: 'warning', check: 'outdated-status',
      message: `Expected status outputs from the time of the log, got some from ${new Date(taken).toISOString().slice(0, 16).replace('T', ' ')}, ${Math.round((last - taken) / HOUR)} hours before its end`,
      where: { file: line.source, line: line.number },
      help: 'Collect them again: their SAs, counters and rules may be out of date.',
    }];
  });
}

/** Are there outputs without a date? They are taken to show the state at the end of the log. */
export function hasUndated(observations: readonly Observation[]): boolean {
  return observations.some(({ taken, type }) => taken === undefined && type !== 'section');
}
