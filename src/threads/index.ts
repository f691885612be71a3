import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import type { AnalyzeOptions } from '../analyze-options.js';
import { STANDARD_INPUT } from '../sources/index.js';
import type { FoundInputs } from '../sources/index.js';
import type { Task } from './messages.js';

export type { Task } from './messages.js';
export { readInThread } from './thread-reader.js';

/** Bytes of inputs, as they are stored, from which on a second thread saves more time than it takes to begin. */
const LARGE = 100e6;

/** The build puts it beside its bundles; beside the sources there is none. */
const THREAD = new URL('reading-thread.js', import.meta.url);

/** What a second thread is to read for this run, or null where this one should. */
export function taskForThread(found: FoundInputs, options: AnalyzeOptions): { readonly thread: URL; readonly task: Task } | null {
  const { threads, live, journal } = options;
  const isWorthIt = threads === 2 || (threads === undefined && (found.size ?? 0) >= LARGE && availableParallelism() > 1);
  if (!isWorthIt || live || journal !== undefined || found.inputs.includes(STANDARD_INPUT) || !existsSync(fileURLToPath(THREAD))) return null;
  const { rules, now, year, zone, fileTimes, since, until } = options;
  const given = Object.entries({ year, fileTimes, since, until }).filter(([, value]) => value !== undefined);
  return { thread: THREAD, task: { found, rules, now, zone: zone ?? null, ...Object.fromEntries(given) } };
}
