import type { Analysis, HostEntry } from '../model/analysis.js';
import type { Connection } from '../model/attempt.js';
import { describeKind } from '../model/event-kinds.js';
import type { Finding, HostFinding } from '../model/report.js';
import { cleanName } from './clean.js';
import { cleanFinding, evidenceOf } from './evidence.js';
import { failingRun } from './failing-run.js';
import type { TimePrinter } from './time.js';

/** Cause id for a host failure that no cause file explains. */
export const UNEXPLAINED = 'unexplained';

/** One finding per cause of a host failure, best first; an unexplained failure is shown with its own line. */
export function reportHostEntry(found: HostEntry, print: TimePrinter, isNeeded: IsNeeded): HostFinding[] {
  const { entry, findings, repeats } = found;
  const shown = findings.length > 0 ? findings : unexplained(entry);
  const evidence = evidenceOf(entry.event, print);
  const host = cleanName(entry.event.message.record.host);
  const doubtful = isDoubtful(found, isNeeded);
  return shown.map((finding) => ({ ...cleanFinding(finding), ...evidence, host, repeats, doubtful }));
}

/** Does this host event count as a failure, whatever its cause? */
export function failsHost(found: HostEntry, isNeeded: IsNeeded): boolean {
  return (found.findings.length > 0 || describeKind(found.entry.event.kind).role === 'failure') && !isDoubtful(found, isNeeded);
}

/** Is a connection of the host failing because of this? */
export type IsNeeded = (found: HostEntry) => boolean;

/**
 * On first use, collects the causes of all connections that are failing now; a host failure is needed by a connection
 * with the same cause.
 */
export function needsOf(analysis: Analysis): IsNeeded {
  let known: ReadonlySet<string> | undefined;
  return ({ entry, findings: [best] }) => best !== undefined && (known ??= new Set(analysis.connections.flatMap((connection) => causesOf(connection, analysis)))).has(`${entry.event.message.record.host} ${best.cause}`);
}

function causesOf({ host, attempts }: Connection, analysis: Analysis): string[] {
  const failing = failingRun(attempts).at(-1);
  return failing === undefined ? [] : analysis.findingsOf(failing).map(({ cause }) => `${host} ${cause}`);
}

/**
 * Possibly nothing fails: a key that no connection uses or whose passphrase is unknown, a counter that accumulates
 * since boot.
 */
function isDoubtful(found: HostEntry, isNeeded: IsNeeded): boolean {
  const { mayBeHarmless } = describeKind(found.entry.event.kind);
  if (mayBeHarmless === 'unless needed') return found.hasConsequence !== true && !isNeeded(found);
  return mayBeHarmless === true && found.findings[0]?.confidence === 'possible';
}

function unexplained({ event }: HostEntry['entry']): readonly Finding[] {
  const kind = describeKind(event.kind);
  if (kind.role !== 'failure') {
    return [];
  }
  return [
    {
      cause: UNEXPLAINED,
      confidence: 'certain',
      side: 'here',
      title: kind.meaning,
      explanation: kind.meaning,
      remedies: [],
      askPeer: [],
      references: [],
    },
  ];
}
