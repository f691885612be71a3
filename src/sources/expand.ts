import { stat } from 'node:fs/promises';

import fastGlob from 'fast-glob';

import type { Problem } from '../model/problem.js';
import { probeContent } from './content.js';
import { sortByAge } from './rotation.js';

/** Standard input, as an argument and as a source. */
export const STANDARD_INPUT = '-';

export interface Inputs {
  /** Paths, and `-`. Parts of a rotated log come oldest first. */
  readonly inputs: string[];
  readonly problems: Problem[];
}

/** Finds the inputs that arguments name: files, directories with all that is in them, glob patterns, and `-`. */
export async function expandInputs(args: readonly string[]): Promise<Inputs> {
  const problems: Problem[] = [];
  const found: string[] = [];
  for (const arg of args) found.push(...(await expandOne(arg, problems)));
  return { inputs: sortByAge([...new Set(found)]), problems };
}

async function expandOne(arg: string, problems: Problem[]): Promise<string[]> {
  if (arg === STANDARD_INPUT) return [arg];
  const status = await stat(arg).catch((error: NodeJS.ErrnoException) => error);
  if (!(status instanceof Error)) return status.isDirectory() ? readableOf(await filesIn(arg), arg, problems) : [arg];
  if (!fastGlob.isDynamicPattern(arg)) {
    problems.push(unreadable(arg, status));
    return [];
  }
  const files = await fastGlob(arg, { dot: true, suppressErrors: true });
  return readableOf(files.sort(byName), arg, problems);
}

async function filesIn(directory: string): Promise<string[]> {
  const base = directory.replace(/\/+$/, '') || '/';
  const names = await fastGlob('**/*', { cwd: directory, dot: true, followSymbolicLinks: false, suppressErrors: true });
  return names.sort(byName).map((name) => (base === '/' ? `/${name}` : `${base}/${name}`));
}

/** Keeps what is text. Files that nobody named one by one are no reason to stop. */
async function readableOf(paths: readonly string[], arg: string, problems: Problem[]): Promise<string[]> {
  const kept: string[] = [];
  for (const path of paths) {
    const content = await probeContent(path).catch((error: NodeJS.ErrnoException) => error);
    if (content instanceof Error) problems.push({ ...unreadable(path, content), level: 'warning' });
    else if (content.type === 'not-text') problems.push(notText(path, content.what, content.help));
    else kept.push(path);
  }
  if (paths.length === 0) problems.push(noMatch(arg));
  return kept;
}

/** A file whose content cannot be lines of a log. */
export function notText(path: string, what: string, help: string): Problem {
  return { level: 'warning', check: 'not-text', message: `Expected text, got ${what}`, where: { file: path, line: null }, help: help.replace('FILE', path) };
}

/** A file that cannot be opened or read. */
export function unreadable(path: string, error: NodeJS.ErrnoException): Problem {
  const isMissing = error.code === 'ENOENT';
  const help = isMissing ? 'Check the path' : error.code === 'EACCES' ? 'Run as a user who may read it, e.g. with sudo or as a member of group adm' : 'Check the file system';
  return {
    level: 'error',
    check: isMissing ? 'missing-input' : 'unreadable-input',
    message: isMissing ? `Missing file '${path}'` : `Cannot read '${path}': ${error.code ?? error.message}`,
    where: { file: path, line: null },
    help,
  };
}

function noMatch(arg: string): Problem {
  return { level: 'error', check: 'missing-input', message: `Missing files in or matching '${arg}'`, where: null, help: 'Check the pattern or directory, or name a file' };
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
