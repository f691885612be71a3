import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { SNAPSHOT_FORMATS } from '../../src/model/snapshot-formats.js';
import type { Observation } from '../../src/model/observation.js';
import { createSnapshotReader } from '../../src/snapshots/index.js';

const OUTPUTS = fileURLToPath(new URL('./outputs/', import.meta.url));
const files = readdirSync(OUTPUTS).sort();
const textOf = (file: string): string => readFileSync(join(OUTPUTS, file), 'utf8');

/**
 * Output of real programs, on our machines or in the laboratory; the others were typed from sources and public reports.
 */
const REAL: readonly string[] = [
  'conntrack.txt', 'ikectl-show-sa.txt', 'interfaces-of-linux.txt', 'ipsec-look-libreswan-4.10.txt', 'ipsec-status-libreswan-4.10.txt', 'ipsec-status-libreswan-5.2.txt', 'ipsec-statusall-6.0.txt', 'ipsec-verify-libreswan-4.10.txt',
  'iptables-1.8.9.txt', 'klips-libreswan-3.30.txt', 'lsmod.txt', 'ping.txt', 'proc-net-udp.txt', 'racoonctl-show-event.txt', 'racoonctl-show-sa-esp.txt', 'racoonctl-status-0.9.1.txt', 'racoonctl.txt', 'setkey-D-larval.txt', 'setkey-D-racoon.txt', 'setkey-DP-linux.txt', 'setkey-DP-racoon.txt', 'ss-lunp.txt',
  'status-of-libreswan-4.10.txt', 'status-of-strongswan-5.9.txt', 'swanctl-list-conns-6.1.txt', 'swanctl-list-pols-5.9.txt', 'swanctl-list-sas-6.1.txt', 'swanctl-list-sas-pretty-6.1.txt', 'swanctl-list-sas-raw-6.1.txt',
  'swanctl-stats-6.1.txt', 'tcpdump-of-strongswan.txt', 'xfrm-counts.txt', 'xfrm-monitor.txt', 'xfrm-state-s-racoon.txt',
];

/** Keys planted in the outputs consist of this group. */
const KEY = /5ece7b1a/i;

function read(text: string): { observations: readonly Observation[]; left: string[] } {
  const reader = createSnapshotReader();
  const left = text.split('\n').filter((line, index) => !reader.take({ source: 'out', number: index + 1, text: line }) && line.trim() !== '');
  return { observations: reader.finish(), left };
}

/** The fields of an observation that have a value. */
function brief({ line, ...rest }: Observation): string {
  const known = Object.entries(rest).filter(([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0));
  return `${line.number} ${known.map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join(' ')}`;
}

const isTelling = (observation: Observation): boolean => !(observation.type === 'counter' && observation.value === 0) && observation.type !== 'section';

describe('status outputs', () => {
  it.each(files)('%s is understood as before, and to its last line', async (file) => {
    const { observations, left } = read(textOf(file));
    expect(left).toEqual([]);
    await expect(`${observations.filter(isTelling).map(brief).join('\n')}\n`).toMatchFileSnapshot(`observations/${file}`);
  });

  it('are all covered: every format has a sample', () => {
    const seen = new Set(files.flatMap((file) => read(textOf(file)).observations.map(({ format }) => format)));
    expect(Object.keys(SNAPSHOT_FORMATS).filter((name) => !seen.has(name as Observation['format']))).toEqual([]);
  });

  it('are really printed: every format has a sample of a program that ran', () => {
    const real = new Set(REAL.flatMap((file) => read(textOf(file)).observations.filter(({ type }) => type !== 'section').map(({ format }) => format)));
    expect(Object.keys(SNAPSHOT_FORMATS).filter((name) => !real.has(name as Observation['format']))).toEqual([]);
  });

  it('never let a key in', () => {
    const planted = files.filter((file) => KEY.test(textOf(file)));
    expect(planted.length).toBeGreaterThanOrEqual(4);
    expect(planted.filter((file) => KEY.test(JSON.stringify(read(textOf(file)).observations)))).toEqual([]);
  });

  it.each(files)('%s may be cut anywhere', (file) => {
    const text = textOf(file);
    for (let end = 0; end < text.length; end += text.length > 6_000 ? 7 : 1) {
      const { observations } = read(text.slice(Math.max(0, end - 400), end));
      expect(KEY.test(JSON.stringify(observations))).toBe(false);
    }
  });

  it.each(files)('%s loses its tabs and trailing blanks in a forum and is the same', (file) => {
    const pasted = textOf(file).replaceAll('\t', '    ').replace(/ +$/gm, '');
    expect(read(pasted).observations.filter(isTelling).map(brief)).toEqual(read(textOf(file)).observations.filter(isTelling).map(brief));
  });

  it.each(files)('%s gets the borders of a table on a page and is the same', (file) => {
    const shown = textOf(file).replace(/(?<=\S)$/gm, ' | |');
    expect(read(shown).observations.filter(isTelling).map(brief)).toEqual(read(textOf(file)).observations.filter(isTelling).map(brief));
  });

  it('stand between log lines', () => {
    const log = 'Nov 20 10:00:01 gw charon: 05[IKE] <net|1> sending keep alive';
    const { observations, left } = read([log, textOf('xfrm-state.txt').trimEnd(), log, textOf('ipsec-trafficstatus.txt').trimEnd(), log].join('\n'));
    expect(left).toEqual([log, log, log]);
    expect(observations.filter(isTelling)).toHaveLength(4);
  });
});

describe('status outputs behind the envelopes of log lines', () => {
  const observed = (text: string) => read(text).observations.filter(isTelling).map((each) => brief(each).replace(/ host=\S+/, ''));
  const behind = (envelope: string, file: string) => textOf(file).trimEnd().split('\n').map((line) => `${envelope}${line}`);

  it.each([
    ['Nov 20 10:00:01 gw root: ', 'xfrm-state-s.txt'],
    ['2026-11-20T10:00:01.123456+00:00 gw vpn-status[812]: ', 'swanctl-list-sas.txt'],
    ['Nov 20 10:00:01 gw logger[9]: ', 'ipsec-statusall.txt'],
    ['Nov 20 10:00:01 gw root: ', 'iptables-save.txt'],
    ['Nov 20 10:00:01 gw root: ', 'xfrm-stat.txt'],
    ['<30>Nov 20 10:00:01 gw collect: ', 'setkey-D-racoon.txt'],
  ])('%s… %s says what it says alone', (envelope, file) => {
    const lines = behind(envelope, file);
    expect(observed(lines.join('\n'))).toEqual(observed(textOf(file)));
    expect(observed(lines.join('\n').replaceAll('\t', '#011'))).toEqual(observed(textOf(file)));
  });

  it('are kept apart where two hosts log theirs at the same time', () => {
    const [one, other] = [behind('Nov 20 10:00:01 west root: ', 'xfrm-state.txt'), behind('Nov 20 10:00:01 east root: ', 'xfrm-state.txt')];
    const { observations, left } = read(one.flatMap((line, index) => [line, 'Nov 20 10:00:01 west charon: 05[IKE] <net|1> sending keep alive', other[index] ?? '']).join('\n'));
    const sas = observations.filter(({ type }) => type === 'kernel-sa');
    expect(new Set(left)).toEqual(new Set(['Nov 20 10:00:01 west charon: 05[IKE] <net|1> sending keep alive']));
    expect(sas.filter(({ host }) => host === 'west')).toHaveLength(sas.length / 2);
  });

  it.each(['Nov 20 10:00:01 gw ipsec__plutorun: 000 initiating all conns with alias net', 'Nov 20 10:00:01 gw dhclient: default via 192.0.2.1 dev eth0', 'Nov 20 10:00:01 gw sudo: root : COMMAND=/sbin/ip xfrm state'])('%s is none', (text) => {
    expect(createSnapshotReader().take({ source: 'log', number: 1, text })).toBe(false);
  });
});

describe('log lines', () => {
  it.each([
    '05[IKE] <net|1> initiating IKE_SA net[1] to 198.51.100.7',
    '"net" #1: initiating Main Mode',
    '"net"[2] 198.51.100.7 #5: STATE_QUICK_R2: IPsec SA established',
    '002 "net" #1: initiating Main Mode',
    'packet from 198.51.100.7:500: initial Main Mode message received',
    '"net": terminating SAs using this connection',
    '{"log":"05[IKE] x\\n","stream":"stdout","time":"2026-11-20T10:00:01Z"}',
    '[ 1614.903471] IPv4: martian source 192.0.2.1 from 203.0.113.9, on dev eth0',
    'Nov 20 10:00:01 gw pluto[12]: "net" #1: initiating Main Mode',
    '2026-11-20T10:00:01+00:00 gw charon: 05[NET] sending packet',
  ])('%s is left to others', (text) => {
    expect(createSnapshotReader().take({ source: 'log', number: 1, text })).toBe(false);
  });
});
