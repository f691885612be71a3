import type { ChildSaObservation, KernelSaObservation, Observation } from '../model/observation.js';
import type { Tunnel } from '../model/tunnel.js';

/** Traffic through a tunnel in each direction, and the observation that says so. Null: unknown. */
export interface Flow {
  readonly received: number | null;
  readonly sent: number | null;
  readonly seen: Observation | null;
}

/**
 * Packets (bytes, if an output counts no packets) over all SAs of a tunnel, from the daemon or else from the kernel.
 */
export function flowOf({ childSas, inbound, outbound }: Pick<Tunnel, 'childSas' | 'inbound' | 'outbound'>): Flow {
  const daemon = childSas.filter(({ installed }) => installed);
  const told = { received: sum(daemon, ({ packetsIn, bytesIn }) => packetsIn ?? bytesIn), sent: sum(daemon, ({ packetsOut, bytesOut }) => packetsOut ?? bytesOut) };
  if (told.received !== null || told.sent !== null) return { ...told, seen: daemon.find(({ bytesIn, bytesOut }) => bytesIn !== null || bytesOut !== null) ?? null };
  const received = sum(mature(inbound), ({ packets, bytes }) => packets ?? bytes);
  const sent = sum(mature(outbound), ({ packets, bytes }) => packets ?? bytes);
  return { received, sent, seen: mature(inbound)[0] ?? mature(outbound)[0] ?? null };
}

/** Both directions carry packets, so nothing else that looks odd prevents it. */
export const flowsBothWays = ({ received, sent }: Flow): boolean => (received ?? 0) > 0 && (sent ?? 0) > 0;

/** SAs that can carry traffic, including those past their soft lifetime. */
export const mature = (sas: readonly KernelSaObservation[]): readonly KernelSaObservation[] => sas.filter(({ state }) => state === 'mature' || state === 'dying');

/** Does any output show that the Child SA is up? */
export function isUp({ childSas, inbound, outbound }: Pick<Tunnel, 'childSas' | 'inbound' | 'outbound'>): boolean {
  return childSas.some(({ installed }) => installed) || (mature(inbound).length > 0 && mature(outbound).length > 0);
}

function sum<T extends ChildSaObservation | KernelSaObservation>(sas: readonly T[], count: (sa: T) => number | null): number | null {
  const counts = sas.map(count).filter((each): each is number => each !== null);
  return counts.length === 0 ? null : counts.reduce((total, each) => total + each, 0);
}
