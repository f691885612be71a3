import { describe, expect, it } from 'vitest';

import { createDialects } from '../../src/dialects/index.js';
import { createEnvelopeReader } from '../../src/envelope/index.js';
import { loadRules } from '../../src/rule-set.js';
import { Timeline } from '../../src/timeline/timeline.js';

const START = Date.UTC(2026, 10, 20, 10);
const MINUTE = 60_000;

/**
 * A timeline and a function that feeds it pluto's lines, each a block of its own, a number of minutes after the first.
 */
async function createLog(): Promise<{ timeline: Timeline; say: (minutes: number, text: string) => number }> {
  const { matcher } = await loadRules([]);
  const [timeline, reader, dialects] = [new Timeline(64), createEnvelopeReader({ now: START }), createDialects()];
  let block = 0;
  const say = (minutes: number, text: string): number => {
    block += 1;
    const stamp = new Date(START + minutes * MINUTE).toISOString();
    reader.readEach({ source: 'gw.log', number: block, text: `${stamp} gw pluto[9]: ${text}`, block }, (record) => {
      const message = dialects.read(record);
      const event = message === null ? null : matcher.match(message);
      if (event === null) throw new Error(`not understood: ${text}`);
      timeline.push(event);
    });
    return block;
  };
  return { timeline, say };
}

type Say = Awaited<ReturnType<typeof createLog>>['say'];

/** An attempt that stays silent to the end, as if the log had lost its end. */
function trySilently(say: Say, minutes: number, name: string, number: number): number {
  const first = say(minutes, `"${name}" #${number}: initiating IKEv2 connection`);
  for (const wait of [0.5, 1, 2]) say(minutes + 0.1 * wait, `"${name}" #${number}: STATE_V2_PARENT_I1: retransmission; will wait ${wait} seconds for response`);
  return first;
}

describe('what no line can be about any more is let go of', () => {
  it('an attempt that never ends, some while after there was another one', async () => {
    const { timeline, say } = await createLog();
    const overtaken = trySilently(say, 0, 'gw', 1);
    const latest = trySilently(say, 1, 'gw', 2);
    const needed = Array.from({ length: 20 }, (_, minutes) => {
      timeline.advance(START + minutes * MINUTE);
      return timeline.neededFrom();
    });
    expect(needed.indexOf(latest)).toBe(16);
    expect(new Set(needed)).toEqual(new Set([overtaken, latest]));
  });

  it('of SAs with one peer that are up and whose ends the log does not show, all but the latest', async () => {
    const { timeline, say } = await createLog();
    const begun = Array.from({ length: 20 }, (_, index) => {
      const first = say(index, `"gw" #${index + 1}: initiating IKEv2 connection`);
      say(index, `"gw" #${index + 1}: initiator established IKE SA; authenticated peer using authby=secret and ID_FQDN '@east.example.com'`);
      return first;
    });
    expect(begun.indexOf(timeline.neededFrom())).toBe(20 - 1 - 8);
  });

  it('the oldest attempts of strangers, where very many begin at a time, but not one that this side has begun', async () => {
    const { timeline, say } = await createLog();
    const refuse = (stranger: number): number => say(0, `packet from 2001:db8::${(stranger >> 8).toString(16)}:${(stranger & 0xff).toString(16)}:500: initial Main Mode message received on 192.0.2.1:500 but no connection has been authorized with policy PSK`);
    const own = trySilently(say, 0, 'gw', 1);
    const strangers = Array.from({ length: 22_000 }, (_, stranger) => refuse(stranger));
    expect(timeline.neededFrom()).toBe(own);
    say(0, '"gw" #1: deleting state (STATE_V2_PARENT_I1) aged 2.000s and NOT sending notification');
    trySilently(say, 1, 'gw', 2);
    expect(strangers.indexOf(timeline.neededFrom())).toBeGreaterThan(1_000);
    expect(timeline.countFailing()).toBeLessThan(20_001);
  });

  it('a late line of an SA that is gone finds it, among very many', async () => {
    const { timeline, say } = await createLog();
    for (let number = 1; number <= 3000; number++) {
      say(number / 10, `"gw" #${number}: initiating IKEv2 connection`);
      say(number / 10, `"gw" #${number}: STATE_V2_PARENT_I1: 60 second timeout exceeded after 7 retransmits.  No response (or no acceptable response) to our first IKEv2 message`);
    }
    const [connection] = timeline.allConnections();
    expect(connection?.attempts.map(({ repeats, outcome }) => [repeats, outcome])).toEqual([[3000, 'timed-out']]);
    say(301, '"gw" #2999: deleting state (STATE_V2_PARENT_I1) aged 64.000s and NOT sending notification');
    expect(timeline.allConnections()).toHaveLength(1);
    expect(connection?.attempts).toHaveLength(1);
  });
});
