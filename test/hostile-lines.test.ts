import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { analyze } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { renderJson } from '../src/reporters/json.js';

const directory = mkdtempSync(join(tmpdir(), 'hostile-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Fills a line up to its longest length. */
const filled = (piece: string): string => piece.repeat(16_000 / piece.length);

const many = (line: (index: number) => string): string[] => Array.from({ length: 60 }, (_, index) => line(index));

const failing = (...said: string[]): string[] => [
  'Nov 20 10:00:00 gw charon: 05[NET] <1> received packet: from 198.51.100.7[500] to 192.0.2.1[500] (100 bytes)',
  ...said.map((text) => `Nov 20 10:00:00 gw charon: 05[IKE] <1> ${text}`),
  'Nov 20 10:00:00 gw charon: 05[IKE] <1> 198.51.100.7 is initiating a Main Mode IKE_SA',
  'Nov 20 10:00:00 gw charon: 05[IKE] <1> no proposal found',
];

/**
 * Text in which a part may match in very many ways, while the whole does not: what it is read by must not try them all.
 * Strangers choose some of it, such as vendor IDs and the names in a certificate. U+2028 ends a line only for `.` and `$`.
 */
const LINES: Readonly<Record<string, readonly string[]>> = {
  'a vendor ID of hex digits, but for its end': failing(`received unknown vendor ID: ${'4f'.repeat(60)}?`),
  'a vendor ID that pluto prints as text': [`Nov 20 10:00:00 gw pluto[7]: packet from 198.51.100.7:500: received Vendor ID Payload; ASCII hash: ${'FACE'.repeat(20)}x`, 'Nov 20 10:00:00 gw pluto[7]: "net" #1: responding to Main Mode', 'Nov 20 10:00:01 gw pluto[7]: "net" #1: no acceptable Oakley Transform', 'Nov 20 10:00:01 gw pluto[7]: "net" #1: sending notification NO_PROPOSAL_CHOSEN to 198.51.100.7:500'],
  'an SA of `ipsec status` with brackets in its identities': ['Security Associations (1 up, 0 connecting):', ...Array<string>(20).fill(`     net[1]: ESTABLISHED 3 seconds ago, \t${'][]...['.repeat(50)}x`)],
  'a setting of `sysctl -a` with a long name': ['net.ipv4.ip_forward = 1', `a${'.-.@'.repeat(125)}`, `a${filled('.-.@')}`],
  'a result of `ipsec verify` with blanks after it': ['Verifying installed system and configuration files', ...Array<string>(5).fill(`Two or more interfaces found [OK]${filled(' ')}x`)],
  'a heading of `ipsec barf` with blanks in it': ['gw', '+ _________________________ version', `+ ${'_'.repeat(1_000)}${' '.repeat(14_000)}\u2028x`, `+ _________________________${filled(' ')}x`],
  'remarks behind a line': failing(...many((index) => `a${index}${filled(' <-- ')}\u2028`)),
  'a dump of bytes': failing(...many((index) => ` ${index}: AA ${filled(' ')}\u2028`)),
};

it.each(Object.entries(LINES))('%s takes no longer to read than other text of its length', async (name, lines) => {
  const log = join(directory, `${name.replace(/\W/g, '-')}.log`);
  writeFileSync(log, lines.map((line) => `${line}\n`).join(''));
  const started = performance.now();
  expect([...renderJson(buildReport(await analyze([log], { rules: [], now: Date.UTC(2026, 11, 1), live: false }), null, 'all', 'all'))].join('')).toContain('"coverage"');
  expect(performance.now() - started).toBeLessThan(2_000);
});
