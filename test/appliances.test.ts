import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { analyze } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { CAPTURED } from './samples.js';

const directory = mkdtempSync(join(tmpdir(), 'appliances-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** charon being refused its proposal by the peer, starting at second `at` of a minute; `line` formats each message. */
function refusal(line: (second: number, message: string) => string): string[] {
  return [
    '05[IKE] <con1|1> initiating IKE_SA con1[1] to 198.51.100.7',
    '05[ENC] <con1|1> generating IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) ]',
    '05[NET] <con1|1> sending packet: from 192.0.2.1[500] to 198.51.100.7[500] (80 bytes)',
    '06[NET] <con1|1> received packet: from 198.51.100.7[500] to 192.0.2.1[500] (36 bytes)',
    '06[ENC] <con1|1> parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]',
    '06[IKE] <con1|1> received NO_PROPOSAL_CHOSEN notify error',
  ].map((message, second) => line(second, message));
}

const json = (value: object): string => JSON.stringify(value);
const printed = (value: object): string => JSON.stringify(value, null, 2);
const journal = (second: number, message: string): object => ({ __REALTIME_TIMESTAMP: `179516880${second}000000`, _HOSTNAME: 'gw', SYSLOG_IDENTIFIER: 'charon', MESSAGE: message });
/** Google's log has neither the program nor the prefix. */
const googleVpn = (second: number, message: string): object => ({
  labels: { tunnel_id: '55' },
  resource: { labels: { gateway_id: '77' }, type: 'vpn_gateway' },
  textPayload: message.replace(/^.*?> /, ''),
  timestamp: `2026-11-20T10:00:0${second}.123456789Z`,
});
const FORMS: Readonly<Record<string, readonly string[]>> = {
  'pfSense, remote syslog': refusal((second, message) => `<30>Nov 20 10:00:0${second} charon[812]: ${message}`),
  'pfSense, web page, newest first': refusal((second, message) => `Nov 20 10:00:0${second}\tcharon\t812\t${message}`).toReversed(),
  'OPNsense, file': refusal((second, message) => `<30>1 2026-11-20T10:00:0${second}+00:00 fw.example.com charon 812 - [meta sequenceId="${second}"] ${message}`),
  'OPNsense, CSV, newest first': ['Date,Severity,Process,Line', ...refusal((second, message) => `"2026-11-20T10:00:0${second}","Informational","charon","${message}"`).toReversed()],
  'OPNsense, API': refusal((second, message) => json({ timestamp: `2026-11-20T10:00:0${second}`, process_name: 'charon', line: message })),
  'VyOS, show log': refusal((second, message) => `Nov 20 10:00:0${second} charon[812]: ${message}`),
  'EdgeOS, swanctl log': refusal((second, message) => `Nov 20 10:00:0${second} ${message}`),
  'UniFi': refusal((second, message) => `Nov 20 10:00:0${second} UDM,00005e005301,udm-1.11.0.3921 charon: ${message}`),
  'Docker json-file': refusal((second, message) => json({ log: `${message}\n`, stream: 'stdout', time: `2026-11-20T10:00:0${second}.5Z` })),
  CRI: refusal((second, message) => `2026-11-20T10:00:0${second}.5Z stdout F ${message}`),
  'Android, threadtime': refusal((second, message) => `11-20 10:00:0${second}.515  1234  1240 I charon  : ${message}`),
  'CloudWatch, CSV': ['timestamp,message', ...refusal((second, message) => `179516880${second}000,"${message}"`)],
  'journalctl -r -o json-pretty': refusal((second, message) => printed(journal(second, message))).toReversed().flatMap((entry) => entry.split('\n')),
  'journalctl -r -o export': refusal((second, message) => Object.entries({ __CURSOR: 's=a', ...journal(second, message) }).map((field) => field.join('=')).join('\n')).toReversed().flatMap((entry) => [...entry.split('\n'), '']),
  'Google Cloud VPN, as gcloud prints it': printed(refusal((second, message) => json(googleVpn(second, message))).map((entry) => JSON.parse(entry) as unknown).toReversed()).split('\n'),
  'Google Cloud VPN, in one line': [`[${refusal((second, message) => json(googleVpn(second, message))).toReversed().join()}]`],
  'Google Cloud': refusal((second, message) => json({ insertId: 'a', timestamp: `2026-11-20T10:00:0${second}Z`, textPayload: message })),
  'Elastic, newest first': refusal((second, message) => json({ _source: { '@timestamp': `2026-11-20T10:00:0${second}Z`, process: { name: 'charon' }, message } })).toReversed(),
  'Vector': refusal((second, message) => json({ timestamp: `2026-11-20T10:00:0${second}Z`, host: 'gw', appname: 'charon', message })),
  'Loki': refusal((second, message) => json({ ts: `2026-11-20T10:00:0${second}Z`, line: message })),
};

async function causesOf(lines: readonly string[]): Promise<{ name: string | null; cause: string | undefined; commands: string }[]> {
  const path = join(directory, 'log');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  const { connections } = buildReport(await analyze([path], { rules: [], now: CAPTURED, live: false }));
  return connections.map(({ name, attempts }) => ({ name, cause: attempts[0]?.findings[0]?.cause, commands: JSON.stringify(attempts[0]?.findings[0]?.remedies) }));
}

it.each(Object.entries(FORMS))('%s tells the whole story', async (_form, lines) => {
  expect(await causesOf(lines)).toMatchObject([{ name: 'con1', cause: 'proposal/ike-mismatch' }]);
});

it('clouds\' VPN services have one daemon for each tunnel, and no shell', async () => {
  const oracle = (tunnel: string, second: number, message: string): string => json({ datetime: 1795168800000, logContent: { data: { TunnelId: tunnel, message }, oracle: {}, time: `2026-11-20T10:00:0${second}.000Z` } });
  const attempt = (tunnel: string, name: string): string[] => [
    oracle(tunnel, 1, `"${name}" #1: initiating IKEv2 connection`),
    oracle(tunnel, 2, `"${name}" #1: STATE_V2_PARENT_I1: 60 second timeout exceeded after 7 retransmits.  No response (or no acceptable response) to our first IKEv2 message`),
  ];
  const [one = [], other = []] = [attempt('tunnel-a', '2062988354'), attempt('tunnel-b', '2062988355')];
  const told = { cause: 'network/no-answer', commands: expect.not.stringMatching(/"here","do":"[^"]*","command":"/) };
  expect(await causesOf(one.flatMap((line, index) => [line, other[index] ?? '']))).toEqual([{ name: '2062988354', ...told }, { name: '2062988355', ...told }]);
});

it('RouterOS logs in racoon\'s words, but is not advised to edit racoon\'s files', async () => {
  const lines = [
    'nov/20/2026 10:02:01 ipsec,info respond new phase 1 (Identity Protection): 192.0.2.1[500]<=>203.0.113.9[500]',
    'nov/20/2026 10:02:01 ipsec,error no suitable proposal found.',
    'nov/20/2026 10:02:01 ipsec,error 203.0.113.9 failed to get valid proposal.',
    'nov/20/2026 10:02:01 ipsec,error 203.0.113.9 failed to pre-process ph1 packet (side: 1, status 1).',
    'nov/20/2026 10:02:01 ipsec,error 203.0.113.9 phase1 negotiation failed.',
  ];
  expect(await causesOf(lines)).toEqual([{ name: null, cause: 'proposal/ike-mismatch', commands: expect.not.stringContaining('racoon') }]);
});

it('RouterOS speaks IKEv2, of which racoon\'s configuration knows nothing', async () => {
  const path = join(directory, 'routeros');
  writeFileSync(path, 'Nov 20 10:00:01 ipsec,info new ike2 SA (R): 192.0.2.1[4500]-198.51.100.7[4500] spi:8bd21dcb596e8094:3d096bef8601df05\nNov 20 10:00:02 ipsec,error reply notify: TS_UNACCEPTABLE\n');
  const { connections } = buildReport(await analyze([path], { rules: [], now: CAPTURED, live: false }));
  const [finding] = connections.flatMap(({ attempts }) => attempts).flatMap(({ findings }) => findings);
  expect(finding?.cause).toBe('child/ts-mismatch');
  expect(finding?.explanation).not.toMatch(/racoon|sainfo/);
});
