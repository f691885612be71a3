import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKLIST } from '../../src/checklist/items/index.js';
import type { CheckReport } from '../../src/model/report.js';
import { analyze, analyzeLines } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';
import { reportShape } from '../../src/report/shape.js';
import { CAPTURED, readSamples, SAMPLES } from '../samples.js';

async function checklistsOf(path: string, which: 'all' | 'failing' = 'all'): Promise<(readonly CheckReport[])[]> {
  const report = buildReport(await analyze([join(SAMPLES, path)], { rules: [], now: CAPTURED, live: false }), null, 'none', which);
  expect(reportShape.parse(report)).toEqual(report);
  return report.connections.map(({ checklist }) => checklist);
}

async function checklist(path: string): Promise<ReadonlyMap<string, CheckReport>> {
  const [first = []] = await checklistsOf(path);
  return new Map(first.map((check) => [check.item, check]));
}

/** `item mark line` for each answered question. */
function answered(checks: ReadonlyMap<string, CheckReport>): string[] {
  return [...checks.values()].filter(({ verdict }) => verdict !== 'unknown').map(({ item, verdict, evidence }) => `${item} ${verdict} ${evidence?.line ?? '-'}`);
}

const commandsOf = (checks: ReadonlyMap<string, CheckReport>): string[] => [...checks.values()].flatMap(({ commands }) => commands.map(({ command }) => command ?? ''));

async function checklistOfLines(lines: readonly string[]): Promise<ReadonlyMap<string, CheckReport>> {
  const report = buildReport(await analyzeLines(lines, { rules: [], now: CAPTURED }), null, 'none', 'all');
  return new Map(report.connections[0]?.checklist.map((check) => [check.item, check]));
}

/** A tunnel through which nothing but a ping was sent, and all listings of its gateway. */
const BUNDLE: readonly string[] = [
  '# swanctl --list-sas', 'net: #1, ESTABLISHED, IKEv2, 6c08bd3b7b1e4679_i* 84b81cbacfdec331_r', "  local  'gw.example.com' @ 192.0.2.10[500]", "  remote 'branch.example.com' @ 198.51.100.20[500]",
  '  net: #1, reqid 1, INSTALLED, TUNNEL, ESP:AES_CBC-256/HMAC_SHA2_256_128', '    in  dc684fec,      0 bytes,     0 packets', '    out 726ca3ba,      0 bytes,     0 packets', '    local  203.0.113.0/26', '    remote 203.0.113.64/26',
  '# sysctl net.ipv4.ip_forward', 'net.ipv4.ip_forward = 1',
  '# iptables-save -c', '*filter', ':INPUT ACCEPT [0:0]', ':FORWARD DROP [0:0]', '[9:756] -A FORWARD -s 203.0.113.0/26 -d 203.0.113.64/26 -j ACCEPT', 'COMMIT',
  '*nat', ':POSTROUTING ACCEPT [0:0]', '[0:0] -A POSTROUTING -s 203.0.113.0/26 -d 203.0.113.64/26 -m policy --dir out --pol ipsec -j ACCEPT', '[7:420] -A POSTROUTING -o eth0 -j MASQUERADE', 'COMMIT',
  '# ip route', 'default via 192.0.2.1 dev eth0', '203.0.113.0/26 dev eth1 proto kernel scope link src 203.0.113.1',
  '# ping -M do -s 1372 -c 3 -I 203.0.113.1 203.0.113.65', 'PING 203.0.113.65 (203.0.113.65) from 203.0.113.1 : 1372(1400) bytes of data.', '1380 bytes from 203.0.113.65: icmp_seq=1 ttl=64 time=44.2 ms',
  '--- 203.0.113.65 ping statistics ---', '3 packets transmitted, 3 received, 0% packet loss, time 619ms',
];

describe('the checklist', () => {
  it('leaves open what only the peer knows: AUTHENTICATION_FAILED', async () => {
    const checks = await checklist('psk-mismatch-ikev2-ss598-ls410/west.syslog.log');
    expect(answered(checks)).toEqual(['loaded good 16', 'ike-leaves good 19', 'ike-arrives good 19', 'ike-firewall good 28', 'version good 21', 'ike-proposals good 21', 'large-packets good 28', 'ike-up wrong 28']);
    expect(checks.get('credentials')).toMatchObject({ verdict: 'unknown', evidence: { line: 28, text: 'received AUTHENTICATION_FAILED notify error' } });
    expect(checks.get('identities')).toMatchObject({ verdict: 'unknown', evidence: { line: 28 } });
    expect(checks.get('identities')?.commands.map(({ side }) => side)).toContain('peer');
    expect(checks.get('selectors')?.says).toBe('phase 1 comes first: the IKE SA is not up');
  });

  it('calls the secret wrong on the gateway that saw it, and says how to load it there', async () => {
    const checks = await checklist('psk-mismatch-ikev2-ss598-ls410/east.syslog.log');
    expect(checks.get('credentials')).toMatchObject({ verdict: 'wrong' });
    expect(checks.get('credentials')?.commands.map(({ command }) => command)).toContain('ipsec auto --rereadsecrets');
    expect(checks.get('credentials')?.commands.map(({ side }) => side)).not.toContain('peer');
    expect(checks.get('ike-arrives')?.verdict).toBe('good');
  });

  it('finds silence where UDP 500 is blocked, does not say who drops, and captures at both ends', async () => {
    const checks = await checklist('udp500-blocked-ss598-ls410/west.syslog.log');
    expect(answered(checks)).toEqual(['loaded good 16', 'ike-arrives wrong 19', 'ike-up wrong 19']);
    expect(commandsOf(checks)).toContain("tcpdump -ni any 'host 198.51.100.20 and (udp port 500 or udp port 4500)'");
    expect(commandsOf(checks)).toContain("tcpdump -ni any 'host 192.0.2.10 and (udp port 500 or udp port 4500)'");
  });

  it('takes counts of a status output for the traffic, and asks on with the inner addresses', async () => {
    const checks = await checklist('esp-blocked-ss598-ss598/west.syslog-status.log');
    expect(answered(checks).slice(-5)).toEqual(['child-up good 36', 'both-ways wrong 43', 'goes-in good 43', 'nat good 151', 'routes good 128']);
    expect(checks.get('esp-arrives')?.verdict).toBe('unknown');
    expect(commandsOf(checks)).toEqual(expect.arrayContaining([
      'ping -c 3 -I 203.0.113.1 203.0.113.65',
      'ping -M do -s 1372 -c 3 -I 203.0.113.1 203.0.113.65',
      'ip -s xfrm state list src 198.51.100.20 dst 192.0.2.10 nokeys',
      'iptables -t mangle -I PREROUTING -m policy --dir in --pol ipsec --mode tunnel --tunnel-src 198.51.100.20 -j NFLOG --nflog-group 5',
    ]));
    expect(checks.get('inside')?.commands.at(-1)?.tells).toContain('destination 198.51.100.20, SPI 0xff27b45e');
  });

  it('names the NAT rule that takes the packets', async () => {
    const checks = await checklist('nat-before-ipsec-ss598-ss598/west.syslog-status.log');
    expect(checks.get('nat')).toMatchObject({ verdict: 'wrong', says: 'a NAT rule rewrites packets for the tunnel before they reach it' });
    expect(checks.get('nat')?.evidence?.text).toContain('snat to 192.0.2.10');
  });

  it('confirms a tunnel that carries packets, from the IKE SA to the traffic, only when it is asked for', async () => {
    const [log] = readSamples().get('traffic-flows-ss598-ss598')?.logs ?? [];
    const path = `traffic-flows-ss598-ss598/${log?.file}`;
    const checks = await checklist(path);
    expect([...checks.values()].filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
    expect(['ike-up', 'credentials', 'selectors', 'child-up', 'both-ways', 'policies', 'nat'].map((item) => checks.get(item)?.verdict)).toEqual(Array.from({ length: 7 }, () => 'good'));
    expect(await checklistsOf(path, 'failing')).toEqual([[]]);
  });

  it('takes the rules, routes and settings of a bundle, and a large ping, for proofs', async () => {
    const checks = await checklistOfLines(BUNDLE);
    expect(['nat', 'forwarding', 'routes', 'mtu', 'both-ways'].map((item) => `${item} ${checks.get(item)?.verdict ?? ''}`)).toEqual(['nat good', 'forwarding good', 'routes good', 'mtu good', 'both-ways good']);
    expect(checks.get('nat')?.evidence?.text).toContain(':POSTROUTING');
    expect(checks.get('mtu')?.evidence?.text).toContain('1372(1400)');
  });

  it.each([
    ['nat', '[0:0] -A POSTROUTING -s 203.0.113.0/26 -d 203.0.113.64/26 -m policy --dir out --pol ipsec -j ACCEPT'],
    ['forwarding', 'net.ipv4.ip_forward = 1'],
    ['forwarding', '[9:756] -A FORWARD -s 203.0.113.0/26 -d 203.0.113.64/26 -j ACCEPT'],
    ['routes', '203.0.113.0/26 dev eth1 proto kernel scope link src 203.0.113.1'],
    ['mtu', '3 packets transmitted, 3 received, 0% packet loss, time 619ms'],
  ])('does not confirm %s without %s', async (item, line) => {
    expect(BUNDLE).toContain(line);
    expect((await checklistOfLines(BUNDLE.filter((each) => each !== line))).get(item)?.verdict).not.toBe('good');
  });

  it('does not take an IKE SA that broke for a proof that packets still pass', async () => {
    const checks = await checklist('peer-dead-ss598-ss598/west.syslog.log');
    expect(['ike-arrives', 'ike-firewall', 'ike-up'].map((item) => checks.get(item)?.verdict)).not.toContain('good');
    expect(checks.get('credentials')?.verdict).toBe('good');
  });

  it('never contradicts a sample\'s truth: nothing is wrong in a healthy log, something is in a failing one', async () => {
    const odd: string[] = [];
    for (const [name, { logs }] of [...readSamples()].filter((_, index) => index % 5 === 0)) {
      for (const { file, expect: expected } of logs) {
        if (expected.outcome !== 'up' && expected.outcome !== 'failing') continue;
        const wrong = (await checklistsOf(`${name}/${file}`)).flat().filter(({ verdict }) => verdict === 'wrong');
        if (expected.outcome === 'up' && expected.firstFailure === null && wrong.length > 0) odd.push(`${name}/${file}: ${wrong.map(({ item }) => item).join(', ')}`);
        if (wrong.some(({ evidence }) => evidence !== null && !hasLine(name, file, evidence.line))) odd.push(`${name}/${file} quotes a line that is not there`);
      }
    }
    expect(odd).toEqual([]);
  });

  it('speaks to charon as it is configured: swanctl, or ipsec where a starter runs it', async () => {
    const commands = commandsOf(await checklist('psk-mismatch-ikev2-sl598-sl598/west.syslog.log'));
    expect(commands).toEqual(expect.arrayContaining(['ipsec statusall', 'ipsec statusall west-east', 'ipsec rereadall', 'ipsec listcerts']));
    expect(commands.filter((command) => command.startsWith('swanctl'))).toEqual([]);
    expect(commandsOf(await checklist('psk-mismatch-ikev2-ss598-ls410/west.syslog.log')).filter((command) => command.startsWith('ipsec '))).toEqual([]);
  });

  it('gives commands that run although the log names neither address, and says in words what only the reader can know', async () => {
    const commands = commandsOf(await checklist('udp500-blocked-ikev1-ls410-ss598/west.syslog.log'));
    expect(commands).toEqual(expect.arrayContaining(["tcpdump -ni any '(udp port 500 or udp port 4500)'", 'ip -s xfrm state list nokeys', 'ip -br address show', "ping -c 3 -I '<own address inside the tunnel>' '<address of a host behind the peer>'"]));
  });

  it("takes the networks from pluto's ranges, and asks which address is in them", async () => {
    const commands = commandsOf(await checklist('success-nat-ls410-ls52/west.syslog.log'));
    expect(commands).toEqual(expect.arrayContaining(['ip -br address show to 203.0.113.0/26', "ping -c 3 -I '<own address inside the tunnel>' 203.0.113.65"]));
  });

  it('has a question for everything once, and no command that prints a key', () => {
    expect(new Set(CHECKLIST.map(({ id }) => id)).size).toBe(CHECKLIST.length);
    const commands = CHECKLIST.flatMap((item) => item.commands.flatMap(({ command }) => (command === null ? [] : typeof command === 'string' ? [command] : Object.values(command))));
    const printing = commands.filter((command) => (command.includes('xfrm state') && !command.includes('nokeys')) || (/setkey -D(?!P)/.test(command) && !command.includes('sed')) || /raw|secrets\b(?<!rereadsecrets)/.test(command));
    expect(printing).toEqual([]);
  });
});

function hasLine(name: string, file: string, line: number): boolean {
  return readFileSync(join(SAMPLES, name, file), 'utf8').split('\n')[line - 1] !== undefined;
}
