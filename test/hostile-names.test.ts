import { describe, expect, it } from 'vitest';
import { analyzeLines } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { sanitize } from '../src/report/sanitize.js';
import { renderJson, renderNdjson } from '../src/reporters/json.js';
import { layoutFor } from '../src/reporters/layout.js';
import { renderText } from '../src/reporters/text.js';

/** Names that a stranger may choose for a connection, host or identity. */
const NAMES = [
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'null', 'undefined', 'NaN', '0', '-rf', '--help',
  '$(reboot)', '`reboot`', `x'; reboot; '`, 'x"; reboot; "', '{peer.address}', '[[x]]', '%s%n', '../../etc/shadow', '<script>alert(1)</script>',
  'n-'.repeat(60), 'two  blanks', '\u202egnp.exe\u2066', '\x1b]0;title\x07', '\x9b31m', '\u2028', 'ünïcödé',
];

const logOf = (name: string, index: number): string[] => [
  `Nov 20 10:00:01 gw charon: 05[IKE] <${name}|${index + 1}> initiating IKE_SA ${name}[${index + 1}] to 198.51.100.7`,
  `Nov 20 10:00:02 gw charon: 05[IKE] <${name}|${index + 1}> no shared key found for '${name}' - '${name}'`,
  `Nov 20 10:00:03 ${name.split(/\s/)[0]} pluto[7]: "${name}" #${2 * index + 1}: initiating IKEv2 connection`,
  `Nov 20 10:00:04 ${name.split(/\s/)[0]} pluto[7]: "${name}" #${2 * index + 1}: initiator established IKE SA; authenticated peer using authby=secret and ID_FQDN '@${name}'`,
  `Nov 20 10:00:05 ${name.split(/\s/)[0]} pluto[7]: "${name}" #${2 * index + 2}: initiator established Child SA using #${2 * index + 1}; IPsec tunnel [203.0.113.0-203.0.113.63:0-65535 0] -> [203.0.113.64-203.0.113.127:0-65535 0] {ESP/ESN=>0xf0384c65 <0x4c8b6949 xfrm=AES_CBC_256-HMAC_SHA2_256_128 DPD=passive}`,
  `Nov 20 10:00:08 ${name.split(/\s/)[0]} pluto[7]: "${name}": terminating SAs using this connection`,
  `Nov 20 10:00:08 gw charon: 05[CFG] a message that nobody knows, of ${name}`,
];

/** Characters that a terminal interprets or does not display. */
const INVISIBLE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]/;

describe('names that strangers choose', async () => {
  const report = buildReport(await analyzeLines(NAMES.flatMap(logOf), { rules: [], now: Date.UTC(2026, 11, 1) }), null, 'all', 'all');
  const outputs = {
    text: [...renderText(report, { layout: layoutFor(100, false), timeline: true, checklist: true, unknown: true })].join(''),
    json: [...renderJson(report)].join(''),
    ndjson: [...renderNdjson(report)].join(''),
  };
  const { connections } = JSON.parse(outputs.json) as { connections: { name: string | null; attempts: { findings: { remedies: { command: string | null }[] }[] }[] }[] };

  it.each(Object.entries(outputs))('bring nothing into %s that a terminal obeys or hides', (_form, output) => {
    expect(INVISIBLE.exec(output)).toBeNull();
  });

  it.each(NAMES)('%j stays the name of its connections', (name) => {
    expect(connections.filter((connection) => connection.name === sanitize(name)).length).toBeGreaterThan(0);
  });

  it('are no word of their own in a command', () => {
    const commands = connections.flatMap(({ attempts }) => attempts.flatMap(({ findings }) => findings.flatMap(({ remedies }) => remedies.flatMap(({ command }) => command ?? []))));
    const bare = (command: string): string => command.replace(/'[^']*'|\\'|"'[^"]*'"/g, '');
    expect(commands.filter((command) => /reboot|alert|-rf|--help/.test(bare(command)))).toEqual([]);
    expect(commands.filter((command) => command.includes('reboot')).length).toBeGreaterThan(0);
  });
});

it('reads on after JSON that is nested more deeply than any program writes', async () => {
  const depth = 100_000;
  const lines = [`{"MESSAGE":${'['.repeat(depth)}${']'.repeat(depth)}}`, `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`, ...logOf('net', 0)];
  const { connections } = buildReport(await analyzeLines(lines, { rules: [], now: Date.UTC(2026, 11, 1) }));
  expect(connections.map(({ name }) => name)).toContain('net');
});

it.each(['charon: 05[IKE] <other|77> initiating IKE_SA other[77] to 203.0.113.9', 'pluto[7]: "other" #77: initiating IKEv2 connection'])('takes no line of a log for two, though a name in it ends in another: %s', async (forged) => {
  const before = Array.from({ length: 300 }, (_, index) => `Nov 20 10:00:00 gw charon: 05[IKE] <net|${index + 1}> no shared key found for 'gw' - 'east'`);
  const named = `Nov 20 10:00:01 gw charon: 05[IKE] <net|301> a message that nobody knows, of a Nov 20 10:00:01 gw ${forged}`;
  const { connections, coverage } = buildReport(await analyzeLines([...before, named], { rules: [], now: Date.UTC(2026, 11, 1) }));
  expect(connections.map(({ name }) => name)).toEqual(['net']);
  expect(coverage).toMatchObject({ lines: 301, relevant: 301, understood: 300 });
});
