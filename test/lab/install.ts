import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootOf } from './paths.js';
import { run } from './shell.js';

/** Packages that every host needs besides its daemon. */
const COMMON = 'nftables iputils-ping openssl faketime';
const PLUGINS =
  'strongswan-swanctl strongswan-pki libcharon-extra-plugins libcharon-extauth-plugins ' +
  'libstrongswan-extra-plugins libstrongswan-standard-plugins';
const STRONGSWAN = `charon-systemd ${PLUGINS}`;
const STARTER = `strongswan-starter strongswan-charon ${PLUGINS}`;
const LIBRESWAN = 'libreswan libnss3-tools';

/** Releases that no mirror carries any more; they must be put into a root of that name by hand. */
const BY_HAND = {
  sl452: { suite: null, kind: 'starter', version: 'strongSwan 4.5.2' },
  sl535: { suite: null, kind: 'starter', version: 'strongSwan 5.3.5' },
  os2632: { suite: null, kind: 'openswan', version: 'Openswan 2.6.32' },
  os2638: { suite: null, kind: 'openswan', version: 'Openswan 2.6.38' },
  ls315: { suite: null, kind: 'pluto', version: 'Libreswan 3.15' },
  ls320: { suite: null, kind: 'pluto', version: 'Libreswan 3.20' },
  ls325: { suite: null, kind: 'pluto', version: 'Libreswan 3.25' },
  ls329: { suite: null, kind: 'pluto', version: 'Libreswan 3.29' },
} as const;

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
  ...BY_HAND,
} as const;

export type DaemonName = keyof typeof DAEMONS;
export type DaemonKind = (typeof DAEMONS)[DaemonName]['kind'];

/** The release of a daemon as a number comparable within its kind: 3.15 for 3.15, 4.03 for 4.3. */
export function releaseOf(name: DaemonName): number {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(DAEMONS[name].version) ?? [];
  return Number(major) + Number(minor) / 100;
}

/** All files from which apt on this machine may take its sources. */
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

/** A minimal Debian, made once per suite; renamed into place when complete. */
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

/** Adds the security suite, if it is still maintained, so that the packages are those of a maintained gateway. */
function addSecurity(root: string, suite: string): void {
  const { security } = mirrors();
  if (!security || suite === 'bullseye' || suite === 'sid') return;
  writeFileSync(join(root, 'etc/apt/sources.list.d/security.list'), `deb ${security} ${suite}-security main\n`);
}

/** Installs packages into a chroot without starting their services. An outdated mirror index is accepted. */
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
  const { suite, version } = DAEMONS[name];
  if (suite === null) throw new Error(`${root} does not exist, and ${version} cannot be installed: see "Old releases" in the README`);
  console.log(`installing ${name} into ${root}`);
  const part = `${root}.part`;
  rmSync(part, { recursive: true, force: true });
  run('cp', ['-a', baseOf(suite), part]);
  installPackages(part, suite, `${DAEMONS[name].packages} ${COMMON}`);
  renameSync(part, root);
}
