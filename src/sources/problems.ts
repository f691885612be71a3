import type { Problem } from '../model/problem.js';
import { MAX_LINE_LENGTH } from '../model/source-line.js';

/** Prevents reading an input, or its rest. Thrown and caught within the sources only; callers see a {@link Problem}. */
export class SourceError extends Error {
  constructor(readonly check: string, message: string, readonly help: string) {
    super(message);
    this.name = 'SourceError';
  }
}

/** The problem to report for an input that was not read completely. */
export function describeError(input: string, error: NodeJS.ErrnoException): Problem {
  // A file that is not text is no incomplete log, so it is only a warning.
  if (error instanceof SourceError) return { level: error.check === 'not-text' ? 'warning' : 'error', check: error.check, message: error.message, where: { file: input, line: null }, help: error.help };
  return unreadable(input, error);
}

/** An archive that is damaged or truncated; `reason` is the unpacker's message. */
export function damaged(reason: string): SourceError {
  return new SourceError('damaged-archive', `Cannot unpack to the end (${reason})`, 'The lines before the damage were read; get a complete copy for the rest');
}

/** A gateway does not have this many files; more members indicate an attack. */
export const MAX_MEMBERS = 100_000;

export function tooMany(): SourceError {
  return new SourceError('archive-bomb', `Stopped after ${MAX_MEMBERS} files`, 'Unpack it and pass the files that matter');
}

/** Data that expands this much is a decompression bomb. */
export function endless(factor: number): SourceError {
  return new SourceError('archive-bomb', `Stopped unpacking at more than ${factor} times the packed size`, 'If it really is a log, unpack it and pass the result');
}

/** `lines`: how many of an input were cut; no problem if none was. */
export function truncatedLines(input: string, lines: number): Problem[] {
  return lines === 0 ? [] : [{
    level: 'warning',
    check: 'line-too-long',
    message: `Truncated ${lines} line${lines === 1 ? '' : 's'} of more than ${MAX_LINE_LENGTH} characters`,
    where: { file: input, line: null },
    help: 'Ignore this unless they are from an IPsec daemon, whose lines are shorter',
  }];
}

/** The report names lines by the path under which they were read; after a rotation, that is another file. */
export function rotatedMeanwhile(path: string): Problem {
  return {
    level: 'warning', check: 'rotated', message: `${path} was rotated meanwhile: the numbers of earlier lines are those in the file as it was then`, where: null, help: 'Look for them in its rotated files',
  };
}

/** A file whose content cannot be log lines. */
export function notText(path: string, what: string, help: string): Problem {
  return { level: 'warning', check: 'not-text', message: `Expected text, got ${what}`, where: { file: path, line: null }, help: help.replace('FILE', path) };
}

/** File names listed in the message; a log directory may have many binary files. */
const NAMES_SHOWN = 3;

/** One problem for all files of a directory or archive that are not text, or null. */
export function leftOut(container: string, names: readonly string[]): Problem | null {
  if (names.length === 0) return null;
  const more = names.length - NAMES_SHOWN;
  const list = `${names.slice(0, NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return {
    level: 'warning',
    check: 'not-text',
    message: `Skipped ${names.length} file${names.length === 1 ? '' : 's'} that ${names.length === 1 ? 'is' : 'are'} not text: ${list}`,
    where: { file: container, line: null },
    help: 'Ignore this unless one of them should be a log',
  };
}

/** A file that cannot be opened or read. */
export function unreadable(path: string, error: NodeJS.ErrnoException): Problem {
  const isMissing = error.code === 'ENOENT';
  const help = isMissing || error.code === 'ENOTDIR' ? 'Check the path' : error.code === 'EACCES' ? 'Run as a user who may read it, e.g. with sudo or as a member of group adm' : 'Check the file system';
  return {
    level: 'error',
    check: isMissing ? 'missing-input' : 'unreadable-input',
    message: isMissing ? `Missing file '${path}'` : `Cannot read '${path}': ${error.code ?? error.message}`,
    where: { file: path, line: null },
    help,
  };
}
