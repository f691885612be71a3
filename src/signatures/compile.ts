import type { Daemon } from '../model/daemons.js';
import { EVENT_KINDS } from '../model/event-kinds.js';
import { FIELDS } from '../model/fields.js';
import type { FieldName } from '../model/fields.js';
import type { Problem } from '../model/problem.js';
import type { Signature } from '../model/signature.js';
import { expandOptionals, parseTemplate } from './template.js';
import type { Step } from './template.js';
import { checkSteps } from './template-checks.js';
import { capturedFields, emptyNode, insert } from './trie.js';
import type { Leaf, Node } from './trie.js';

/** Finds the line of a JSON string in a file, or null. */
export type LocateString = (file: string, value: string) => number | null;

/** One automaton per daemon. */
export type Automata = ReadonlyMap<Daemon, Node>;

/**
 * Compiles the templates of all signatures. A template with a problem is skipped; the others work.
 *
 * @param locate finds the line of a template, for problems; by default they name the file only.
 */
export function compile(signatures: readonly Signature[], locate: LocateString = () => null): { automata: Automata; problems: Problem[] } {
  const automata = new Map<Daemon, Node>();
  const problems: Problem[] = [];
  for (const signature of signatures) {
    problems.push(...checkNames(signature, locate));
    if (!Object.hasOwn(EVENT_KINDS, signature.event)) continue;
    const root = automata.get(signature.daemon) ?? emptyNode();
    automata.set(signature.daemon, root);
    for (const template of signature.templates) problems.push(...addTemplate(root, signature, template, locate));
  }
  return { automata, problems };
}

/** The automaton of one daemon's signatures that are known to be valid. */
export function compileRoot(signatures: readonly Signature[]): Node {
  return [...compile(signatures).automata.values()][0] ?? emptyNode();
}

function checkNames(signature: Signature, locate: LocateString): Problem[] {
  const problems: Problem[] = [];
  const { file, event } = signature;
  if (!Object.hasOwn(EVENT_KINDS, event)) {
    const where = { file, line: locate(file, event) };
    problems.push({ level: 'error', check: 'unknown-event', message: `Unknown event "${event}"`, where, help: 'Choose a kind of src/model/event-kinds, or propose a new one.' });
  }
  for (const [name, value] of Object.entries(signature.set)) {
    const where = { file, line: locate(file, name) };
    if (!Object.hasOwn(FIELDS, name)) {
      problems.push({ level: 'error', check: 'unknown-field', message: `Unknown field "${name}" in "set"`, where, help: 'Choose a field of src/model/fields.ts.' });
    } else if ((typeof value === 'number') !== isNumeric(name as FieldName)) {
      problems.push({ level: 'error', check: 'field-type', message: `Expected ${isNumeric(name as FieldName) ? 'a number' : 'a string'} for "${name}" in "set"`, where, help: 'Write the value in the type of its field.' });
    }
  }
  return problems;
}

/** Are captures of this field numbers? */
export function isNumeric(field: FieldName): boolean {
  return NUMERIC.has(field);
}

const NUMERIC: ReadonlySet<string> = new Set(Object.entries(FIELDS).flatMap(([name, { type }]) => (type === 'port' || type === 'int' || type === 'number' ? [name] : [])));

function addTemplate(root: Node, signature: Signature, template: string, locate: LocateString): Problem[] {
  const where = { file: signature.file, line: locate(signature.file, template) };
  const segments = parseTemplate(template);
  if ('check' in segments) {
    return [{ level: 'error', ...segments, message: `${segments.message} in template "${template}"`, where, help: 'CONTRIBUTING.md describes the template language, src/model/fields.ts has the fields.' }];
  }
  const readings = expandOptionals(segments);
  const weakness = readings.flatMap(checkSteps)[0];
  if (weakness) return [{ level: 'error', ...weakness, message: `${weakness.message}, in template "${template}"`, where }];
  return readings.flatMap((steps) => addReading(root, steps, { signature, template, fields: capturedFields(steps) }, where));
}

function addReading(root: Node, steps: readonly Step[], leaf: Leaf, where: Problem['where']): Problem[] {
  const end = insert(root, steps);
  if (!end.leaf) {
    end.leaf = leaf;
    return [];
  }
  const { signature, template } = end.leaf;
  if (template === leaf.template && signature === leaf.signature) return [];
  const message = `Duplicate template "${leaf.template}": "${template}" in ${signature.file} (${signature.id}) claims the same messages`;
  return [{ level: 'error', check: 'same-path', message, where, help: 'Remove one of the two, or move the wording to the signature that means it.' }];
}
