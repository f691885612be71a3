import { FACTS } from '../model/facts.js';
import type { Problem } from '../model/problem.js';
import { lineOfPath } from './locate.js';
import type { JsonPath } from './locate.js';
import type { RuleFile } from './read-files.js';

/** An error in the content of a rule file, with the path of the value that has it. */
export interface Fault {
  readonly check: string;
  readonly path: JsonPath;
  readonly message: string;
  readonly help: string;
}

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** The fault as a problem with a file and line. */
export function problemOf({ check, path, message, help }: Fault, file: RuleFile | undefined): Problem {
  const where = file ? { file: file.file, line: lineOfPath(file.text, path) } : null;
  return { level: 'error', check, message, where, help };
}

/** A fault for each `{placeholder}` that is not a fact. */
export function placeholderFaults(text: string | undefined, path: JsonPath): Fault[] {
  return [...(text ?? '').matchAll(PLACEHOLDER)]
    .map(([, name]) => name as string)
    .filter((name) => !FACTS.has(name))
    .map((name) => ({ check: 'unknown-placeholder', path, message: `Unknown placeholder {${name}}`, help: 'Choose a fact of src/model/facts.ts or a field of src/model/fields.ts.' }));
}
