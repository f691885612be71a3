import { expect, it } from 'vitest';

import { analyzeLines, buildReport } from '../src/index.js';

const LOG = ["Nov  1 00:00:01 gw charon: 09[IKE] <net|1> no shared key found for 'gw.example.com' - 'branch.example.com'"];

it('uses the built-in rules if no others are named', async () => {
  const { connections: [connection] } = buildReport(await analyzeLines(LOG, { now: Date.UTC(2026, 10, 20) }));
  expect(connection?.attempts[0]?.findings[0]?.cause).toBe('auth/psk-missing');
});

it('says what is missing, which a type cannot in JavaScript', async () => {
  await expect(analyzeLines(LOG, {} as { now: number })).rejects.toThrow('Expected the option "now" in epoch milliseconds, got undefined');
});
