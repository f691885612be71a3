import { describe, expect, it } from 'vitest';

import { createEnvelopeReader } from '../../src/envelope/index.js';
import type { SourceLine } from '../../src/model/source-line.js';
import { passedBy } from './passed.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const TALK = [
  'Dec 31 23:59:58 charon: 05[ENC] <gw|3> generating IKE_SA_INIT request 0 [ SA KE No ]',
  'Dec 31 23:59:58 charon: 05[NET] <gw|3> sending packet: from 192.0.2.1[500] to 198.51.100.7[500] (80 bytes)',
  'Dec 31 23:59:59 charon: 05[NET] <gw|3> received packet: from 198.51.100.7[500] to 192.0.2.1[500] (80 bytes)',
  'Dec 31 23:59:59 charon: 05[ENC] <gw|3> parsed IKE_SA_INIT response 0 [ SA KE No ]',
  'Jan  1 00:00:02 charon: 05[IKE] <gw|3> a',
  'Jan  1 00:00:03 charon: 05[IKE] <gw|3> b',
];

function linesOf(texts: readonly string[]): SourceLine[] {
  return texts.map((text, index) => ({ source: 'a.log', number: index + 1, text }));
}

/** Line texts in reading order, and their times; null for a source read in its own order. */
function turned(texts: readonly string[]): { texts: string[]; times: (number | null)[] } | null {
  const reader = createEnvelopeReader({ now: NOW });
  const lines = linesOf(texts);
  if (!reader.isNewestFirst('a.log', lines)) return null;
  const records = reader.readNewestFirst(lines);
  return { texts: records.map(({ line }) => line.text), times: records.map(({ time }) => time) };
}

describe('a source that has the newest lines first', () => {
  it('is read from its end, and its years are those of the order of time', () => {
    const result = turned(TALK.toReversed());
    expect(result?.texts).toEqual(TALK);
    expect(result?.times.at(0)).toBe(Date.parse('2025-12-31T23:59:58Z'));
    expect(result?.times.at(-1)).toBe(Date.parse('2026-01-01T00:00:03Z'));
  });

  it('may have the lines of one second in the order of time', () => {
    const bySecond = [TALK[5], TALK[4], TALK[2], TALK[3], TALK[0], TALK[1]] as string[];
    expect(turned(bySecond)?.texts).toEqual(TALK);
  });

  it('is recognised within one second by what the daemon does first', () => {
    const second = TALK.slice(0, 2);
    expect(turned(second.toReversed())?.texts).toEqual(second);
    expect(turned(second)).toBeNull();
  });

  it.each([
    ['charon without threads', ['initiating IKE_SA gw[1] to 192.0.2.1', 'generating IKE_SA_INIT request 0 [ SA KE No ]', 'sending packet: from 198.51.100.7[500] to 192.0.2.1[500] (80 bytes)', 'received packet: from 192.0.2.1[500] to 198.51.100.7[500] (36 bytes)', 'parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]', 'received NO_PROPOSAL_CHOSEN notify error']],
    ['pluto', ['"gw" #1: initiating IKEv2 connection', '"gw" #1: sent IKE_SA_INIT request to 192.0.2.1:500', '"gw" #1: sent IKE_AUTH request', '"gw" #2: established Child SA using #1']],
    ['pluto, IKEv1', ['"gw" #1: initiating Main Mode', '"gw" #1: STATE_MAIN_I2: sent MI2, expecting MR2', '"gw" #1: STATE_MAIN_I3: sent MI3, expecting MR3', '"gw" #1: STATE_MAIN_I4: ISAKMP SA established']],
    ['charon, which checks a certificate', ['  using certificate "CN=gw"', 'no issuer certificate found for "CN=gw"', "no trusted RSA public key found for 'gw'"]],
    ['pluto, as responder', ['"gw" #1: sent IKE_SA_INIT reply {}', '"gw" #1: processing decrypted IKE_AUTH request: SK{IDi,AUTH}', '"gw" #1: authentication failed: no shared key']],
  ])('is recognised within one second by the steps of a negotiation: %s', (daemon, messages) => {
    const second = messages.map((message) => `Nov 20 10:00:01 gw ${daemon.slice(0, 5) === 'pluto' ? 'pluto' : 'charon'}[9]: ${message}`);
    expect(turned(second.toReversed())?.texts).toEqual(second);
    expect(turned(second)).toBeNull();
    expect(turned([...second, ...second.slice(0, 2)])).toBeNull();
  });

  it('is not one in which the next packet arrives when one has been parsed', () => {
    expect(turned(['parsed ID_PROT response 0 [ ID HASH ]', 'received packet: from 198.51.100.7[4500] to 192.0.2.1[4500] (92 bytes)'].map((message) => `Nov 20 10:00:01 gw charon[9]: ${message}`))).toBeNull();
  });

  it('is recognised by one step back in time of one process, where nothing else speaks against it', () => {
    const steps = ['Nov 20 10:00:01 gw pluto[9]: "gw" #1: one thing', 'Nov 20 10:00:01 gw pluto[9]: "gw" #1: another', 'Nov 20 10:00:09 gw pluto[9]: "gw" #1: a third'];
    expect(turned(steps.toReversed())?.texts).toEqual(steps);
    expect(turned(steps.toReversed().map((text, index) => text.replace('[9]', `[${index}]`)))).toBeNull();
  });

  it('is not one whose clock is set back, nor one with stragglers', () => {
    expect(turned(TALK)).toBeNull();
    expect(turned([...TALK, ...TALK])).toBeNull();
    const at = (second: number): string => `Nov 20 10:00:${second} charon: 05[IKE] <gw|3> text ${second}`;
    expect(turned([10, 12, 11, 13, 12, 14, 13].map(at))).toBeNull();
  });

  it('attributes repetitions to the line they stand for', () => {
    const result = createEnvelopeReader({ now: NOW });
    const texts = ['Nov 20 10:00:31 gw last message repeated 2 times', 'Nov 20 10:00:01 gw pluto[9]: text'];
    expect(result.readNewestFirst(linesOf(texts)).map(({ repeats }) => repeats)).toEqual([1, 2]);
  });

  it('is recognised by the filter of blocks', () => {
    const reader = createEnvelopeReader({ now: NOW });
    passedBy(reader.filter, TALK.toReversed());
    expect(reader.isNewestFirst('a.log', [])).toBe(true);
  });
});
