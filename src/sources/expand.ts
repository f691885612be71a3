import { accessSync, constants, statSync } from 'node:fs';
import type { Stats } from 'node:fs';

import type { Problem } from '../model/problem.js';
import { probeFile } from './bytes.js';
import { classify } from './content.js';
import { leftOut, unreadable } from './problems.js';
import { sortByAge } from './rotation.js';

/** Standard input, as an argument and as a source name. */
export const STANDARD_INPUT = '-';

export interface Expansion {
  /** Paths and `-`; parts of a rotated log are in order, oldest first. */
  readonly inputs: string[];
  readonly problems: Problem[];
}

/** Expands arguments to inputs: files, directories (recursively), glob patterns, and `-`. */
export async function expandInputs(args: readonly string[]): Promise<Expansion> {
  const problems: Problem[] = [];
  const found: string[] = [];
  for (const arg of args) found.push(...(await expandOne(arg, problems)));
  return { inputs: sortByAge(withoutAliases([...new Set(found)])), problems };
}

/** Total size in bytes as stored, or null if an input is not a regular file. */
export function sizeOf(inputs: readonly string[]): number | null {
  let total = 0;
  for (const input of inputs) {
    const status = input === STANDARD_INPUT ? null : statusOf(input);
    if (status?.isFile() !== true) return null;
    total += status.size;
  }
  return total;
}

/** Can the argument match further files later, because it is a pattern or a directory? */
export async function isOpenEnded(arg: string): Promise<boolean> {
  const status = statusOf(arg);
  return status === null ? arg !== '' && (await globbing()).isDynamicPattern(arg) : status.isDirectory();
}

async function expandOne(arg: string, problems: Problem[]): Promise<string[]> {
  if (arg === STANDARD_INPUT) return [arg];
  const status = resultOf(() => statSync(arg));
  if (!(status instanceof Error)) return status.isDirectory() ? readableOf(await filesIn(arg, problems), arg, problems) : [arg];
  if (arg === '') {
    problems.push({ ...unreadable(arg, status), help: 'A variable that should contain a path may be empty' });
    return [];
  }
  const fastGlob = await globbing();
  if (!fastGlob.isDynamicPattern(arg)) {
    problems.push(unreadable(arg, status));
    return [];
  }
  // Symbolic links may form cycles, which only a pattern without `**` limits.
  const files = await fastGlob(arg, { dot: true, suppressErrors: true, followSymbolicLinks: !arg.includes('**') });
  return readableOf(files.sort(byName), arg, problems);
}

/** Loaded on demand: most runs name their files and start faster without it. */
async function globbing(): Promise<typeof import('fast-glob')> {
  return (await import('fast-glob')).default;
}

async function filesIn(directory: string, problems: Problem[]): Promise<string[]> {
  const base = directory.replace(/(?<!\/)\/+$/, '') || '/';
  const fastGlob = await globbing();
  // Links to files count (Kubernetes makes such links in /var/log/containers); links to directories are not followed.
  const names = await fastGlob('**/*', { cwd: directory, dot: true, followSymbolicLinks: false, onlyFiles: false, suppressErrors: true });
  const paths = names.sort(byName).map((name) => (base === '/' ? `/${name}` : `${base}/${name}`));
  const found = paths.map(statusOf);
  const folders = [directory, ...paths.filter((_path, index) => found[index]?.isDirectory() === true)];
  for (const folder of folders) {
    const error = resultOf(() => accessSync(folder, constants.R_OK | constants.X_OK));
    if (error instanceof Error) problems.push({ ...unreadable(folder, error), level: folder === directory ? 'error' : 'warning' });
  }
  return paths.filter((_path, index) => found[index]?.isFile() === true);
}

/** Reads a file with several names once, under its first name. */
function withoutAliases(paths: readonly string[]): string[] {
  const seen = new Set<string>();
  const kept: string[] = [];
  for (const path of paths) {
    const status = path === STANDARD_INPUT ? null : statusOf(path);
    const key = status?.isFile() === true ? `${status.dev}:${status.ino}` : path;
    if (!seen.has(key)) kept.push(path);
    seen.add(key);
  }
  return kept;
}

/** Keeps files that are or may contain text. A file that was not named explicitly causes a warning only. */
function readableOf(paths: readonly string[], arg: string, problems: Problem[]): string[] {
  const kept: string[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const head = resultOf(() => probeFile(path));
    if (head instanceof Error) problems.push({ ...unreadable(path, head), level: 'warning' });
    else (classify(head).type === 'not-text' ? others : kept).push(path);
  }
  const problem = leftOut(arg, others);
  if (problem !== null) problems.push(problem);
  if (paths.length === 0 && !problems.some(({ where }) => where?.file === arg)) problems.push(noMatch(arg));
  return kept;
}

/** Null if the file system does not tell. */
function statusOf(path: string): Stats | null {
  const status = resultOf(() => statSync(path));
  return status instanceof Error ? null : status;
}

/** The result, or the error that the file system gave. */
function resultOf<T>(ask: () => T): T | NodeJS.ErrnoException {
  try {
    return ask();
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

function noMatch(arg: string): Problem {
  return { level: 'error', check: 'missing-input', message: `No files in or matching '${arg}'`, where: null, help: 'Check the pattern or directory, or pass a file' };
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
