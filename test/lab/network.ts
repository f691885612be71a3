import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { rootOf } from './paths.js';
import { attempt, run } from './shell.js';

export type Side = 'west' | 'east' | 'north';

/** Documentation addresses only, so that logs may be published unchanged. */
export const ADDRESS = {
  west: { host: '192.0.2.10', router: '192.0.2.1', bits: 25 },
  north: { host: '192.0.2.130', router: '192.0.2.129', bits: 25 },
  east: { host: '198.51.100.20', router: '198.51.100.1', bits: 24 },
} as const;

/** Further addresses of east, for scenarios with one peer per tunnel. */
const EAST_ALIASES = ['198.51.100.21', '198.51.100.22', '198.51.100.23', '198.51.100.24'];

/**
 * Addresses in the inner networks (last byte), so that each gateway has one to send from, and up to five tunnels have
 * one each.
 */
const INNER = { west: [1, 9, 17, 25, 33], east: [65, 73, 81, 89, 97], north: [129] } as const;

/** Named after this process, so that several laboratories can run at the same time. */
const spaceOf = (place: Side | 'router'): string => `ipsec-lab-${process.pid}-${place}`;
export const netnsPath = (side: Side): string => `/run/netns/${spaceOf(side)}`;

/** Creates the hosts' networks and the router between them. `queue`: lines that may wait for a host's rsyslogd. */
export function buildNetwork(hosts: readonly { side: Side; queue: number }[]): void {
  removeStale();
  removeNetwork();
  run('ip', ['netns', 'add', spaceOf('router')]);
  setSysctl('router', 'net.ipv4.ip_forward', '1');
  for (const { side, queue } of hosts) {
    run('ip', ['netns', 'add', spaceOf(side)]);
    connect(side);
    for (const last of INNER[side]) inside(side, 'ip', 'address', 'add', `203.0.113.${last}/32`, 'dev', 'lo');
    setSysctl(side, 'net.unix.max_dgram_qlen', String(queue));
  }
  for (const alias of EAST_ALIASES) inside('east', 'ip', 'address', 'add', `${alias}/24`, 'dev', 'eth0');
}

/** Removes the namespaces of interrupted runs, whose process no longer exists. */
function removeStale(): void {
  for (const [space, pid] of run('ip', ['netns', 'list']).matchAll(/^ipsec-lab-(\d+)-\w+/gm))
    if (!existsSync(`/proc/${pid}`)) run('ip', ['netns', 'delete', space]);
}

export function removeNetwork(): void {
  for (const place of ['router', 'west', 'east', 'north'] as const)
    if (existsSync(`/run/netns/${spaceOf(place)}`)) attempt('ip', ['netns', 'delete', spaceOf(place)]);
}

/** A link from a host to the router, with the host's default route through it. */
function connect(side: Side): void {
  const { host, router, bits } = ADDRESS[side];
  // Link-local addresses would appear while the daemons start, and charon notifies its peers of every address change
  for (const place of [side, 'router'] as const) setSysctl(place, 'net.ipv6.conf.default.addr_gen_mode', '1');
  run('ip', ['link', 'add', 'eth0', 'netns', spaceOf(side), 'type', 'veth', 'peer', 'name', side, 'netns', spaceOf('router')]);
  inside('router', 'ip', 'address', 'add', `${router}/${bits}`, 'dev', side);
  inside('router', 'ip', 'link', 'set', side, 'up');
  inside(side, 'ip', 'link', 'set', 'lo', 'up');
  inside(side, 'ip', 'address', 'add', `${host}/${bits}`, 'dev', 'eth0');
  inside(side, 'ip', 'link', 'set', 'eth0', 'up');
  inside(side, 'ip', 'route', 'add', 'default', 'via', router);
}

function setSysctl(place: Side | 'router', key: string, value: string): void {
  inside(place, 'sh', '-c', `echo ${value} > /proc/sys/${key.replaceAll('.', '/')}`);
}

/** Runs a command in a network namespace, on the file system of this machine. */
function inside(place: Side | 'router', ...command: string[]): string {
  return run('ip', ['netns', 'exec', spaceOf(place), ...command]);
}

/** Replaces the router's packet rules. Each is an nftables rule, prefixed with the name of its chain. */
export function setRouter(rules: readonly string[]): void {
  const chain = (name: string, hook: string): string => {
    const own = rules.filter((rule) => rule.startsWith(`${name}: `)).map((rule) => rule.slice(name.length + 2));
    return `chain ${name} { ${hook}; ${own.join('; ')}; }`;
  };
  const text = [
    'table ip lab',
    'delete table ip lab',
    'table ip lab {',
    chain('raw', 'type filter hook prerouting priority -300; policy accept'),
    chain('prerouting', 'type nat hook prerouting priority -100; policy accept'),
    chain('forward', 'type filter hook forward priority 0; policy accept'),
    chain('postrouting', 'type nat hook postrouting priority 100; policy accept'),
    '}',
  ].join('\n');
  inNft(text);
}

/** Uses the nft of a chroot, so that this machine needs none. */
function inNft(text: string): void {
  const command = ['netns', 'exec', spaceOf('router'), 'chroot', rootOf('ss598'), 'nft', '-f', '-'];
  run('ip', command, { input: text });
}

/** Records the traffic on a host's link as tcpdump prints it, until the host's network is removed. */
export function startTcpdump(side: Side, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const out = openSync(file, 'w');
  spawn('setpriv', ['--pdeathsig', 'KILL', 'ip', 'netns', 'exec', spaceOf(side), 'tcpdump', '-lni', 'eth0'], { stdio: ['ignore', out, out] }).unref();
}

/** Unplugs a host's cable at the router's end or plugs it in; the host sees the carrier change. */
export function setLink(side: Side, state: 'up' | 'down'): void {
  inside('router', 'ip', 'link', 'set', side, state);
}

/** Sets the MTU of the router's link to a host. */
export function setMtu(side: Side, bytes: number): void {
  inside('router', 'ip', 'link', 'set', side, 'mtu', String(bytes));
}
