import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import type { AnalyzeOptions } from '../analyze-options.js';
import { expandInputs, sizeOf, STANDARD_INPUT } from '../sources/index.js';
import type { Task } from './messages.js';

export type { Task } from './messages.js';
export { readInThread } from './thread-reader.js';

/** Bytes of inputs, as they are stored, from which on a second thread saves more time than it takes to begin. */
const LARGE = 100e6;

/** The build puts it beside its bundles; beside the sources there is none. */
const THREAD = new URL('reading-thread.js', import.meta.url);

/** What a second thread is to read for this run, or null where this one should. */
export async function taskForThread(args: readonly string[], options: AnalyzeOptions): Promise<{ readonly thread: URL; readonly task: Task } | null> {
  const { threads, live, follow, journal } = options;
  const isPossible = !live && follow === undefined && journal === undefined && !args.includes(STANDARD_INPUT) && existsSync(fileURLToPath(THREAD));
  if (!isPossible || threads === 1 || (threads === undefined && (availableParallelism() === 1 || !(await areLarge(args))))) return null;
  const { rules, now, year, zone, fileTimes, since, until } = options;
  const given = Object.entries({ year, fileTimes, since, until }).filter(([, value]) => value !== undefined);
  return { thread: THREAD, task: { args, rules, now, zone: zone ?? null, ...Object.fromEntries(given) } };
}

async function areLarge(args: readonly string[]): Promise<boolean> {
  const size = await sizeOf((await expandInputs(args)).inputs);
  return size !== null && size >= LARGE;
}
