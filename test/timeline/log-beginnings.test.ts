import { expect, test } from 'vitest';
import { analyzeLines } from '../../src/pipeline.js';

test.each([
  ['MAIN', 'STATE_MAIN_I2: sent MI2, expecting MR2'],
  ['AGGR', 'received Vendor ID payload [Dead Peer Detection]'],
])('the terminal of ipsec auto --up shows a negotiation in STATE_%s_I1 from its beginning, whatever its number', async (mode, next) => {
  const lines = [`104 "net" #7: STATE_${mode}_I1: initiate`, `106 "net" #7: ${next}`, `010 "net" #7: STATE_${mode}_I1: retransmission; will wait 20s for response`];
  const startOf = async (log: readonly string[]): Promise<readonly (boolean | undefined)[]> => {
    const { connections } = await analyzeLines(log, { rules: [], now: 0 });
    return connections.flatMap(({ attempts }) => attempts.map(({ visibleStartOnly }) => visibleStartOnly));
  };
  expect(await startOf(lines)).toEqual([false]);
  expect(await startOf(lines.slice(1))).toEqual([true]);
});
