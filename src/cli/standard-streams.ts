import { once } from 'node:events';
import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

import { UsageError } from '../model/problem.js';
import { STATUS } from './exit-status.js';

const STDOUT = 1;
const STDERR = 2;
/** Characters per write. */
const BLOCK = 1 << 16;

/**
 * The streams in use. Node.js loads what they consist of when first asked for them, which takes some milliseconds.
 */
const used: NodeJS.WriteStream[] = [];

/** The stream of standard output. `ipsec-logwatch log | head` closes it early: exits silently. */
export function standardOutput(): NodeJS.WriteStream {
  if (!used.includes(process.stdout)) used.push(process.stdout.on('error', endOnError));
  return process.stdout;
}

/** The stream of standard error. */
export function standardError(): NodeJS.WriteStream {
  if (!used.includes(process.stderr)) used.push(process.stderr);
  return process.stderr;
}

export const isOutputTerminal = (): boolean => isTerminal(STDOUT);
export const isErrorTerminal = (): boolean => isTerminal(STDERR);

/** Has everything reached its destination, so that the process may exit at once? */
export function isAllWritten(): boolean {
  return used.every(({ writableLength }) => writableLength === 0);
}

/** Prints pieces in sequence with back-pressure, since a report may be larger than memory. */
export async function printPieces(pieces: Iterable<string>): Promise<void> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < BLOCK) continue;
    await print(text);
    text = '';
  }
  if (text !== '') await print(text);
}

/** Files and pipes need no stream, except for a pipe that is full and does not block. */
async function print(text: string): Promise<void> {
  const rest = used.length > 0 || isOutputTerminal() ? text : writeNow(Buffer.from(text));
  if (rest.length > 0 && !standardOutput().write(rest)) await once(standardOutput(), 'drain');
}

/** Writes at once, and returns what the pipe did not take. @throws UsageError if there is no space left. */
function writeNow(bytes: Buffer): Buffer {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(STDOUT, rest));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') process.exit(STATUS.healthy);
    if (code !== 'EAGAIN') throw new UsageError(cannotWrite(code));
  }
  return rest;
}

/** A reader that has gone is no error; a full disk is none of this program's. */
function endOnError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(STATUS.healthy);
  if (error.syscall !== 'write') throw error;
  standardError().write(`ipsec-logwatch: ${cannotWrite(error.code)}\n`);
  process.exit(STATUS.notRun);
}

const cannotWrite = (code: string | undefined): string => `Cannot write the report: ${code}`;

/** Only a device is examined further. */
function isTerminal(fd: number): boolean {
  return fstatSync(fd).isCharacterDevice() && isatty(fd);
}
