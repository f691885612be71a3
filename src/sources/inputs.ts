import type { LineBatch } from './batch.js';
import { countBytes, peek } from './bytes.js';
import { classify } from './content.js';
import { expandInputs, sizeOf, STANDARD_INPUT, type Expansion } from './expand.js';
import { JOURNAL, readJournal, type JournalQuery } from './journal.js';
import { describeError } from './problems.js';
import { readGrowing, readInput, type ReadOptions } from './read.js';
import { familiesOf, isArchive, isJournal } from './rotation.js';

/** Lines of one log, including its rotated parts. */
type Log = AsyncIterable<LineBatch>;

/** All inputs of a run. */
export interface Inputs {
  /** Paths, `-` and {@link JOURNAL} as they were found; parts of a rotated log oldest first. */
  readonly names: readonly string[];
  /** Logs within a group may be merged by time; groups are read in sequence, live input last. */
  readonly groups: AsyncIterable<readonly Log[]>;
  /** Reading progress in bytes as stored; `total` is null if unknown. */
  progress(): { readonly bytes: number; readonly total: number | null };
}

export interface InputOptions extends Omit<ReadOptions, 'onBytes' | 'onAgain'> {
  /** Is the run live, reporting changes while it reads? */
  readonly isLive: boolean;
  /** Called whenever bytes were read. */
  readonly onProgress?: () => void;
}

/** Inputs found for the arguments; plain data, which can be passed between threads. */
export interface FoundInputs extends Expansion {
  /** Total size in bytes as stored, or null if an input is not a regular file. */
  readonly size: number | null;
}

/** Finds the inputs that arguments name. Never throws because of an input. */
export async function findInputs(args: readonly string[]): Promise<FoundInputs> {
  const expansion = await expandInputs(args);
  return { ...expansion, size: sizeOf(expansion.inputs) };
}

/** Opens inputs. Never throws because of an input: see {@link ReadOptions.onProblem}. */
export function openInputs({ inputs, problems, size }: FoundInputs, journal: JournalQuery | null, options: InputOptions): Inputs {
  problems.forEach(options.onProblem);
  let total = journal === null ? size : null;
  let bytes = 0;
  const counting: ReadOptions = {
    ...options,
    onBytes: (count) => {
      bytes += count;
      options.onProgress?.();
    },
    onAgain: (count) => { total = total === null ? null : total + count; },
  };
  return {
    names: journal === null ? inputs : [...inputs, JOURNAL],
    groups: openGroups(inputs, journal, options.isLive, counting),
    progress: () => ({ bytes, total }),
  };
}

async function* openGroups(inputs: readonly string[], journal: JournalQuery | null, isLive: boolean, options: ReadOptions): AsyncGenerator<readonly Log[]> {
  const stored = await openStored(inputs.filter((input) => input !== STANDARD_INPUT), options);
  if (journal !== null) stored.push(readJournal(journal, options));
  const hasStdin = inputs.includes(STANDARD_INPUT);
  if (!isLive && hasStdin) stored.push(...(await openStdin(options)));
  if (stored.length > 0) yield stored;
  if (isLive && hasStdin) yield await openStdin(options);
}

/** Each archive contains several logs. Journal files are merged by journalctl. */
async function openStored(paths: readonly string[], options: ReadOptions): Promise<Log[]> {
  const logs: Log[] = [];
  for (const archive of paths.filter(isArchive)) logs.push(...(await (await import('./containers.js')).openArchive(archive, options)));
  const journals = paths.filter(isJournal);
  if (journals.length > 0) logs.push((await import('./journal.js')).readJournalFiles(journals, options));
  for (const family of familiesOf(paths.filter((path) => !isArchive(path) && !isJournal(path)))) logs.push(readAll(family, options));
  return logs;
}

async function* readAll(inputs: readonly string[], options: ReadOptions): AsyncGenerator<LineBatch> {
  for (const input of inputs) yield* readInput(input, options);
}

async function openStdin(options: ReadOptions): Promise<readonly Log[]> {
  const { head, bytes } = await peek(countBytes(options.stdin, (count) => options.onBytes?.(count)), false);
  if (classify(head).type === 'text') return [readGrowing(STANDARD_INPUT, bytes, options)];
  try {
    return await (await import('./containers.js')).openLayer(STANDARD_INPUT, { bytes, again: null }, 0, options);
  } catch (error) {
    options.onProblem(describeError(STANDARD_INPUT, error as NodeJS.ErrnoException));
    return [];
  }
}
