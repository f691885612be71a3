import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../src/model/report.js';
import { analyze } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { CAPTURED } from './samples.js';

const directory = mkdtempSync(join(tmpdir(), 'host-failures-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function reportOf(...lines: readonly string[]): Promise<Report> {
  const path = join(directory, 'charon.log');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return buildReport(await analyze([path], { rules: [], now: CAPTURED, live: false }));
}

const hostFindings = async (...lines: readonly string[]) => (await reportOf(...lines)).hostFindings.map(({ cause, line, repeats, explanation }) => ({ cause, line, repeats, explanation }));

describe('a key that cannot be read', () => {
  const key = [`Nov  1 00:00:01 00[LIB]   opening '/etc/ipsec.d/private/gw.pem' failed: No such file or directory`, `Nov  1 00:00:01 00[CFG]   loading private key from '/etc/ipsec.d/private/gw.pem' failed`];
  const begun = 'Nov  1 00:00:07 09[IKE] <net|1> initiating IKE_SA net[1] to 198.51.100.7';

  it('may be one that nothing asks for', async () => {
    const up = 'Nov  1 00:00:09 09[IKE] <net|1> IKE_SA net[1] established between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]';
    expect((await reportOf(...key, begun, up)).hostFindings).toMatchObject([{ cause: 'config/secrets-unreadable', doubtful: true }]);
  });

  it('is a failure once a connection wants it', async () => {
    expect((await reportOf(...key, begun, "Nov  1 00:00:08 09[IKE] <net|1> no private key found for 'gw.example.com'")).hostFindings).toMatchObject([{ cause: 'config/secrets-unreadable', doubtful: false }]);
  });
});

describe('a failure of the host that several lines tell', () => {
  const keyLines = (file: string, second: string) => [
    `Nov  1 00:00:${second} 00[LIB]   opening '/etc/ipsec.d/private/${file}' failed: No such file or directory`,
    `Nov  1 00:00:${second} 00[LIB] building CRED_PRIVATE_KEY - RSA failed, tried 10 builders`,
    `Nov  1 00:00:${second} 00[CFG]   loading private key from '/etc/ipsec.d/private/${file}' failed`,
  ];

  it('is told once, with the file that any of them names', async () => {
    expect(await hostFindings(...keyLines('gw.pem', '01').slice(1))).toMatchObject([{ cause: 'config/secrets-unreadable', line: 1, repeats: 1, explanation: expect.stringContaining('/etc/ipsec.d/private/gw.pem') as string }]);
    expect(await hostFindings(...keyLines('gw.pem', '01'))).toMatchObject([{ line: 1, repeats: 1 }]);
  });

  it('is another one where they name another file, and counts again at the next start', async () => {
    expect(await hostFindings(...keyLines('gw.pem', '01'), ...keyLines('other.pem', '01'))).toMatchObject([{ line: 1, repeats: 1 }, { line: 4, repeats: 1 }]);
    expect(await hostFindings(...keyLines('gw.pem', '01'), ...keyLines('gw.pem', '09'))).toMatchObject([{ line: 1, repeats: 2 }]);
  });

  it('is one also where the reason is worded like a complaint about the certificate of a peer', async () => {
    const loading = ['11[CFG] rereading ca certificates from \'/etc/ipsec.d/cacerts\'', '11[LIB] found unsupported critical X.509 extension: X509v3 Name Constraints', '11[LIB] building CRED_CERTIFICATE - X509 failed, tried 4 builders', '11[CFG]   loading ca certificate from \'/etc/ipsec.d/cacerts/ca.pem\' failed'];
    expect(await hostFindings(...loading.map((text) => `Nov  1 00:00:01 ${text}`))).toMatchObject([{ cause: 'cert/unsuitable', line: 2, repeats: 1 }]);
  });

  it('is one crash, whatever the daemon logs while it dies', async () => {
    expect(await hostFindings('Nov  1 00:00:01 07[DMN] thread 7 received 11', 'Nov  1 00:00:01 07[LIB]  dumping 3 stack frame addresses:', 'Nov  1 00:00:01 07[DMN] killing ourself, received critical signal')).toMatchObject([{ cause: 'daemon/crashed', line: 1, repeats: 1 }]);
  });

  it('counts a death once, however many programs report it', async () => {
    const death = (pid: number, minute: number): string[] => {
      const at = `Nov  1 00:0${String(minute)}:01 gw`;
      return [
        `${at} pluto[${String(pid)}]: ASSERTION FAILED at ikev1_quick.c:1234: st != NULL`,
        `${at} kernel: [123.4] pluto[${String(pid)}]: segfault at 0 ip 000055d0 sp 00007ff error 4 in pluto[55d000+1000]`,
        `${at} systemd[1]: ipsec.service: Main process exited, code=dumped, status=6/ABRT`,
        `${at} ipsec__plutorun: !pluto failure!:  exited with error status 134 (signal 6)`,
      ];
    };
    expect(await hostFindings(...death(123, 1))).toMatchObject([{ cause: 'daemon/crashed', line: 1, repeats: 1 }]);
    expect(await hostFindings(...death(123, 1), ...death(124, 2))).toMatchObject([{ line: 1, repeats: 2 }]);
  });

  it('puts the reason first that a console shows after what followed from it', async () => {
    const reason = 'Nov  1 00:00:01 gw addconn[123]: cannot load config \'/etc/ipsec.conf\': /etc/ipsec.conf:2: syntax error, unexpected KEYWORD [type]';
    expect(await hostFindings('Job for ipsec.service failed because the control process exited with error code.', reason)).toMatchObject([{ cause: 'config/syntax-error', line: 2 }]);
  });
});

describe("lines without charon's usual beginning", () => {
  it.each([
    ["4[IKE] no shared key found for 'gw.example.com'[192.0.2.1] - '(null)'[198.51.100.7]", 'auth/psk-missing'],
    ['invalid HASH_V1 payload length, decryption failed?', 'auth/psk-mismatch'],
    ["opening socket 'unix:///var/run/charon.vici' failed: Permission denied", 'daemon/insufficient-privileges'],
    ['received TS_UNACCEPTABLE notify, no CHILD_SA built', 'child/ts-mismatch'],
  ])('%s', async (line, cause) => {
    const { connections, hostFindings: host } = await reportOf(line);
    const found = [...host, ...connections.flatMap(({ attempts }) => attempts.flatMap(({ findings }) => findings))];
    expect(found.map((finding) => finding.cause)).toContain(cause);
  });
});

describe("what charon says of its own inner workings at high log levels", () => {
  it('is not counted as not understood, and nothing else is swallowed', async () => {
    const { coverage } = await reportOf(
      'Nov  1 00:00:01 02[JOB] watcher going to poll() 4 fds',
      'Nov  1 00:00:01 12[ENC]   generating rule 11 HEADER_LENGTH',
      'Nov  1 00:00:01 12[ENC] generating SECURITY_ASSOCIATION payload finished',
      'Nov  1 00:00:01 12[ENC]    0: 4E 23 51 00 00 00 00 00 21 20 22 08 00 00 00 00  N#Q.....! ".....',
      'Nov  1 00:00:01 12[ENC] generated data of this generator => 44 bytes @ 0x7f2c38002a70',
      'Nov  1 00:00:01 12[CFG]    dpd_action = clear',
      'Nov  1 00:00:01 12[MGR] checkin of IKE_SA successful',
      'Nov  1 00:00:01 12[ENC] a message of a release to come',
    );
    expect(coverage.unknown.map(({ text }) => text)).toEqual(['a message of a release to come']);
  });
});

describe('pluto that crashes', () => {
  it('is a single failure, though the kernel, systemd and the console report it too', async () => {
    const crash = 'Nov  1 00:00:01 gw ipsec__plutorun: !pluto failure!:  exited with error status 139 (signal 11)';
    const kernel = 'Nov  1 00:00:01 gw kernel: [4074162.337447] pluto[4711]: segfault at 28 ip 00007f51026ba57b sp 00007fff602f74d0 error 4 in pluto[7f510265a000+ff000]';
    const unit = 'Nov  1 00:00:01 gw systemd[1]: ipsec.service: Main process exited, code=dumped, status=11/SEGV';
    const console = 'whack: is Pluto running?  connect() for "/var/run/pluto/pluto.ctl" failed (111 Connection refused)';
    const { hostFindings: found, connections } = await reportOf(crash, kernel, unit, console);
    expect(found).toMatchObject([{ cause: 'daemon/crashed', line: 1 }]);
    expect(connections).toEqual([]);
  });
});
