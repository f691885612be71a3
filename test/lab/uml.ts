import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { baseOf } from './install.js';
import { LAB_ROOT } from './paths.js';
import { run } from './shell.js';

const HOME = join(LAB_ROOT, 'uml');
const KERNEL = join(HOME, 'linux');
const CONFIG = fileURLToPath(new URL('./uml.config', import.meta.url));
const INIT = fileURLToPath(new URL('./uml.sh', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** Was User Mode Linux built here? */
export const hasUml = (): boolean => existsSync(KERNEL);

/**
 * The command that boots it for one job: this machine's files are its root file system; only the job's folder and the
 * captures are modified.
 */
export function umlCommand(job: string): string[] {
  const root = 'root=/dev/root rootfstype=hostfs rootflags=/ ro'.split(' ');
  const folders = [`JOB=${job}`, `REPOSITORY=${REPOSITORY}`, `LAB=${LAB_ROOT}`];
  return [KERNEL, 'mem=2G', 'seccomp=auto', 'con=null', 'con0=null,fd:1', 'quiet', 'audit=1', 'audit_backlog_limit=8192', ...root, `init=${INIT}`, ...folders];
}

/**
 * Builds User Mode Linux from the source of Debian unstable, because Debian's packaged one lacks space for the
 * registers of recent processors. Takes a quarter of an hour on two cores.
 */
function buildUml(): void {
  const source = join(HOME, 'source');
  rmSync(source, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  unpackSource(source);
  copyFileSync(CONFIG, join(source, '.config'));
  const make = (...goals: string[]): string => run('make', ['-s', '-C', source, 'ARCH=um', `-j${availableParallelism()}`, ...goals], { timeout: 7_200_000, maxBuffer: 64_000_000 });
  make('olddefconfig');
  make('linux');
  run('strip', [join(source, 'linux')]);
  renameSync(join(source, 'linux'), KERNEL);
  rmSync(source, { recursive: true });
}

function unpackSource(directory: string): void {
  const root = baseOf('sid');
  const fetched = join(root, 'root/kernel');
  mkdirSync(fetched, { recursive: true });
  const named = `$(apt-cache depends linux-source | sed -n 's/.*Depends: //p')`;
  // An expired index of a mirror is good enough
  const apt = 'apt-get -o Acquire::Check-Valid-Until=false';
  run('chroot', [root, 'sh', '-c', `${apt} update && cd /root/kernel && ${apt} download ${named}`], { timeout: 900_000 });
  const tar = `dpkg-deb --fsys-tarfile ${fetched}/linux-source-*.deb | tar xO --wildcards './usr/src/linux-source-*.tar.xz' | tar xJ --strip-components=1 -C ${directory}`;
  run('bash', ['-c', `set -o pipefail; ${tar}`], { timeout: 900_000 });
  rmSync(fetched, { recursive: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) buildUml();
