import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LAB_ROOT, rootOf } from './paths.js';
import { netnsPath, type Side } from './network.js';
import { attempt, run, until, type Result } from './shell.js';

/** One running gateway: a copy-on-write view of a chroot in namespaces of its own. */
export interface Host {
  side: Side;
  /** POSIX time zone of everything in it. */
  zone: string;
  /** The upper layer of the overlay, readable from outside: everything this host has written. */
  files: string;
  /** Process 1 of the host's pid namespace; ending it ends everything in the host. */
  init: ChildProcess;
  pid: number;
  /** Background processes started in it, as child processes of this one. */
  running: ChildProcess[];
}

const HOSTS = join(LAB_ROOT, 'hosts', String(process.pid));
const homeOf = (side: Side): string => join(HOSTS, side);

/**
 * A file that exists only inside the host: until the host has changed its root, commands in it would act on this
 * machine.
 */
const MARK = '/etc/ipsec-lab';

/** What a minimal Debian needs to look booted: journald wants a cgroup tree, rsyslog checks for systemd. */
const BOOT = `
set -e
mount -t overlay overlay -o "lowerdir=$LOWER,upperdir=$HOME_DIR/files,workdir=$HOME_DIR/work" "$HOME_DIR/root"
cd "$HOME_DIR/root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount -t tmpfs tmpfs dev
mkdir -p dev/net dev/shm run/systemd/system run/systemd/journal run/lock
mknod -m 666 dev/null c 1 3; mknod -m 666 dev/zero c 1 5; mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8; mknod -m 666 dev/urandom c 1 9; mknod -m 666 dev/net/tun c 10 200
ln -s /run/systemd/journal/dev-log dev/log
hostname "$NAME"
exec chroot . /bin/sh -c 'trap : TERM; while :; do sleep 3600 & wait; done'
`;

const RSYSLOG = `module(load="imuxsock" SysSock.Name="/run/systemd/journal/syslog" SysSock.Use="on")
*.* action(type="omfile" file="/var/log/syslog" template="RSYSLOG_TraditionalFileFormat")
*.* action(type="omfile" file="/var/log/syslog.iso" template="RSYSLOG_FileFormat")
`;

/**
 * No kernel messages: they would be those of the machine that runs the laboratory. No rate limit: a scenario is a
 * burst.
 */
const JOURNALD = '[Journal]\nStorage=volatile\nForwardToSyslog=yes\nReadKMsg=no\nRateLimitBurst=0\nAudit=no\n';

/** Empties a host's own layer; files written before the host starts are then visible in it. */
export function prepareHost(side: Side): void {
  rmSync(homeOf(side), { recursive: true, force: true });
  for (const part of ['files', 'work', 'root']) mkdirSync(join(homeOf(side), part), { recursive: true });
  writeFile(side, MARK, `${process.pid}\n`);
  writeFile(side, '/etc/hostname', `${side}\n`);
  writeFile(side, '/etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${side}\n`);
  writeFile(side, '/etc/resolv.conf', '');
  writeFile(side, '/etc/machine-id', `${{ west: 'a', east: 'b', north: 'c' }[side].repeat(32)}\n`);
  writeFile(side, '/etc/rsyslog.conf', RSYSLOG);
  writeFile(side, '/etc/systemd/journald.conf', JOURNALD);
}

/** Writes a file into a host that has not started yet. */
export function writeFile(side: Side, path: string, content: string | Buffer): void {
  const target = join(homeOf(side), 'files', path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content, { mode: 0o600 });
}

/** The pid of the only child of `unshare`, which is process 1 of the host. */
function childOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return Number(children.split(' ')[0] ?? 0);
}

/** Starts a host with journald and rsyslogd, in the state of a booted machine before any daemon logs. */
export async function startHost(side: Side, daemon: string, zone: string, kernelLog = false): Promise<Host> {
  if (kernelLog) writeFile(side, '/etc/rsyslog.conf', `module(load="imklog")\n${RSYSLOG}`);
  const env = { ...process.env, LOWER: rootOf(daemon), HOME_DIR: homeOf(side), NAME: side, TZ: zone, LC_ALL: 'C.UTF-8' };
  const spaces = ['--mount', '--pid', '--uts', '--fork', '--kill-child', '--propagation', 'private'];
  // If this process is interrupted, unshare is killed, and the host with it
  const args = ['--pdeathsig', 'KILL', 'nsenter', `--net=${netnsPath(side)}`, 'unshare', ...spaces, 'sh', '-c', BOOT];
  const init = spawn('setpriv', args, { env, stdio: 'ignore' });
  await until(`${side} to boot`, () => init.pid !== undefined && childOf(init.pid) > 0);
  const host = { side, zone, files: join(homeOf(side), 'files'), init, pid: childOf(init.pid ?? 0), running: [] };
  await until(`${side} to change its root`, () => exec(host, `grep -qx ${process.pid} ${MARK}`).status === 0);
  await startLogging(host);
  return host;
}

async function startLogging(host: Host): Promise<void> {
  background(host, '/usr/lib/systemd/systemd-journald');
  await until('journald', () => exec(host, 'test -S /run/systemd/journal/dev-log').status === 0);
  background(host, '/usr/sbin/rsyslogd -n');
  await until('rsyslogd', () => exec(host, 'test -S /run/systemd/journal/syslog').status === 0);
}

/**
 * The nsenter arguments that run a command in all namespaces of a host. `-W`, because `-w` with `-r` leaves no working
 * directory.
 */
function enter(host: Host, command: string): string[] {
  const clean = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C.UTF-8', `TZ=${host.zone}`, 'HOME=/root'];
  return ['-t', String(host.pid), '-m', '-p', '-u', '-n', '-r', '-W', '/', '--', ...clean, 'sh', '-c', command];
}

/** Runs a command in a host and waits for it, up to a limit, since some clients wait as long as the daemon tries. */
export function exec(host: Host, command: string, seconds = 60): Result {
  return attempt('nsenter', enter(host, command), { timeout: seconds * 1000 });
}

/** Runs a command in a host, and throws if it fails. */
export function must(host: Host, command: string): string {
  return run('nsenter', enter(host, command));
}

/** Starts a background process that lives as long as the host. `clock`: see `Gateway`. */
export function background(host: Host, command: string, clock: string | null = null): void {
  const faked = clock === null ? '' : `faketime -m --exclude-monotonic -f '${clock}' `;
  const child = spawn('nsenter', enter(host, `exec ${faked}${command}`), { stdio: 'ignore' });
  child.unref();
  host.running.push(child);
}

/** A command that runs without some of root's capabilities, as in a container. */
export const without = (capabilities: readonly string[], command: string): string =>
  capabilities.length === 0 ? command : `setpriv --bounding-set ${capabilities.map((name) => `-${name}`).join(',')} ${command}`;

/** Removes the layers of this process's hosts, once they have stopped. */
export const removeHosts = (): void => rmSync(HOSTS, { recursive: true, force: true });

/** Ends a host and everything in it, by killing its first process. */
export async function stopHost(host: Host): Promise<void> {
  const gone = new Promise((resolve) => host.init.once('exit', resolve));
  if (host.init.exitCode !== null || host.init.signalCode !== null) return;
  process.kill(host.pid, 'SIGKILL');
  // nsenter stops together with the command it waits for, and a process that nobody reaps keeps the host's namespace
  // alive
  for (const child of host.running) child.kill('SIGCONT');
  await gone;
}
