import { expect, it } from 'vitest';

import { analyzeLines } from '../../src/pipeline.js';

it.each([
  ['"net" #3: STATE_MAIN_I1: retransmission; will wait 16 seconds for response', 'stalled'],
  ['"net" #3: STATE_MAIN_I1: retransmission; will wait 0.5 seconds for response', 'log-ends'],
  ['"net" #3: STATE_MAIN_I1: retransmission; will wait 20s for response', 'log-ends'],
])('knows whether others came before the only retransmission in the log: %s', async (line, outcome) => {
  const { connections } = await analyzeLines([line], { rules: [], now: 0 });
  expect(connections[0]?.attempts[0]?.outcome).toBe(outcome);
});
