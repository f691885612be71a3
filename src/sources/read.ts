import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';

import type { LineFilter } from '../model/line-filter.js';
import type { Problem } from '../model/problem.js';
import { MAX_LINE_LENGTH } from '../model/source-line.js';
import type { LineBatch } from './batch.js';
import { BlockLines } from './block-lines.js';
import { readBlocks } from './blocks.js';
import { probeContent } from './content.js';
import { STANDARD_INPUT, notText, unreadable } from './expand.js';
import { readStream } from './stream-lines.js';

export interface ReadOptions {
  /** Says which lines of a file matter. Standard input and pipes are passed on as a whole. */
  readonly filter: LineFilter;
  /** What `-` stands for. */
  readonly stdin: Readable;
  /** Called for each thing that keeps lines from being read, or read in full. */
  readonly onProblem: (problem: Problem) => void;
}

/** Reads the lines of one input that matter. Never throws for the input's sake: what cannot be read becomes a problem. */
export async function* readInput(input: string, options: ReadOptions): AsyncGenerator<LineBatch> {
  try {
    if (input === STANDARD_INPUT) yield* readStream(options.stdin, input, (lines) => reportCut(input, lines, options));
    else if ((await stat(input)).isFile()) yield* readFile(input, options);
    else yield* readStream(createReadStream(input), input, (lines) => reportCut(input, lines, options));
  } catch (error) {
    options.onProblem(describe(input, error as NodeJS.ErrnoException));
  }
}

async function* readFile(path: string, options: ReadOptions): AsyncGenerator<LineBatch> {
  const content = await probeContent(path);
  if (content.type === 'not-text') {
    options.onProblem(notText(path, content.what, content.help));
    return;
  }
  const lines = new BlockLines(path, options.filter);
  try {
    for await (const block of readBlocks(path, content.type, () => lines.space())) yield* lines.push(block);
  } catch (error) {
    options.onProblem(describe(path, error as NodeJS.ErrnoException));
  }
  yield lines.finish();
  reportCut(path, lines.cutLines, options);
}

function reportCut(input: string, lines: number, options: ReadOptions): void {
  if (lines === 0) return;
  options.onProblem({
    level: 'warning',
    check: 'line-too-long',
    message: `Cut ${lines} line${lines === 1 ? '' : 's'} of more than ${MAX_LINE_LENGTH} characters`,
    where: { file: input, line: null },
    help: 'Nothing to do if they are not by an IPsec daemon, whose lines are shorter',
  });
}

function describe(input: string, error: NodeJS.ErrnoException): Problem {
  if (!error.code?.startsWith('Z_')) return unreadable(input, error);
  return {
    level: 'warning',
    check: 'damaged-archive',
    message: `Cannot unpack '${input}' to its end: ${error.message}`,
    where: { file: input, line: null },
    help: 'The lines before the damage were read; get a complete copy for the others',
  };
}
