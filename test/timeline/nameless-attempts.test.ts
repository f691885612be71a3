import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { inPackage } from '../../src/package-files.js';
import { analyzeLines } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';

/** The last part of a sample, as `tail` or a rotated log shows it, and the connections in it. */
const TAILS = [
  { of: 'the same peer, before it tries again', sample: 'dh-group-mismatch-ls410-ss598/east.syslog.log', from: 18, shows: ['192.0.2.10 failing'] },
  { of: 'the only tunnel, without its address', sample: 'blocked-then-open-ss598-ss598/west.syslog.log', from: 25, shows: ['west-east up'] },
  { of: 'the SA that is initiated once more with another group', sample: 'invalid-ke-retry-ss598-ss598/west.syslog.log', from: 20, shows: ['west-east up'] },
  { of: 'an SA that is silent for a while before it gets its name', sample: 'reqid-mismatch-ss598-ls410/west.syslog-status.log', from: 23, shows: ['west-east failing'] },
  { of: 'an SA whose peer then begins another one', sample: 'cert-expired-ls410-ss598/east.syslog.log', from: 53, shows: ['west-east up'] },
  { of: 'an SA of which late copies tell what was before', sample: 'success-cert-sl598-ss61/west.syslog.log', from: 31, shows: ['west-east up'] },
  { of: 'another address of this gateway', sample: 'two-tunnels-two-causes-ss598-ss591/east.syslog.log', from: 30, shows: ['192.0.2.10 failing', '192.0.2.10 failing'] },
  { of: 'an SA whose beginning only a late copy tells', sample: 'starter-copies-typed/west.syslog.log', from: 7, shows: ['west-east failing'] },
] as const;

describe('a log that begins in the middle of a negotiation', () => {
  it.each(TAILS)('of $of', async ({ sample, from, shows }) => {
    const lines = readFileSync(inPackage(`samples/${sample}`), 'utf8').split('\n').slice(from - 1);
    const { connections } = buildReport(await analyzeLines(lines, { rules: [], now: Date.UTC(2026, 10, 23) }));
    expect(connections.map(({ name, peer, state }) => `${name ?? peer.address} ${state}`)).toEqual(shows);
  });
});
