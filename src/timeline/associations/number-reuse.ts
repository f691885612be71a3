import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';
import type { DaemonProcess } from './daemon-process.js';

/** The first line of a negotiation. */
const NEGOTIATIONS: ReadonlySet<string> = new Set<EventKind>(['ike.initiating_main', 'ike.initiating_aggressive', 'ike.initiating_v2', 'ike.responding_main', 'ike.responding_aggressive', 'ike.responding_v2']);

/**
 * Does pluto negotiate an IKE SA under the number of one that came up? It never uses a number twice, so it was
 * restarted, which the log does not show.
 */
export function reusesNumber({ kind, message: { daemon, saNumber } }: Event, { numbered }: DaemonProcess): boolean {
  if (daemon !== 'pluto' || saNumber === null || !NEGOTIATIONS.has(kind)) return false;
  const known = numbered.get(saNumber);
  return known !== undefined && !known.gone && known.ike?.outcome === 'established';
}
