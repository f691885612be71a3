import { expect, it } from 'vitest';

import { analyzeLines } from '../../src/pipeline.js';

it('assigns what racoon says before pfSense names the tunnel to the tunnel with that peer', async () => {
  const lines = [
    'ERROR: failed to get sainfo.',
    '[Branch]: INFO: respond new phase 2 negotiation: 192.0.2.1[500]<=>198.51.100.7[500]',
    'ERROR: failed to get sainfo.',
    '[Branch]: [198.51.100.7] ERROR: failed to pre-process ph2 packet [Check Phase 2 settings, networks] (side: 1, status: 1).',
  ].map((message, index) => `Nov 22 16:22:${20 + index} gw racoon: ${message}`);
  const { connections } = await analyzeLines(lines, { rules: [], now: 0 });
  expect(connections.map(({ name }) => name)).toEqual(['Branch']);
});
