import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { baseOf, installPackages } from './install.js';
import { CAPTURES, LAB_ROOT, LOG_LEVEL } from './paths.js';
import { run } from './shell.js';
import { hasUml, umlCommand } from './uml.js';

const HOME = join(LAB_ROOT, 'vm');
const ROOTS = join(LAB_ROOT, 'roots');
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const GUEST = fileURLToPath(new URL('./guest.sh', import.meta.url));

/** Packages the guest needs besides a base Debian and node; libstdc++6 is for the latter. */
const PACKAGES = 'kmod nftables libstdc++6 iputils-ping tcpdump linux-image-amd64';

const DISK_DRIVERS = 'virtio_pci\nvirtio_blk\next4\ncrc32c_generic\n';

/**
 * qemu accelerators, best first. A /dev/kvm not backed by the processor (kvm_pvm, for example) boots only kernels made
 * for it.
 */
const ACCELERATORS = ['kvm_intel', 'kvm_amd'].some((name) => existsSync(`/sys/module/${name}`)) ? ['kvm', 'tcg,thread=multi'] : ['tcg,thread=multi'];

/** Works without hardware virtualisation too, but slowly: logs then show an answered retransmission now and then. */
const MACHINE = '-machine q35 -cpu max -smp 2 -m 3072 -nographic -no-reboot -nodefaults -serial stdio'.split(' ').concat(ACCELERATORS.flatMap((name) => ['-accel', name]));

/**
 * Runs a command on another kernel with full IPsec support (User Mode Linux if built, otherwise a virtual machine), and
 * returns its exit status. The command sees the repository at /repository, and a LAB_ROOT at /lab with this one's
 * chroots, certificates and captures.
 */
function runInMachine(command: string): number {
  if (!hasUml()) build();
  const jobs = join(HOME, 'jobs');
  mkdirSync(jobs, { recursive: true });
  const job = mkdtempSync(join(jobs, 'job-'));
  writeFileSync(join(job, 'command'), command);
  // If this process is interrupted, the machine is killed too
  const program = ['--pdeathsig', 'KILL', ...(hasUml() ? umlCommand(job) : ['qemu-system-x86_64', ...machine(job)])];
  const { output } = spawnSync('setpriv', program, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  const said = join(job, 'output');
  process.stdout.write(existsSync(said) ? readFileSync(said, 'utf8') : `the machine did not start its job:\n${output.join('')}`);
  const status = existsSync(join(job, 'status')) ? Number(readFileSync(join(job, 'status'), 'utf8')) : 255;
  rmSync(job, { recursive: true });
  return status;
}

/** Continues a program of the laboratory (`run.ts`) in the machine, with LAB_MACHINE set. */
export function continueInMachine(program: string, args: readonly string[]): void {
  mkdirSync(CAPTURES, { recursive: true });
  const settings = `LAB_ROOT=/lab LAB_MACHINE=1 LAB_VERBOSE=${process.env['LAB_VERBOSE'] ?? ''} LAB_LOG_LEVEL=${LOG_LEVEL}`;
  const status = runInMachine(`cd /repository && ${settings} node node_modules/tsx/dist/cli.mjs test/lab/${program} ${args.join(' ')}`);
  if (status !== 0) process.exitCode = 1;
}

/** Disks are used as snapshots: a run leaves nothing behind, and several machines may run at the same time. */
function machine(job: string): string[] {
  const disk = (name: string): string[] => ['-drive', `file=${join(HOME, name)},if=virtio,format=raw,snapshot=on`];
  const share = (tag: string, path: string): string[] => ['-virtfs', `local,path=${path},mount_tag=${tag},security_model=none,multidevs=remap`];
  return [
    ...MACHINE, '-kernel', join(HOME, 'vmlinuz'), '-initrd', join(HOME, 'initrd.img'), '-append', 'root=/dev/vda rw init=/sbin/lab-guest console=ttyS0 quiet audit=1 audit_backlog_limit=8192 panic=-1',
    ...disk('system.ext4'), ...disk('roots.ext4'), ...share('job', job), ...share('repository', REPOSITORY), ...share('lab', LAB_ROOT),
  ];
}

/** Builds what is missing: the system once, the disk with the daemons' chroots after each installation. */
function build(): void {
  mkdirSync(HOME, { recursive: true });
  if (!existsSync(join(HOME, 'system.ext4'))) buildSystem();
  if (!isNewer(join(HOME, 'roots.ext4'), ROOTS)) makeImage(ROOTS, 'roots.ext4');
}

const isNewer = (image: string, directory: string): boolean => existsSync(image) && statSync(image).mtimeMs > statSync(directory).mtimeMs;

/** A minimal Debian with a kernel, whose initramfs only has to find the disk. */
function buildSystem(): void {
  const system = join(HOME, 'system');
  rmSync(system, { recursive: true, force: true });
  run('cp', ['-a', baseOf('bookworm'), system]);
  mkdirSync(join(system, 'etc/initramfs-tools/conf.d'), { recursive: true });
  writeFileSync(join(system, 'etc/initramfs-tools/conf.d/disk'), 'MODULES=list\n');
  writeFileSync(join(system, 'etc/initramfs-tools/modules'), DISK_DRIVERS);
  installPackages(system, 'bookworm', PACKAGES);
  copyFileSync(process.execPath, join(system, 'usr/bin/node'));
  copyFileSync(GUEST, join(system, 'sbin/lab-guest'));
  chmodSync(join(system, 'sbin/lab-guest'), 0o755);
  for (const place of ['lab', 'repository']) mkdirSync(join(system, place), { recursive: true });
  for (const file of readdirSync(join(system, 'boot')).filter((name) => /^(?:vmlinuz|initrd\.img)-/.test(name)))
    copyFileSync(join(system, 'boot', file), join(HOME, file.replace(/-.*/, '')));
  makeImage(system, 'system.ext4');
  rmSync(system, { recursive: true });
}

/** A file system image with a directory's content and some free space; renamed into place when complete. */
function makeImage(directory: string, name: string): void {
  const image = join(HOME, name);
  const bytes = Number(run('du', ['-sb', '--apparent-size', directory]).split('\t')[0]);
  const part = `${image}.part`;
  rmSync(part, { force: true });
  run('truncate', ['-s', String(Math.ceil(bytes * 1.4) + 300_000_000), part]);
  run('mkfs.ext4', ['-q', '-F', '-O', '^has_journal', '-d', directory, part], { timeout: 900_000 });
  renameSync(part, image);
}
