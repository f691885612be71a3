import type { LineBatch } from './batch.js';
import { expandInputs, sizeOf } from './expand.js';
import { JOURNAL, readJournal, type JournalQuery } from './journal.js';
import { readInput, type ReadOptions } from './read.js';
import { familiesOf } from './rotation.js';

/** All that one run reads. */
export interface Inputs {
  /** Paths, `-` and {@link JOURNAL}, in the order in which they are read: the parts of a rotated log oldest first. */
  readonly names: readonly string[];
  /** Logs that may be read side by side, each with its rotated parts. What comes in while it is read is one with all others. */
  readonly streams: readonly AsyncIterable<LineBatch>[];
  /** How far the reading is, in bytes as they are stored; `total` is null where nobody knows. */
  progress(): { readonly bytes: number; readonly total: number | null };
}

export interface InputOptions extends Omit<ReadOptions, 'onBytes' | 'onAgain'> {
  /** Is somebody told of what happens while it is read? */
  readonly isLive: boolean;
}

/** Finds the inputs that arguments name. Never throws for their sake: see {@link ReadOptions.onProblem}. */
export async function openInputs(args: readonly string[], journal: JournalQuery | null, options: InputOptions): Promise<Inputs> {
  const { inputs, problems } = await expandInputs(args);
  problems.forEach(options.onProblem);
  let total = journal === null ? await sizeOf(inputs) : null;
  let bytes = 0;
  const counting: ReadOptions = {
    ...options,
    onBytes: (count) => { bytes += count; },
    onAgain: (count) => { total = total === null ? null : total + count; },
  };
  return {
    names: journal === null ? inputs : [...inputs, JOURNAL],
    streams: total === null || options.isLive ? [readAll(inputs, journal, counting)] : familiesOf(inputs).map((family) => readAll(family, null, counting)),
    progress: () => ({ bytes, total }),
  };
}

async function* readAll(inputs: readonly string[], journal: JournalQuery | null, options: ReadOptions): AsyncGenerator<LineBatch> {
  for (const input of inputs) yield* readInput(input, options);
  if (journal !== null) yield* readJournal(journal, options);
}
