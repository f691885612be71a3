import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { AskedText, Report } from '../../src/model/report.js';
import { analyzeSample, readSamples, SAMPLES } from '../samples.js';
import type { SampleCase } from '../samples.js';

type Log = SampleCase['logs'][number];

/** Findings whose messages the peer cannot have logged yet, or for which its silence is the point. */
const UNSAID: Readonly<Record<string, string>> = {
  'network/nat-t-blocked of an initiator': 'a responder says that something is missing when it gives up, after the capture',
  'network/fragments-lost of an initiator': 'likewise',
  'auth/psk-mismatch of a responder': 'what an initiator of IKEv1 Main Mode hears of it depends on the responder, and may be nothing',
  'auth/method-mismatch of a responder': 'the initiator hears only that it is refused',
};

it('the texts to look for in the peer\'s log are there, in every sample that has it', async () => {
  const found: string[] = [];
  const missing: string[] = [];
  for (const [name, sample] of readSamples()) {
    for (const log of sample.logs.filter(({ form, expect: { firstFailure } }) => form !== 'status' && firstFailure !== null)) {
      const other = sample.logs.find(({ host, form }) => host !== log.host && form !== 'status');
      if (other === undefined || (await analyzeSample(name, other.file)).connections.length === 0) continue;
      const text = readFileSync(join(SAMPLES, name, other.file), 'utf8');
      for (const { role, asks } of asksFor(await analyzeSample(name, log.file), sample, log, other)) {
        const what = `${sample.truth.cause} of ${/^[iu]/.test(role) ? 'an' : 'a'} ${role}`;
        if (asks.some(({ grep }) => text.includes(grep))) found.push(what);
        else if (!(what in UNSAID)) missing.push(`${name}/${log.file}, ${what}: ${asks.map(({ grep }) => grep).join(' | ')}`);
      }
    }
  }
  expect(missing).toEqual([]);
  expect(found.length).toBeGreaterThan(100);
});

/** The messages that a failure's true cause suggests looking for at a peer with the daemon of the other log. */
function asksFor({ connections }: Report, { truth }: SampleCase, { expect: { firstFailure } }: Log, { daemon }: Log): { readonly role: string; readonly asks: readonly AskedText[] }[] {
  return connections.flatMap(({ problem, attempts }) => attempts.slice(problem?.attempt ?? attempts.length, (problem?.attempt ?? 0) + 1)).flatMap(({ firstFailure: failure, findings, role }) => {
    const asks = failure?.line === firstFailure?.line ? findings.filter(({ cause }) => cause === truth.cause).flatMap(({ askPeer }) => askPeer).filter((ask) => ask.for === daemon || ask.for === 'any') : [];
    return asks.length === 0 ? [] : [{ role, asks }];
  });
}
