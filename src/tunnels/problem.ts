import type { TimelineEntry } from '../model/attempt.js';
import type { Daemon } from '../model/daemons.js';
import type { ObservedKind } from '../model/event-kinds/observed.js';
import type { Fields } from '../model/fields.js';
import type { Observation } from '../model/observation.js';

/** A problem shown by status outputs, with the observation that is its best evidence. */
export interface TunnelProblem {
  readonly kind: ObservedKind;
  readonly seen: Observation;
  readonly fields: Fields;
}

/** The problem as a timeline entry, so that rules and reports handle it like a log line. */
export function entryOf({ kind, seen, fields }: TunnelProblem, host: string, daemon: Daemon): TimelineEntry {
  const { line, format, taken = null } = seen;
  const record = { line, time: taken, inferred: [], host, program: '', pid: null, message: line.text, repeats: 1, tag: null };
  const message = { record, daemon, text: line.text.trim(), connectionName: null, instance: null, saNumber: null, peerAddress: null, peerPort: null, thread: null, group: null };
  return { event: { kind, fields, signature: `status/${format}`, message }, link: 'sa' };
}
