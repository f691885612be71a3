import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootOf } from './paths.js';
import { run } from './shell.js';

/** What every host needs besides its daemon. */
const COMMON = 'nftables iputils-ping openssl';
const STRONGSWAN =
  'charon-systemd strongswan-swanctl strongswan-pki libcharon-extra-plugins libcharon-extauth-plugins ' +
  'libstrongswan-extra-plugins libstrongswan-standard-plugins';
const LIBRESWAN = 'libreswan libnss3-tools';

/** The daemons of the laboratory, by the short names that scenarios use. */
export const DAEMONS = {
  ss598: { suite: 'bookworm', packages: STRONGSWAN, kind: 'charon', version: 'strongSwan 5.9.8' },
  ls410: { suite: 'bookworm', packages: LIBRESWAN, kind: 'pluto', version: 'Libreswan 4.10' },
  ss601: { suite: 'trixie', packages: STRONGSWAN, kind: 'charon', version: 'strongSwan 6.0.1' },
  ls52: { suite: 'trixie', packages: LIBRESWAN, kind: 'pluto', version: 'Libreswan 5.2' },
} as const;

export type DaemonName = keyof typeof DAEMONS;

/** Every file that apt may take its sources from on this machine. */
function sourceFiles(): string[] {
  const directory = '/etc/apt/sources.list.d';
  const parts = existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : [];
  return ['/etc/apt/sources.list', ...parts].filter((file) => existsSync(file));
}

/** The mirrors that this machine itself uses: the laboratory must work wherever apt works. */
function mirrors(): { main: string; security?: string } {
  const text = sourceFiles().map((file) => readFileSync(file, 'utf8')).join('\n');
  const urls = [...text.matchAll(/^(?:URIs:|deb(?: \[.*?\])?)\s+(\S+)/gm)].map((match) => match[1] ?? '');
  const main = urls.find((url) => /\/debian\/?$/.test(url));
  if (!main) throw new Error('no Debian mirror in the apt sources of this machine');
  const security = urls.find((url) => /debian-security\/?$/.test(url));
  return security ? { main, security } : { main };
}

/** A minimal Debian, made once per suite; a half-made one is never mistaken for a whole one. */
function base(suite: string): string {
  const root = rootOf(`base-${suite}`);
  if (existsSync(join(root, 'usr/sbin/rsyslogd'))) return root;
  rmSync(`${root}.part`, { recursive: true, force: true });
  const include = '--include=ca-certificates,iproute2,procps,rsyslog,systemd';
  run('debootstrap', ['--variant=minbase', include, suite, `${root}.part`, mirrors().main], { timeout: 900_000 });
  renameSync(`${root}.part`, root);
  return root;
}

/** Names the security suite too, so that the packages are those that a maintained gateway runs. */
function addSecurity(root: string, suite: string): void {
  const { security } = mirrors();
  if (!security) return;
  writeFileSync(join(root, 'etc/apt/sources.list.d/security.list'), `deb ${security} ${suite}-security main\n`);
}

/** Installs one daemon into its own copy of the base system, without ever starting it. */
export function install(name: DaemonName): void {
  const root = rootOf(name);
  if (existsSync(root)) return;
  const { suite, packages } = DAEMONS[name];
  const part = `${root}.part`;
  rmSync(part, { recursive: true, force: true });
  run('cp', ['-a', base(suite), part]);
  cpSync('/etc/resolv.conf', join(part, 'etc/resolv.conf'), { dereference: true });
  writeFileSync(join(part, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  addSecurity(part, suite);
  const script = `apt-get update && apt-get install -y --no-install-recommends ${packages} ${COMMON} && apt-get clean`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  run('chroot', [part, 'sh', '-c', script], { env, timeout: 900_000 });
  renameSync(part, root);
}
