import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { FollowerProcess, twice } from './follower-process.js';
import { failures, seeded } from './load.js';

/*
 * npm run kill-test -- [--rounds N] [--seed N]
 *
 * rsyslogd writes the messages of logger, logrotate rotates the log, and one follower is killed with SIGKILL at random
 * times. Its reports across all restarts must equal those of a follower that was never killed, and the planted failures.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } } });
/** Ways to rotate, in turn. copytruncate loses what is written meanwhile, for any reader, so the load pauses for it. */
const ROTATIONS = ['create', 'nocreate', 'create', 'copytruncate'];
/** Attempts sent at once, and the milliseconds in between. */
const BURST = { attempts: 5, every: 20 };
const LONGEST_LIFE = 4000;
/** Polls without news after which missing reports will not arrive, even on a busy machine. */
const PATIENCE = 8;

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
const needed = (['rsyslogd', 'logrotate', 'logger'] as const).filter((program) => spawnSync(program, ['--version']).error !== undefined && !existsSync(`/usr/sbin/${program}`));

/** rsyslogd with its own configuration, socket and log, and a logger that feeds it. */
class Logging {
  readonly log: string;
  lines = 0;
  readonly failed: string[] = [];
  private readonly load = failures();
  private readonly rsyslogd: ChildProcess;
  private readonly logger: ChildProcess;

  constructor(private readonly directory: string) {
    mkdirSync(join(directory, 'log'));
    this.log = join(directory, 'log', 'ipsec.log');
    const socket = join(directory, 'socket');
    const configuration = join(directory, 'rsyslog.conf');
    writeFileSync(configuration, `global(workDirectory="${directory}")\nmodule(load="imuxsock" SysSock.Use="off")\ninput(type="imuxsock" Socket="${socket}" RateLimit.Interval="0")\n*.* action(type="omfile" file="${this.log}" template="RSYSLOG_FileFormat")\n`);
    this.rsyslogd = spawn('/usr/sbin/rsyslogd', ['-n', '-f', configuration, '-i', join(directory, 'pid')], { stdio: 'ignore' });
    while (!existsSync(socket)) spawnSync('sleep', ['0.1']);
    this.logger = spawn('logger', ['-u', socket, '-t', 'charon', '-p', 'daemon.info'], { stdio: ['pipe', 'ignore', 'inherit'] });
  }

  send(attempts: number): void {
    for (let count = 0; count < attempts; count += 1) {
      const { messages, failed } = this.load.next().value;
      this.logger.stdin?.write(messages.map((message) => `${message}\n`).join(''));
      this.lines += messages.length;
      this.failed.push(...failed);
    }
  }

  /** Waits until rsyslogd has written everything it was sent. */
  async settled(): Promise<void> {
    for (let size = -1; size !== sizeOf(this.log); ) {
      size = sizeOf(this.log);
      await wait(500);
    }
  }

  /**
   * logrotate compresses at once, so what rsyslogd still wrote to the old file would be lost: waits until rsyslogd has
   * closed it.
   */
  rotate(how: string): void {
    const configuration = join(this.directory, 'logrotate.conf');
    const { pid } = this.rsyslogd;
    const reopen = `kill -HUP ${pid}\n    while ls -l /proc/${pid}/fd | grep -q '/ipsec[.]log[.]1$'; do sleep 0.05; done`;
    writeFileSync(configuration, `${this.log} {\n  rotate 1000\n  missingok\n  compress\n  ${how}\n  postrotate\n    ${reopen}\n  endscript\n}\n`);
    const { status, stderr } = spawnSync('/usr/sbin/logrotate', ['-f', '-s', join(this.directory, 'logrotate.state'), configuration], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`logrotate: ${stderr}`);
  }

  stop(): void {
    this.logger.stdin?.end();
    this.rsyslogd.kill();
  }
}

async function main(directory: string): Promise<boolean> {
  const random = seeded(Number(values.seed));
  const logging = new Logging(directory);
  const killed = new FollowerProcess(logging.log, join(directory, 'state'), join(directory, 'told'));
  const spared = new FollowerProcess(logging.log, join(directory, 'state-of-the-other'), join(directory, 'told-by-the-other'));
  let isPaused = false;
  // If a follower is killed before it has read the initial contents, the next one cannot know about them.
  killed.start();
  spared.start();
  while (!killed.hasBegun() || !spared.hasBegun()) await wait(100);
  const sending = setInterval(() => { if (!isPaused) logging.send(BURST.attempts); }, BURST.every);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    if (round > 0) killed.start();
    await wait(random() * LONGEST_LIFE);
    const how = ROTATIONS[round % ROTATIONS.length] ?? '';
    isPaused = how === 'copytruncate';
    if (isPaused) await logging.settled();
    if (round % 3 === 0) await killed.end('SIGKILL');
    logging.rotate(how);
    isPaused = false;
    await wait(random() * LONGEST_LIFE / 4);
    await killed.end('SIGKILL');
  }
  clearInterval(sending);
  killed.start();
  for (let last = -1, same = 0; same < PATIENCE; await wait(4000)) {
    const now = killed.told().length + spared.told().length;
    same = now === last ? same + 1 : 0;
    if (same > 0 && now >= 2 * logging.failed.length) break;
    last = now;
  }
  await Promise.all([killed.end('SIGTERM'), spared.end('SIGTERM')]);
  logging.stop();
  return compare(logging, killed, spared);
}

function compare({ lines, failed }: Logging, killed: FollowerProcess, spared: FollowerProcess): boolean {
  const [ours, theirs] = [killed.told(), spared.told()];
  const told = new Set(ours);
  const named = new Set(killed.failed());
  const others = new Set(theirs);
  const missing = failed.filter((name) => !named.has(name)).length;
  const differences = {
    'told twice': twice(ours).length,
    'told by the other one only': theirs.filter((key) => !told.has(key)).length,
    'planted and not told': missing,
    'not told by the other one': ours.filter((key) => !others.has(key)).length,
  };
  console.log(`${values.rounds} rounds, seed ${values.seed}: ${values.rounds} kills, ${values.rounds} rotations, ${lines} lines, ${failed.length} failures planted`);
  console.log(`told by the follower that was killed: ${ours.length}, by the one that was not: ${theirs.length}`);
  for (const [what, count] of Object.entries(differences)) console.log(`${what}: ${count}`);
  for (const { errors } of [killed, spared]) if (errors !== '') console.log(`what a follower complained about: ${errors}`);
  return Object.values(differences).every((count) => count === 0) && ours.length > 0 && readFileSync(killed.state, 'utf8') !== '';
}

if (needed.length > 0) {
  console.error(`Missing ${needed.join(', ')}: install the Debian packages rsyslog, logrotate and bsdutils`);
  process.exitCode = 2;
} else {
  const directory = mkdtempSync(join(tmpdir(), 'kill-test-'));
  const passed = await main(directory);
  if (passed) rmSync(directory, { recursive: true });
  else console.log(`files are left in ${directory}`);
  process.exitCode = passed ? 0 : 1;
}
