import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { inPackage } from '../../src/package-files.js';
import { analyzeLines } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';

/** The last part of a sample, as `tail` or a rotated log shows it, and the connections in it. */
const TAILS = [
  { of: 'the same peer, before it tries again', sample: 'dh-group-mismatch-ls410-ss598/east.syslog.log', from: 18, shows: ['192.0.2.10 failing'] },
  { of: 'the only tunnel, without its address', sample: 'blocked-then-open-ss598-ss598/west.syslog.log', from: 25, shows: ['west-east up'] },
  { of: 'another address of this gateway', sample: 'two-tunnels-two-causes-ss598-ss591/east.syslog.log', from: 30, shows: ['192.0.2.10 failing', '192.0.2.10 failing'] },
  { of: 'an SA that still gets lines when the next attempt begins', sample: 'starter-copies-typed/west.syslog.log', from: 7, shows: ['west-east up', '198.51.100.20 failing'] },
] as const;

describe('a log that begins in the middle of a negotiation', () => {
  it.each(TAILS)('of $of', async ({ sample, from, shows }) => {
    const lines = readFileSync(inPackage(`samples/${sample}`), 'utf8').split('\n').slice(from - 1);
    const { connections } = buildReport(await analyzeLines(lines, { rules: [], now: Date.UTC(2026, 10, 23) }));
    expect(connections.map(({ name, peer, state }) => `${name ?? peer.address} ${state}`)).toEqual(shows);
  });
});
