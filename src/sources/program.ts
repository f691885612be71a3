import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';

import type { Bytes } from './bytes.js';

/** A program that could not be started or that failed. */
export class ProgramError extends Error {
  constructor(message: string, readonly isMissing: boolean) {
    super(message);
    this.name = 'ProgramError';
  }
}

/** Characters of standard error to keep. */
const MAX_SAID = 2000;
/** Exit status of `env` if the program does not exist (POSIX). */
const NOT_FOUND = 127;

export interface RunOptions {
  /** Standard input of the program; none if omitted. */
  readonly input?: Bytes;
  /** `NAME=value` pairs for its environment. */
  readonly variables?: readonly string[];
  /** Receives the first line of standard error if the program succeeds nevertheless. */
  readonly onSaid?: (line: string) => void;
}

/**
 * Yields the output of a program, started through `env` with LC_ALL=C so that its messages are in English.
 *
 * @throws ProgramError after the last output, and the errors of `input`.
 */
export async function* runProgram(program: string, args: readonly string[], { input, variables = [], onSaid }: RunOptions): AsyncGenerator<Buffer> {
  const child = spawn('env', ['LC_ALL=C', ...variables, program, ...args], { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve).once('error', () => resolve(NOT_FOUND)));
  const fed = child.stdin === null || input === undefined ? Promise.resolve(null) : pipeline(input, child.stdin).then(() => null, (error: NodeJS.ErrnoException) => error);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(0, MAX_SAID); });
  try {
    for await (const piece of child.stdout ?? []) yield piece as Buffer;
    const status = await ended;
    const failure = await fed;
    if (failure !== null && !isClosedPipe(failure)) throw failure;
    if (status !== 0) throw new ProgramError(firstLine(said) || `${program} ended with status ${status}`, status === NOT_FOUND);
    if (said.trim() !== '') onSaid?.(firstLine(said));
  } finally {
    child.kill();
  }
}

/** The program stopped reading its input; its exit status says why. */
function isClosedPipe({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET';
}

/** The first non-empty line, without the name that unpackers print for standard input. */
function firstLine(text: string): string {
  const line = text.split('\n').find((each) => each.trim() !== '') ?? '';
  return line.replace(/^(?:\w+: )?(?:\(stdin\)|stdin|\/\*stdin\*\\) ?: /, '').trim();
}
