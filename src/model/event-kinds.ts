import { AUTHENTICATION } from './event-kinds/authentication.js';
import { CHILD } from './event-kinds/child.js';
import { CONFIGURATION } from './event-kinds/configuration.js';
import { DAEMON_EVENTS } from './event-kinds/daemon.js';
import type { EventKindEntry } from './event-kinds/entry.js';
import { LIFECYCLE } from './event-kinds/lifecycle.js';
import { NEGOTIATION } from './event-kinds/negotiation.js';
import { NETWORK } from './event-kinds/network.js';
import { OBSERVED } from './event-kinds/observed.js';
import { OPPORTUNISTIC } from './event-kinds/opportunistic.js';
import { PROPOSAL } from './event-kinds/proposal.js';
import { TRAFFIC } from './event-kinds/traffic.js';

/** The closed list of message meanings. Signatures, causes, timeline, schema and docs derive from it. */
export const EVENT_KINDS = {
  ...NEGOTIATION,
  ...NETWORK,
  ...PROPOSAL,
  ...AUTHENTICATION,
  ...CHILD,
  ...TRAFFIC,
  ...OPPORTUNISTIC,
  ...CONFIGURATION,
  ...LIFECYCLE,
  ...DAEMON_EVENTS,
  ...OBSERVED,
} as const;

export type EventKind = keyof typeof EVENT_KINDS;

/**
 * The entries asked for, with every property, in one order. V8 reads a property of objects of one shape several times
 * as fast as of objects of many shapes, and the timeline reads some ten properties per line.
 */
const ENTRIES = new Map<EventKind, EventKindEntry>();

function inOneShape(entry: EventKindEntry): EventKindEntry {
  const { role, subject, meaning, starts, reaches, outcome, as, exchange, purpose, heard, decidedHere, foretells, followsFrom, severalLines, mayBeHarmless, lastResort, weak, withoutReason } = entry;
  const every = { role, subject, meaning, starts, reaches, outcome, as, exchange, purpose, heard, decidedHere, foretells, followsFrom, severalLines, mayBeHarmless, lastResort, weak, withoutReason };
  return every satisfies Record<keyof EventKindEntry, unknown> as EventKindEntry;
}

/** The entry of a kind that is asked for the first time. */
function firstEntry(kind: EventKind): EventKindEntry {
  const entry = inOneShape(EVENT_KINDS[kind]);
  ENTRIES.set(kind, entry);
  return entry;
}

let latest: EventKind | null = null;
let latestEntry: EventKindEntry = EVENT_KINDS['message.parsed'];

/**
 * The entry of a kind, typed with all optional properties. Caches the last kind, which is looked up repeatedly per
 * line.
 */
export function describeKind(kind: EventKind): EventKindEntry {
  if (kind !== latest) {
    latest = kind;
    latestEntry = ENTRIES.get(kind) ?? firstEntry(kind);
  }
  return latestEntry;
}
