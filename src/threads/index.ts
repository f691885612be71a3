import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import type { AnalyzeOptions } from '../analyze-options.js';
import { STANDARD_INPUT } from '../sources/index.js';
import type { FoundInputs } from '../sources/index.js';
import type { Task } from './messages.js';

export type { Task } from './messages.js';
export { readInThread } from './thread-reader.js';

/** Total input size in bytes, as stored, above which a second thread saves more time than its start costs. */
const LARGE = 100e6;

/** The build puts it next to the bundles; it does not exist next to the sources. */
const THREAD = new URL('reading-thread.js', import.meta.url);

/** The task for a second thread, or null if this thread should do the reading itself. */
export function taskForThread(found: FoundInputs, options: AnalyzeOptions): { readonly thread: URL; readonly task: Task } | null {
  const { threads, live, journal } = options;
  const isWorthIt = threads === 2 || (threads === undefined && (found.size ?? 0) >= LARGE && availableParallelism() > 1);
  if (!isWorthIt || live || journal !== undefined || found.inputs.includes(STANDARD_INPUT) || !existsSync(fileURLToPath(THREAD))) return null;
  const { rules = [], now, year, zone, fileTimes, since, until } = options;
  const given = Object.entries({ year, fileTimes, since, until }).filter(([, value]) => value !== undefined);
  return { thread: THREAD, task: { found, rules, now, zone: zone ?? null, ...Object.fromEntries(given) } };
}
