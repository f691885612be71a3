import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import type { Change } from '../../src/model/change.js';
import { analyze, analyzeLines } from '../../src/pipeline.js';
import { buildChange, buildReport } from '../../src/report/build-report.js';
import { renderJson, renderNdjson, renderNdjsonChange } from '../../src/reporters/json.js';
import { layoutFor } from '../../src/reporters/layout.js';
import { LivePrinter } from '../../src/reporters/live.js';
import { renderText } from '../../src/reporters/text.js';

const NOW = Date.UTC(2026, 11, 1);
const OUTPUTS = fileURLToPath(new URL('../snapshots/outputs/', import.meta.url));

/**
 * Digits that occur in every planted key, including keys split into groups of bytes and hexadecimal text in audit
 * records.
 */
const PLANTED = /5e:?,? ?ce:?,? ?7b:?,? ?1a|3565436537623161/i;
const SECRET = 'plum-Kestrel-0451';
const KEY = '5eCe7b1a'.repeat(8);
const BYTES = '5E CE 7B 1A 5E CE 7B 1A 5E CE 7B 1A 5E CE 7B 1A';

/** Keys as daemons and tools print them, between lines of a failing tunnel. */
const LOG = [
  'Nov 20 10:00:00 gw charon: 05[IKE] <net|1> initiating IKE_SA net[1] to 198.51.100.7',
  `Nov 20 10:00:00 gw charon: 05[IKE] <net|1> shared Diffie Hellman secret => 16 bytes @ 0x7f0000000000`,
  `Nov 20 10:00:00 gw charon: 05[IKE] <net|1>    0: ${BYTES}  ^.{.^.{.^.{.^.{.`,
  `Nov 20 10:00:00 gw charon: 05[CHD] <net|1> encryption initiator key => 16 bytes @ 0x7f0000000000`,
  `Nov 20 10:00:00 gw charon: 05[CHD] <net|1>    0: ${BYTES}  ^.{.`,
  `Nov 20 10:00:00 gw charon: 05[CFG] secret: 5e:ce:7b:1a:5e:ce:7b:1a:5e:ce:7b:1a`,
  `Nov 20 10:00:01 gw pluto[7]: "net" #1: initiating Main Mode`,
  `Nov 20 10:00:01 gw pluto[7]: |   5e ce 7b 1a  5e ce 7b 1a  5e ce 7b 1a  5e ce 7b 1a`,
  `Nov 20 10:00:01 gw pluto[7]: | ESP enckey:  0x${KEY}`,
  `Nov 20 10:00:01 gw pluto[7]: "net" #1: XAUTH: checking user(alice:net) pass $1$abc vs ${SECRET}`,
  `Nov 20 10:00:01 gw pluto[7]: "/etc/ipsec.secrets" line 3: index "${SECRET}" does not look numeric and name lookup failed`,
  `Nov 20 10:00:02 gw ipsec[9]: @west @east : PSK "${SECRET}"`,
  'Nov 20 10:00:05 gw charon: 05[IKE] <net|1> giving up after 5 retransmits',
  'Nov 20 10:00:09 gw pluto[7]: "net" #1: max number of retransmissions (8) reached STATE_MAIN_I1.  No response (or no acceptable response) to our first IKEv1 message',
  `# ip xfrm state add src 192.0.2.1 dst 198.51.100.7 proto esp spi 0x1000 enc 'cbc(aes)' 0x${KEY}`,
];

const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase();

/** Keys as they may occur anywhere in a bundle: printed by each tool, in accompanying files, and in typed commands. */
const KEYS: readonly string[] = [
  `\tenc cbc(aes) 0x${KEY}`, `\taead rfc4106(gcm(aes)) 0x${KEY} 128`, `\tauth-trunc hmac(sha256) 0x${KEY} (256 bits) 128`, `\tE: aes-cbc  ${'5ece7b1a '.repeat(4).trim()}`, `\tA: hmac-sha1  ${'5ece7b1a '.repeat(5).trim()}`,
  `tun0x1002@198.51.100.7 ESP_AES: dir=out enckey=0x${KEY} authkey=0x${KEY}`, `  encr-key = ${KEY}`, `  secret = "${SECRET}"`, `  data = 0x${KEY}`, `list-keys event {secret=0x${KEY} }`,
  `\t0x0000:  ${'5ece 7b1a '.repeat(4).trim()}  ^.{.`, `    (ke: key len=32 5ece7b1a5ece7b1a)`, `# tcpdump -ni any -E 0x1000@198.51.100.7 aes-cbc:0x${KEY}`,
  `# ip xfrm state add src 192.0.2.1 dst 198.51.100.7 proto esp spi 0x1000 enc 'cbc(aes)' 0x${KEY}`, `root       812  0.0  ip xfrm state add src 192.0.2.1 dst 198.51.100.7 proto esp spi 0x1000 enc cbc(aes) 0x${KEY}`,
  `add 192.0.2.1 198.51.100.7 esp 0x1000 -E aes-cbc 0x${KEY};`, `"IPv4","192.0.2.1","198.51.100.7","0x00001000","AES-CBC [RFC3602]","0x${KEY}","HMAC-SHA-256-128 [RFC4868]","0x${KEY}"`,
  `@west @east : PSK "${SECRET}"`, `198.51.100.7 ${SECRET}`, `alice : XAUTH "${SECRET}"`, `psk = ${SECRET}`,
  `type=PROCTITLE msg=audit(1795300096.980:4): proctitle=${hex(`ip\0xfrm\0state\0add\0enc\0cbc(aes)\x000x${KEY}`)}`,
];

const outputs = (): string[] => readdirSync(OUTPUTS).map((file) => readFileSync(join(OUTPUTS, file), 'utf8'));

/** Every status output with a key after each of its lines, to test what a parser does with foreign lines. */
function withForeignKeys(): string[] {
  return outputs().flatMap((text) => text.split('\n').flatMap((line, index) => [line, KEYS[index % KEYS.length] ?? '']));
}

/**
 * All outputs, including those with keys of their own; truncated and deformed versions of each line; and all of them
 * inside log envelopes.
 */
function statusLines(): string[] {
  const lines = outputs().flatMap((text) => text.split('\n'));
  const holding = outputs().filter((text) => PLANTED.test(text)).flatMap((text) => text.split('\n'));
  const behind = (envelope: string): string[] => [...lines, ...withForeignKeys()].map((line) => `${envelope}${line.replaceAll('\t', '#011')}`);
  return [
    ...lines, ...holding.map((line) => line.trim()), ...holding.map((line) => line.slice(line.length >> 1)),
    ...behind('Nov 20 10:00:03 gw root: '), ...holding.map((line) => `Nov 20 10:00:03 gw charon: ${line.trim()}`), ...holding.map((line) => `Nov 20 10:00:03 gw pluto[7]: ${line.trim()}`),
  ];
}

/** What a live run reports, as text and as data. */
async function liveOutputs(lines: readonly string[]): Promise<string> {
  const told: string[] = [];
  const printer = new LivePrinter({ layout: layoutFor(100, false), terminal: false, write: (text) => told.push(text) });
  const onChange = (change: Change): void => {
    const report = buildChange(change, null);
    printer.print(report);
    told.push(renderNdjsonChange(report));
  };
  await analyze(['-'], { rules: [], now: NOW, live: true, stdin: Readable.from([lines.join('\n')]), onChange });
  return told.join('\n');
}

describe('keys in logs and status outputs', () => {
  const lines = [...LOG, ...statusLines(), ...withForeignKeys()];

  it('are planted in all notations, in every output', () => {
    expect(lines.filter((line) => PLANTED.test(line)).length).toBeGreaterThan(5_000);
  });

  it('appear in no form of the report', async () => {
    const report = buildReport(await analyzeLines(lines, { rules: [], now: NOW }), null, 'all', 'all');
    const layout = layoutFor(100, false);
    const written: Record<string, Iterable<string>> = {
      json: renderJson(report), ndjson: renderNdjson(report), text: renderText(report, { layout, timeline: true, checklist: true, unknown: true }), live: [await liveOutputs([...LOG, ...withForeignKeys()])],
    };
    for (const [form, pieces] of Object.entries(written)) {
      const output = [...pieces].join('');
      expect(output.length, form).toBeGreaterThan(200);
      const leaks = [...output.matchAll(new RegExp(`.{0,60}(?:${PLANTED.source}).{0,20}`, 'gi'))].map(([leak]) => leak);
      expect(leaks.slice(0, 5), form).toEqual([]);
      expect(output.match(new RegExp(`.{0,60}${SECRET}.{0,20}`))?.[0] ?? null, form).toBeNull();
    }
  }, 60_000);

  // Each output is also read alone, as it may never be kept after others
  it.each(readdirSync(OUTPUTS))('%s shows none of those behind its lines', async (file) => {
    const text = readFileSync(join(OUTPUTS, file), 'utf8');
    for (const key of KEYS) {
      const report = buildReport(await analyzeLines(text.split('\n').flatMap((line) => [line, key]), { rules: [], now: NOW }), null, 'all', 'all');
      const written = [...renderJson(report)].join('');
      expect(PLANTED.exec(written)?.[0] ?? null, key).toBeNull();
      expect(written.includes(SECRET), key).toBe(false);
    }
  });
});
