import type { HostEntry } from '../model/analysis.js';
import { describeKind } from '../model/event-kinds.js';
import type { Finding, HostFinding } from '../model/report.js';
import { clean } from './clean.js';
import { cleanFinding, evidenceOf } from './evidence.js';
import type { TimePrinter } from './time.js';

/** Cause id of a host failure that no cause file explains yet. */
export const UNEXPLAINED = 'unexplained';

/** One object per cause of a host failure, best first; a failure that no cause explains still shows with its own words. */
export function reportHostEntry(found: HostEntry, print: TimePrinter): HostFinding[] {
  const { entry, findings, repeats } = found;
  const shown = findings.length > 0 ? findings : unexplained(entry);
  const evidence = evidenceOf(entry, print);
  const host = clean(entry.event.message.record.host);
  const doubtful = isDoubtful(found);
  return shown.map((finding) => ({ ...cleanFinding(finding), ...evidence, host, repeats, doubtful }));
}

/** Does it come to a finding, and does something fail for certain, whatever its cause? */
export function failsHost(found: HostEntry): boolean {
  return (found.findings.length > 0 || describeKind(found.entry.event.kind).role === 'failure') && !isDoubtful(found);
}

/** A key that is tried without its passphrase, a counter that counts since the last boot: perhaps nothing fails. */
function isDoubtful({ entry, findings: [best] }: HostEntry): boolean {
  return describeKind(entry.event.kind).mayBeHarmless === true && best?.confidence === 'possible';
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
