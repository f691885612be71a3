import type { Problem } from '../model/problem.js';

/** Keeps (the rest of) an input from being read. Thrown and caught within the sources only; the reader learns of it as a {@link Problem}. */
export class SourceError extends Error {
  constructor(readonly check: string, message: string, readonly help: string) {
    super(message);
    this.name = 'SourceError';
  }
}

/** What is known of an input that could not be read, or not to its end. */
export function describeError(input: string, error: NodeJS.ErrnoException): Problem {
  // What is no text is no log of which a part would be missing.
  if (error instanceof SourceError) return { level: error.check === 'not-text' ? 'warning' : 'error', check: error.check, message: error.message, where: { file: input, line: null }, help: error.help };
  return unreadable(input, error);
}

/** An archive whose content ends or breaks before its time; `reason` as the unpacker gives it. */
export function damaged(reason: string): SourceError {
  return new SourceError('damaged-archive', `Cannot unpack to the end (${reason})`, 'The lines before the damage were read; get a complete copy for the others');
}

/** More members than a gateway has files are an attack. */
export const MAX_MEMBERS = 100_000;

export function tooMany(): SourceError {
  return new SourceError('archive-bomb', `Stopped after ${MAX_MEMBERS} files`, 'Unpack it and name the files that matter');
}

/** What grows so much was made to exhaust its reader. */
export function endless(factor: number): SourceError {
  return new SourceError('archive-bomb', `Stopped unpacking at more than ${factor} times the packed size`, 'If it really is a log, unpack it and name the result');
}

/** A file whose content cannot be lines of a log. */
export function notText(path: string, what: string, help: string): Problem {
  return { level: 'warning', check: 'not-text', message: `Expected text, got ${what}`, where: { file: path, line: null }, help: help.replace('FILE', path) };
}

/** Names printed of files that nobody named and that are no text; a log directory has many. */
const NAMES_SHOWN = 3;

/** Files of a directory or archive that are no text: one problem for all of them, or null. */
export function leftOut(container: string, names: readonly string[]): Problem | null {
  if (names.length === 0) return null;
  const more = names.length - NAMES_SHOWN;
  const list = `${names.slice(0, NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return {
    level: 'warning',
    check: 'not-text',
    message: `Left out ${names.length} file${names.length === 1 ? '' : 's'} that ${names.length === 1 ? 'is' : 'are'} no text: ${list}`,
    where: { file: container, line: null },
    help: 'Nothing to do unless one of them should be a log',
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
