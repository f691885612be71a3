import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Exit statuses that mean success; only 0 by default. */
  readonly accepted?: readonly number[];
}

/** One run of a command. */
export interface Run {
  /** Wall-clock time of the process. */
  readonly seconds: number;
  /** Time to the first byte of output; null if there is none. */
  readonly firstOutput: number | null;
  /**
   * Peak resident set of the process and its awaited children, in bytes; null if neither GNU time nor /proc is
   * available.
   */
  readonly peak: number | null;
}

const GNU_TIME = '/usr/bin/time';
const POLL = 10;
const ERROR_CHARACTERS = 2000;
/** Checked once: GNU time may be missing, and other programs of that name do not support -f. */
let gnuTime: Promise<boolean> | undefined;

/** Runs a command to its end; `onOutput` receives its output. Throws with the end of its error output if it fails. */
export async function measure({ program, args, env = {}, accepted = [0] }: Command, onOutput?: (output: Buffer) => void): Promise<Run> {
  const report = join(tmpdir(), `ipsec-logwatch-bench-peak-${process.pid}`);
  const isTimed = await (gnuTime ??= hasGnuTime());
  const [file, ...rest] = isTimed ? [GNU_TIME, '-q', '-f', '%M', '-o', report, program, ...args] : [program, ...args];
  const begin = performance.now();
  // Use a pipe that is read rather than /dev/null, for which grep stops at the first match.
  const child = spawn(file!, rest, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const polled = isTimed ? undefined : pollPeak(child);
  const output = watch(child, begin);
  if (onOutput !== undefined) child.stdout?.on('data', onOutput);
  const [status] = (await once(child, 'close')) as [number | null];
  const seconds = (performance.now() - begin) / 1000;
  const peak = isTimed ? readPeak(report) : (polled?.() ?? null);
  if (status === null || !accepted.includes(status)) throw new Error(`${program}: exit status ${status}: ${output.errors.trim()}`);
  return { seconds, firstOutput: output.first, peak };
}

async function hasGnuTime(): Promise<boolean> {
  const child = spawn(GNU_TIME, ['-f', '%M', 'true'], { stdio: 'ignore' });
  const outcome = await Promise.race([once(child, 'close'), once(child, 'error')]).catch(() => [1]);
  return outcome[0] === 0;
}

function watch(child: ChildProcess, begin: number): { first: number | null; errors: string } {
  const output: { first: number | null; errors: string } = { first: null, errors: '' };
  child.stdout?.on('data', () => (output.first ??= (performance.now() - begin) / 1000));
  child.stderr?.on('data', (text: Buffer) => (output.errors = (output.errors + String(text)).slice(-ERROR_CHARACTERS)));
  return output;
}

function readPeak(report: string): number | null {
  const kilobytes = Number(readFileSync(report, 'utf8').trim().split('\n').at(-1));
  rmSync(report);
  return Number.isFinite(kilobytes) ? kilobytes * 1024 : null;
}

/**
 * Fallback without GNU time: Linux keeps the high-water mark while the process lives, so the last poll gives the peak,
 * except for what came after it.
 */
function pollPeak({ pid }: ChildProcess): () => number | null {
  let peak: number | null = null;
  const timer = setInterval(() => {
    try {
      const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      if (kilobytes !== undefined) peak = Number(kilobytes) * 1024;
    } catch {
      clearInterval(timer); // ended, or there is no /proc
    }
  }, POLL);
  return () => {
    clearInterval(timer);
    return peak;
  };
}
