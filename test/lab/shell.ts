import { spawnSync, type SpawnSyncOptions } from 'node:child_process';

/** Output and exit status of a command. */
export interface Result {
  status: number;
  output: string;
}

/**
 * Runs a program and returns its output, whatever its status: a daemon that refuses is often the subject of a scenario.
 */
export function attempt(program: string, args: readonly string[], options: SpawnSyncOptions = {}): Result {
  const done = spawnSync(program, args, { timeout: 120_000, ...options, encoding: 'utf8' });
  if (done.error && done.status === null && !done.signal) throw done.error;
  return { status: done.status ?? 255, output: `${done.stdout ?? ''}${done.stderr ?? ''}` };
}

/** Runs a program, and throws if it fails. */
export function run(program: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const result = attempt(program, args, options);
  if (result.status === 0) return result.output;
  throw new Error(`${program} ${args.join(' ')}: exit status ${result.status}\n${result.output}`);
}

export const sleep = (seconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });

/**
 * Polls until a condition holds, rather than guessing how long a daemon needs. The interval grows, since polling costs
 * time too.
 */
export async function until(what: string, holds: () => boolean, seconds = 45): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (let pause = 0.1; !holds(); pause = Math.min(pause * 1.5, 2)) {
    if (Date.now() > end) throw new Error(`gave up waiting for ${what}`);
    await sleep(pause);
  }
}
