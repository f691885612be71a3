import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootOf } from './paths.js';
import { run } from './shell.js';

/** What every host needs besides its daemon. */
const COMMON = 'nftables iputils-ping openssl faketime';
const PLUGINS =
  'strongswan-swanctl strongswan-pki libcharon-extra-plugins libcharon-extauth-plugins ' +
  'libstrongswan-extra-plugins libstrongswan-standard-plugins';
const STRONGSWAN = `charon-systemd ${PLUGINS}`;
const STARTER = `strongswan-starter strongswan-charon ${PLUGINS}`;
const LIBRESWAN = 'libreswan libnss3-tools';

/** The daemons of the laboratory, by the short names that scenarios use. */
export const DAEMONS = {
  ss591: { suite: 'bullseye', packages: `${STRONGSWAN} strongswan-charon`, kind: 'charon', version: 'strongSwan 5.9.1' },
  ss598: { suite: 'bookworm', packages: STRONGSWAN, kind: 'charon', version: 'strongSwan 5.9.8' },
  ss601: { suite: 'trixie', packages: STRONGSWAN, kind: 'charon', version: 'strongSwan 6.0.1' },
  ss61: { suite: 'sid', packages: STRONGSWAN, kind: 'charon', version: 'strongSwan 6.1' },
  sl598: { suite: 'bookworm', packages: STARTER, kind: 'starter', version: 'strongSwan 5.9.8' },
  sl601: { suite: 'trixie', packages: STARTER, kind: 'starter', version: 'strongSwan 6.0.1' },
  ls43: { suite: 'bullseye', packages: LIBRESWAN, kind: 'pluto', version: 'Libreswan 4.3' },
  ls410: { suite: 'bookworm', packages: LIBRESWAN, kind: 'pluto', version: 'Libreswan 4.10' },
  ls52: { suite: 'trixie', packages: LIBRESWAN, kind: 'pluto', version: 'Libreswan 5.2' },
  oi72: { suite: 'bookworm', packages: 'openiked', kind: 'iked', version: 'OpenIKED 7.2' },
  oi74: { suite: 'trixie', packages: 'openiked', kind: 'iked', version: 'OpenIKED 7.4' },
} as const;

export type DaemonName = keyof typeof DAEMONS;
export type DaemonKind = (typeof DAEMONS)[DaemonName]['kind'];

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
export function baseOf(suite: string): string {
  const root = rootOf(`base-${suite}`);
  if (existsSync(join(root, 'usr/sbin/rsyslogd'))) return root;
  console.log(`installing ${suite} into ${root}`);
  rmSync(`${root}.part`, { recursive: true, force: true });
  const include = '--include=ca-certificates,iproute2,procps,rsyslog,systemd';
  run('debootstrap', ['--variant=minbase', include, suite, `${root}.part`, mirrors().main], { timeout: 900_000 });
  renameSync(`${root}.part`, root);
  return root;
}

/** Names the security suite too, so that the packages are those that a maintained gateway runs; where it is still kept. */
function addSecurity(root: string, suite: string): void {
  const { security } = mirrors();
  if (!security || suite === 'bullseye' || suite === 'sid') return;
  writeFileSync(join(root, 'etc/apt/sources.list.d/security.list'), `deb ${security} ${suite}-security main\n`);
}

/** Installs packages into a chroot without ever starting what they bring. A mirror's old index is good enough. */
export function installPackages(root: string, suite: string, packages: string): void {
  cpSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'), { dereference: true });
  writeFileSync(join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  addSecurity(root, suite);
  const apt = 'apt-get -o Acquire::Check-Valid-Until=false';
  const script = `${apt} update && ${apt} install -y --no-install-recommends ${packages} && apt-get clean`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  run('chroot', [root, 'sh', '-c', script], { env, timeout: 900_000 });
}

/** Installs one daemon into its own copy of the base system. */
export function install(name: DaemonName): void {
  const root = rootOf(name);
  if (existsSync(root)) return;
  console.log(`installing ${name} into ${root}`);
  const { suite, packages } = DAEMONS[name];
  const part = `${root}.part`;
  rmSync(part, { recursive: true, force: true });
  run('cp', ['-a', baseOf(suite), part]);
  installPackages(part, suite, `${packages} ${COMMON}`);
  renameSync(part, root);
}
