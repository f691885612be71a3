import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportShape } from '../../src/report/shape.js';
import { run, start } from './run.js';

const REJECTED = `\
Nov 20 10:00:01 gw charon: 05[IKE] <office|1> initiating IKE_SA office[1] to 198.51.100.7
Nov 20 10:00:01 gw charon: 05[ENC] <office|1> generating IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) ]
Nov 20 10:00:01 gw charon: 05[NET] <office|1> sending packet: from 192.0.2.1[500] to 198.51.100.7[500] (464 bytes)
Nov 20 10:00:02 gw charon: 06[NET] <office|1> received packet: from 198.51.100.7[500] to 192.0.2.1[500] (448 bytes)
Nov 20 10:00:02 gw charon: 06[ENC] <office|1> parsed IKE_SA_INIT response 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) ]
Nov 20 10:00:02 gw charon: 06[IKE] <office|1> authentication of 'gw.example.com' (myself) with pre-shared key
Nov 20 10:00:02 gw charon: 06[ENC] <office|1> generating IKE_AUTH request 1 [ IDi AUTH SA TSi TSr ]
Nov 20 10:00:02 gw charon: 07[ENC] <office|1> parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]
Nov 20 10:00:02 gw charon: 07[IKE] <office|1> received AUTHENTICATION_FAILED notify error
`;
const SILENCE = [
  ...REJECTED.split('\n').slice(0, 3),
  ...[2, 4, 8].map((second, at) => `Nov 20 10:00:0${second} gw charon: 05[IKE] <office|1> retransmit ${at + 1} of request with message ID 0`),
];
const OTHER = 'Nov 20 10:00:00 gw cron[1]: something else\n';

let directory: string;
const at = (name: string): string => join(directory, name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'logwatch-'));
  writeFileSync(at('gw.log'), REJECTED);
  writeFileSync(at('crlf.log'), REJECTED.replaceAll('\n', '\r\n'));
  writeFileSync(at('other.log'), OTHER);
  writeFileSync(at('empty.log'), '');
  writeFileSync(at('cut.log.gz'), gzipSync(OTHER.repeat(2000)).subarray(0, -40));
  writeFileSync(at('binary.log'), Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 256)));
  mkdirSync(at('broken/causes/auth'), { recursive: true });
  writeFileSync(at('broken/causes/auth/x.json'), '{ nope');
  mkdirSync(at('strange/causes/auth'), { recursive: true });
  const cause = JSON.parse(readFileSync(new URL('../../rules/causes/auth/psk-mismatch.json', import.meta.url), 'utf8'));
  writeFileSync(at('strange/causes/auth/psk-mismatch.json'), JSON.stringify({ ...cause, title: 'A title\x1b[31m that \u202eturns' }));
  mkdirSync(at('bare'));
});

afterAll(() => rmSync(directory, { recursive: true }));

const cli = (...args: string[]): ReturnType<typeof run> => run(args, { cwd: directory });

describe('ipsec-logwatch', () => {
  it('finds the first failure and says so with status 1', async () => {
    const { status, stdout, stderr } = await cli('gw.log', '--year', '2026');
    expect(stderr).toBe('');
    expect(stdout).toContain('✗ office  192.0.2.1 → 198.51.100.7  IKEv2, we initiate  failing since 10:00:02');
    expect(stdout).toContain('gw.log:9');
    expect(stdout).not.toContain('\x1b');
    expect(status).toBe(1);
  });

  it('gives programs what the schema promises', async () => {
    const json = reportShape.parse(JSON.parse((await cli('gw.log', '--format', 'json', '--utc-offset', '+01:00', '--year', '2024')).stdout));
    expect(json.connections[0]?.attempts[0]?.firstFailure).toMatchObject({ line: 9, source: 'gw.log', time: '2024-11-20T10:00:02+01:00' });
    const lines = (await cli('gw.log', '--format', 'ndjson')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(['connection', 'coverage']);
  });

  it.each([
    ['empty.log', 0, 'no line from charon, pluto or racoon found in 0 lines of empty.log', ''],
    ['other.log', 0, 'no line from charon, pluto or racoon found in 1 line of other.log', ''],
    ['crlf.log', 1, 'crlf.log:9', ''],
    ['binary.log', 2, '', 'binary.log'],
    ['missing.log', 2, '', "Missing file 'missing.log'"],
    ['missing.log gw.log', 1, 'gw.log:9', "Missing file 'missing.log'"],
    ['*.nothing', 2, '', "'*.nothing'"],
    ['bare', 2, '', 'bare'],
    ['cut.log.gz', 2, 'no line from charon, pluto or racoon found', 'Cannot unpack to the end'],
    ['other.log --rules broken', 2, '1 line', 'x.json'],
    ['gw.log --rules broken', 1, 'gw.log:9', 'x.json'],
    ['gw.log --rules missing', 2, '', 'Missing --rules directory missing'],
    ['gw.log --peer-product nothing', 2, '', 'Expected --peer-product apple, aws, '],
    ['gw.log --format xml', 2, '', 'Expected --format text, json, ndjson, got xml'],
    ['gw.log --bogus', 2, '', "ipsec-logwatch: unknown option '--bogus'"],
    ['gw.log --year 2026 --until 2026-11-20T09:00', 0, 'nothing to show from gw.log', 'All IPsec lines are outside --since and --until: they are from 2026-11-20T10:00:01Z to 2026-11-20T10:00:02Z'],
    ['gw.log --connection nobody', 0, 'no connection to show', 'nobody'],
  ])('%s: status %i', async (args, status, stdout, stderr) => {
    const result = await cli(...args.split(' '));
    expect(result.stdout).toContain(stdout);
    expect(result.stderr).toContain(stderr);
    expect(result.stderr === '').toBe(stderr === '');
    expect(result.status).toBe(status);
  });

  it('takes an empty argument for a path that is missing', async () => {
    expect(await cli('')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining("Missing file ''") });
    expect(await cli('gw.log', '')).toMatchObject({ status: 1, stdout: expect.stringContaining('gw.log:9'), stderr: expect.stringContaining("Missing file ''") });
  });

  it('survives NUL bytes, invalid UTF-8 and a huge line', async () => {
    const noise = Buffer.concat([Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a]), Buffer.alloc(20_000_000, 'x'), Buffer.from('\n')]);
    writeFileSync(at('noise.log'), Buffer.concat([Buffer.from(REJECTED.replace('received AUTH', '\0received AUTH')), noise, Buffer.from(REJECTED)]));
    const { status, stdout } = await cli('noise.log');
    expect(stdout).toContain('20 lines');
    expect(status).toBe(1);
  });

  it('knows its rules', async () => {
    expect((await cli('rules', 'list', 'auth/psk-m')).stdout).toMatch(/^auth\/psk-mismatch {2}\S/);
    expect((await cli('rules', 'list', 'charon/ike-auth')).stdout).toMatch(/^charon\/ike-auth: \d+ wordings of \d+ messages\n$/);
    expect((await cli('rules', 'list', '--kinds', 'auth.psk')).stdout).toMatch(/^auth\.psk_missing {2}failure\s+no pre-shared key/);
    expect((await cli('rules', 'show', 'auth/psk-mismatch')).stdout).toContain('auth.mac_mismatched: ');
    expect(await cli('rules', 'show', 'auth/nothing')).toMatchObject({ status: 2, stderr: expect.stringContaining('Unknown rule auth/nothing') });
    expect(await cli('rules', 'show', 'psk-mismatch')).toMatchObject({ status: 2, stderr: expect.stringContaining('did you mean auth/psk-mismatch?') });
    expect((await cli('rules', 'lint', '--rules', 'broken')).status).toBe(1);
  });

  it('shows what is hidden in rules of other directories, and why one of them is left out', async () => {
    expect((await cli('rules', 'show', 'auth/psk-mismatch', '--rules', 'strange')).stdout).toMatch(/\nA title\\x1b\[31m that \\u\{202e\}turns\n/);
    expect(await cli('rules', 'show', 'auth/x', '--rules', 'broken')).toMatchObject({ status: 2, stderr: expect.stringMatching(/Unknown rule auth\/x[^]*x\.json/) });
    expect(await cli('rules', 'list', 'nothing')).toMatchObject({ status: 2, stderr: expect.stringContaining('No rule id begins with nothing') });
  });

  it('takes a bug for no finding', async () => {
    const broken = 'data:text/javascript,Date.now=()=>{throw%20new%20Error("%5Cx1b[31mbroken")}';
    const { status, stderr } = await start(['gw.log'], directory, ['--import', broken]).result;
    expect(stderr).toMatch(/^ipsec-logwatch: internal error; .*\nError: \\x1b\[31mbroken\n {4}at /);
    expect(status).toBe(2);
  });

  it('explains itself', async () => {
    expect(await cli('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('tail -n +1 -F') });
    expect(await cli('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe('live', () => {
  it('reports a failure while the input is open, and sums up on Ctrl-C', async () => {
    const running = start([]);
    running.write(REJECTED);
    await running.until('grep for: ');
    running.signal('SIGINT');
    const { status, stdout } = await running.result;
    expect(stdout).toContain('failed at Nov 20 10:00:02');
    expect(stdout).toContain('standard input · 9 lines, 9 of them IPsec · 1 connection');
    expect(status).toBe(1);
  });

  it('gives programs each change as a line', async () => {
    const running = start(['--format', 'ndjson']);
    running.write(REJECTED);
    await running.until('"change":"failed"');
    running.end();
    expect((await running.result).status).toBe(1);
  });

  it.each([
    ['that the daemon gives up', ['giving up after 3 retransmits', 'establishing IKE_SA failed, peer not responding'], ['stalled', 'failed']],
    ['that it is then refused', ['parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]', 'received NO_PROPOSAL_CHOSEN notify error'], ['stalled', 'failed']],
    ['nothing more if the run ends first', [], ['stalled']],
  ])('tells a silence, and %s', async (_, ends, told) => {
    const { stdout } = await run(['--format', 'ndjson'], { input: [...SILENCE, ...ends.map((message) => `Nov 20 10:00:12 gw charon: 05[IKE] <office|1> ${message}`), ''].join('\n') });
    expect([...stdout.matchAll(/"change":"(\w+)"/g)].map(([, change]) => change)).toEqual(told);
  });

  it('prints the summary alone when the input ends at once', async () => {
    const { stdout } = await run(['-'], { input: REJECTED });
    expect(stdout.match(/✗ office/g)).toHaveLength(1);
  });
});
