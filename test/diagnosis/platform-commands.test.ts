import { expect, test } from 'vitest';
import { CHECKLIST } from '../../src/checklist/items/index.js';
import { forPlatform, GENERATED_FILES } from '../../src/diagnosis/platform-commands.js';
import { analyzeLines } from '../../src/pipeline.js';
import { ownRemedies, textsOf } from './own-remedies.js';

const commands = [...ownRemedies.map(({ command = '' }) => command), ...textsOf(CHECKLIST)].map((command) => command.replace(/\[\[|\]\]/g, ''));
/** Starts a command, also after `;`, a pipe or `(`. */
const LINUX = /(?:^|[;|&(] ?)(?:ip|ip6?tables|nft|ss|systemctl|journalctl|modprobe) |\/proc\/|tcpdump -\w+ any/;

test('no command for a gateway on FreeBSD or macOS is one of Linux', () => {
  const linux = commands.filter((command) => LINUX.test(command));
  expect(linux.length).toBeGreaterThan(100);
  for (const platform of ['freebsd', 'macos'] as const) {
    expect(linux.flatMap((command) => forPlatform(platform, command) ?? []).filter((command) => LINUX.test(command))).toEqual([]);
  }
});

test.each([
  ['ip route get 198.51.100.7', 'route -n get 198.51.100.7'],
  ["ip route get '<address of a host behind the peer>' from 192.0.2.1", "route -n get '<address of a host behind the peer>'"],
  ["tcpdump -vni any 'host 198.51.100.7 and ip[6:2] & 0x3fff != 0'", "tcpdump -vni '<interface>' 'host 198.51.100.7 and ip[6:2] & 0x3fff != 0'"],
  ['ip -s xfrm state list src 192.0.2.1 dst 198.51.100.7 nokeys', "setkey -D | sed '/[EA]: /d'"],
  ['ping -M do -s 1372 -c 3 -I 192.0.2.1 198.51.100.7', 'ping -D -s 1372 -c 3 -S 192.0.2.1 198.51.100.7'],
  ["grep -rns proposals /etc/swanctl /etc/strongswan", 'grep -rns proposals /usr/local/etc/swanctl /usr/local/etc/strongswan'],
  ['swanctl --list-conns', 'swanctl --list-conns'],
  ["ip xfrm policy | grep -F tmpl", null],
  ['sysctl -w net.ipv4.conf.all.rp_filter=2', null],
])('on FreeBSD, %s is %s', (linux, freebsd) => {
  expect(forPlatform('freebsd', linux)).toBe(freebsd);
});

test('the platform is the one the daemon stated when it started; without that, the commands are those of Linux', async () => {
  const adviceOf = async (...before: string[]): Promise<string> => {
    const log = [
      ...before, '09[IKE] <net|1> initiating IKE_SA net[1] to 198.51.100.7', '09[ENC] <net|1> parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]', '09[IKE] <net|1> received NO_PROPOSAL_CHOSEN notify error',
    ].map((text) => `Nov  1 00:00:01 gw charon[812]: ${text}`);
    const { connections, findingsOf } = await analyzeLines(log, { rules: [], now: 0 });
    return JSON.stringify(connections.flatMap(({ attempts }) => attempts.flatMap(findingsOf)).map((finding) => finding.remedies.filter(({ side }) => side === 'here')));
  };
  const started = (system: string): string => `00[DMN] Starting IKE charon daemon (strongSwan 5.9.14, ${system}, amd64)`;
  expect(await adviceOf(started('FreeBSD 14.1-RELEASE'))).toContain('/usr/local/etc/swanctl');
  expect(await adviceOf(started('FreeBSD 14.1-RELEASE'))).toContain(GENERATED_FILES);
  expect(await adviceOf("00[CFG] loading secrets from '/var/etc/ipsec/ipsec.secrets'")).toContain(GENERATED_FILES);
  for (const advice of [await adviceOf(), await adviceOf(started('Linux 6.1.0'))]) {
    expect(advice).toContain(' /etc/swanctl');
    expect(advice).not.toContain(GENERATED_FILES);
  }
  expect(await adviceOf('00[DMN] Starting IKE service (strongSwan 5.9.14, Android 14 - UP1A.1/2026-01-05, Phone, Linux 6.1.0, aarch64, org.strongswan.android)')).not.toContain('swanctl');
});

test('the log of the strongSwan app for Android, which names every connection android and no host, has no commands for a shell', async () => {
  const commandsOf = async (stamp: string): Promise<readonly (string | null)[]> => {
    const log = ['initiating IKE_SA android[7] to 198.51.100.7', 'parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]', 'received NO_PROPOSAL_CHOSEN notify error'].map((text) => `${stamp}${text}`);
    const { connections, findingsOf } = await analyzeLines(log, { rules: [], now: 0 });
    return connections.flatMap(({ attempts }) => attempts.flatMap(findingsOf)).flatMap(({ remedies }) => remedies.filter(({ side }) => side === 'here').map(({ command }) => command));
  };
  expect(await commandsOf('Nov  1 00:00:01 gw charon[812]: 13[IKE] ')).toContainEqual(expect.stringContaining('grep'));
  for (const stamp of ['I/charon  (14804): 13[IKE] ', '11-20 10:00:01.515  1234  1240 I charon  : 13[IKE] ', 'Nov  1 00:00:01 13[IKE] ']) {
    expect((await commandsOf(stamp)).filter((command) => command !== null)).toEqual([]);
  }
});
