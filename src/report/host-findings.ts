import type { HostEntry } from '../model/analysis.js';
import { describeKind } from '../model/event-kinds.js';
import type { Finding, HostFinding } from '../model/report.js';
import { clean } from './clean.js';
import { cleanFinding, evidenceOf } from './evidence.js';
import type { TimePrinter } from './time.js';

/** Cause id of a host failure that no cause file explains yet. */
export const UNEXPLAINED = 'unexplained';

/** One object per cause of a host failure, best first; a failure that no cause explains still shows with its own words. */
export function reportHostEntry({ entry, findings, repeats }: HostEntry, print: TimePrinter): HostFinding[] {
  const shown = findings.length > 0 ? findings : unexplained(entry);
  const evidence = evidenceOf(entry, print);
  const host = clean(entry.event.message.record.host);
  return shown.map((finding) => ({ ...cleanFinding(finding), ...evidence, host, repeats }));
}

/** Does it come to a finding? */
export function failsHost({ entry, findings }: HostEntry): boolean {
  return findings.length > 0 || describeKind(entry.event.kind).role === 'failure';
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
