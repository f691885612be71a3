import type { Attempt, Connection } from '../model/attempt.js';
import { describeKind } from '../model/event-kinds.js';
import type { Observation } from '../model/observation.js';
import type { SnapshotFormatName } from '../model/snapshot-formats.js';
import type { Gateway } from '../model/tunnel.js';

/** Outputs that list SAs and policies, which change over time. */
const PASSING: ReadonlySet<SnapshotFormatName> = new Set(['xfrm-state', 'xfrm-policy', 'setkey-sad', 'setkey-spd', 'swanctl-sas', 'swanctl-pols', 'swanctl-raw', 'stroke-status', 'pluto-status', 'racoon-isakmp', 'klips']);
/** Those that list connections before SAs. */
const WHOLE: ReadonlySet<SnapshotFormatName> = new Set(['stroke-status', 'pluto-status']);

/**
 * A terminal session shows a tunnel at several moments. Listings from before the tunnel last came up or went down say
 * nothing about its current state, nor does an SA list followed by a newer one. Applies only to lines without time
 * stamps, whose order is known; outputs next to a log with stamps may be from any time.
 */
export function sinceLastChange(gateway: Gateway, connection: Connection): Gateway {
  const changes = changesOf(connection.attempts);
  if (changes.size === 0) return gateway;
  const listed = new Map<string, number>();
  for (const { type, format, line, ...seen } of gateway.observations) if (type === 'connection' && WHOLE.has(format) && 'name' in seen && seen.name === connection.name) listed.set(line.source, line.number);
  const isPast = ({ type, format, line }: Observation): boolean =>
    type !== 'connection' && PASSING.has(format) && (line.number < (changes.get(line.source) ?? 0) || (WHOLE.has(format) && (type === 'ike-sa' || type === 'child-sa') && line.number < (listed.get(line.source) ?? 0)));
  return { ...gateway, observations: gateway.observations.filter((seen) => !isPast(seen)) };
}

/**
 * Per log without stamps, the line at which the tunnel last came up or went down; infinity if it is gone at the end.
 */
function changesOf(attempts: readonly Attempt[]): Map<string, number> {
  const changes = new Map<string, number>();
  for (const { event } of attempts.flatMap(({ entries }) => entries)) {
    const { time, line } = event.message.record;
    const { outcome } = describeKind(event.kind);
    if (time === null) changes.set(line.source, Math.max(outcome === 'established' || outcome === 'closed' ? line.number : 0, changes.get(line.source) ?? 0));
  }
  const isGone = attempts.findLast(({ subject }) => subject === 'ike')?.outcome === 'closed';
  return isGone ? new Map([...changes.keys()].map((source) => [source, Infinity])) : changes;
}
