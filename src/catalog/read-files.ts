import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../model/problem.js';
import { lineAt, lineOfDepth } from './locate.js';

/** Nesting limit of rule files, since shapes and the engine recurse. No condition needs half as much. */
const MAX_DEPTH = 64;

export type RuleFolder = 'signatures' | 'causes' | 'products';

/** A parsed file `<directory>/<folder>/<group>/<name>.json`; products have no groups. */
export interface RuleFile {
  readonly file: string;
  /** The daemon for signatures, the area for causes, nothing for products. */
  readonly group: string;
  /** File name without `.json`. */
  readonly name: string;
  readonly text: string;
  readonly content: unknown;
}

/** Reads the rule files of one kind below a directory, sorted by name. A missing folder counts as empty. */
export function readRuleFiles(directory: string, folder: RuleFolder): { files: RuleFile[]; problems: Problem[] } {
  const files: RuleFile[] = [];
  const problems: Problem[] = [];
  if (folder === 'products') return readGroup(directory, folder, '');
  for (const group of namesIn(join(directory, folder), (entry) => entry.isDirectory())) {
    const read = readGroup(directory, folder, group);
    files.push(...read.files);
    problems.push(...read.problems);
  }
  return { files, problems };
}

/** The rule files of one daemon or area. */
export function readGroup(directory: string, folder: RuleFolder, group: string): { files: RuleFile[]; problems: Problem[] } {
  const files: RuleFile[] = [];
  const problems: Problem[] = [];
  for (const base of namesIn(join(directory, folder, group), (entry) => !entry.isDirectory() && entry.name.endsWith('.json'))) {
    const read = readRuleFile(join(directory, folder, group, base), group, base.slice(0, -'.json'.length));
    if ('check' in read) problems.push(read);
    else files.push(read);
  }
  return { files, problems };
}

function namesIn(directory: string, wanted: (entry: { name: string; isDirectory(): boolean }) => boolean): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).filter(wanted).map(({ name }) => name).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function readRuleFile(file: string, group: string, name: string): RuleFile | Problem {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { level: 'error', check: 'unreadable-file', message: (error as Error).message, where: { file, line: null }, help: 'Make the file readable, or remove it.' };
  }
  const tooDeep = lineOfDepth(text, MAX_DEPTH);
  if (tooDeep !== null) {
    return { level: 'error', check: 'too-deep', message: `Expected at most ${MAX_DEPTH} levels of lists and objects`, where: { file, line: tooDeep }, help: 'Put conditions side by side in one "all" or "any".' };
  }
  try {
    return { file, group, name, text, content: JSON.parse(text) as unknown };
  } catch (error) {
    const { message } = error as Error;
    const where = { file, line: lineOfSyntaxError(text, message) };
    return { level: 'error', check: 'json-syntax', message: `Expected JSON: ${message}`, where, help: 'Look for a missing or superfluous comma, quote or bracket there or just before.' };
  }
}

/** Most of V8's messages state the position: `... in JSON at position 123`. */
function lineOfSyntaxError(text: string, message: string): number | null {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return lineAt(text, Number(position));
  return message.includes('end of JSON') ? lineAt(text, text.length) : null;
}
