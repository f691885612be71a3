import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { analyzeLines } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';
import { renderJson, renderNdjson } from '../../src/reporters/json.js';
import { layoutFor } from '../../src/reporters/layout.js';
import { renderText } from '../../src/reporters/text.js';

const OUTPUTS = fileURLToPath(new URL('../snapshots/outputs/', import.meta.url));

/** Eight digits that occur in every planted key, also in those that are cut into groups of bytes. */
const PLANTED = /5e:?,? ?ce:?,? ?7b:?,? ?1a/i;
const SECRET = 'plum-Kestrel-0451';
const KEY = '5eCe7b1a'.repeat(8);
const BYTES = '5E CE 7B 1A 5E CE 7B 1A 5E CE 7B 1A 5E CE 7B 1A';

/** Where daemons and tools print keys, between lines of a tunnel that fails. */
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

/** What a key looks like within outputs that normally hold none: where the capture decrypts or dumps bytes, where credentials are printed. */
const FOREIGN: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^tcpdump/, [`\t0x0000:  ${'5ece 7b1a '.repeat(4).trim()}  ^.{.`, `# tcpdump -ni any -E 0x1000@198.51.100.7 aes-cbc:0x${KEY}`, `    (ke: key len=32 5ece7b1a5ece7b1a)`]],
  [/pretty/, [`  encr-key = ${KEY}`, `  secret = "${SECRET}"`, `  data = 0x${KEY}`]],
  [/^(?:ipsec-look|klips)/, [`tun0x1002@198.51.100.7 ESP_AES: dir=out enckey=0x${KEY} authkey=0x${KEY}`, `\taead rfc4106(gcm(aes)) 0x${KEY} 128`]],
];

/** Such lines after each line of these outputs. */
function withForeignKeys(): string[] {
  return readdirSync(OUTPUTS).flatMap((file) => {
    const planted = FOREIGN.filter(([name]) => name.test(file)).flatMap(([, keys]) => keys);
    return planted.length === 0 ? [] : readFileSync(join(OUTPUTS, file), 'utf8').split('\n').flatMap((line) => [line, ...planted]);
  });
}

/** Every status output that holds a key, and what is left of each when it is cut or has lost its form. */
function statusLines(): string[] {
  const texts = readdirSync(OUTPUTS).map((file) => readFileSync(join(OUTPUTS, file), 'utf8')).filter((text) => PLANTED.test(text));
  const lines = texts.flatMap((text) => text.split('\n'));
  return [...lines, ...lines.map((line) => line.trim()), ...lines.map((line) => line.slice(line.length >> 1)), ...lines.map((line) => `Nov 20 10:00:03 gw charon: ${line.trim()}`), ...lines.map((line) => `Nov 20 10:00:03 gw pluto[7]: ${line.trim()}`)];
}

describe('keys in logs and status outputs', () => {
  const lines = [...LOG, ...statusLines(), ...withForeignKeys()];

  it('are planted in all notations', () => {
    expect(lines.filter((line) => PLANTED.test(line)).length).toBeGreaterThan(400);
  });

  it('appear in no form of the report', async () => {
    const report = buildReport(await analyzeLines(lines, { rules: [], now: Date.UTC(2026, 11, 1) }), null, 'all', 'all');
    const layout = layoutFor(100, false);
    const outputs = { json: renderJson(report), ndjson: renderNdjson(report), text: renderText(report, { layout, timeline: true, checklist: true, unknown: true }) };
    for (const [form, pieces] of Object.entries(outputs)) {
      const output = [...pieces].join('');
      const leaks = [...output.matchAll(new RegExp(`.{0,60}(?:${PLANTED.source}).{0,20}`, 'gi'))].map(([leak]) => leak);
      expect(leaks, form).toEqual([]);
      expect(output.includes(SECRET), form).toBe(false);
    }
  });
});
