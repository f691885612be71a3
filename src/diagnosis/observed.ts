import type { HostEntry } from '../model/analysis.js';
import type { Connection, TimelineEntry } from '../model/attempt.js';
import type { Tunnel } from '../model/tunnel.js';
import type { Diagnosis } from './diagnose.js';

/** Problems shown by status outputs with their findings: by connection, and for whole hosts. */
export interface Observed {
  readonly of: ReadonlyMap<Connection, readonly HostEntry[]>;
  readonly host: readonly HostEntry[];
}

/** Of several problems with the same best cause, only the most significant one is kept. */
export async function diagnoseTunnels(tunnels: readonly Tunnel[], hostProblems: readonly TimelineEntry[], diagnosis: Diagnosis): Promise<Observed> {
  const observed = new Map<Connection, HostEntry[]>();
  for (const tunnel of tunnels) {
    const entries = observed.get(tunnel.connection) ?? [];
    for (const entry of tunnel.problems) {
      const findings = await diagnosis.diagnoseTunnel(entry, tunnel);
      const cause = findings[0]?.cause;
      if (cause === undefined || !entries.some((known) => known.findings[0]?.cause === cause)) entries.push({ entry, findings, repeats: 1 });
    }
    observed.set(tunnel.connection, entries);
  }
  const host = await Promise.all(hostProblems.map(async (entry) => ({ entry, findings: await diagnosis.diagnoseHost(entry), repeats: 1 })));
  return { of: observed, host };
}

/**
 * Problems of a host, those that the log tells first, without what status output shows, in another way, of a cause that
 * is known already: that a daemon does not run is said by its tools and by `ipsec verify`. Problems of one kind may
 * concern different things.
 */
export function joinHostEntries(logged: readonly HostEntry[], observed: readonly HostEntry[]): readonly HostEntry[] {
  const isNews = (entry: HostEntry, index: number): boolean => ![...logged, ...observed.slice(0, index)].some((known) => isSameProblem(known, entry));
  return [...logged, ...observed.filter(isNews)];
}

function isSameProblem(known: HostEntry, other: HostEntry): boolean {
  const [{ event }, { event: another }] = [known.entry, other.entry];
  const cause = known.findings[0]?.cause;
  return cause !== undefined && cause === other.findings[0]?.cause && event.kind !== another.kind && event.message.record.host === another.message.record.host;
}
