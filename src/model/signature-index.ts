import type { Signature } from './signature.js';

/**
 * Characters by which templates are grouped. Only the groups that a log's messages belong to are read and compiled: a
 * log uses a few dozen of some thousand templates, and fast startup matters.
 */
const BEGINNING = 3;
/** A group is divided once more, by as many characters. */
export const LONGER = 12;

/** A daemon's signatures by what their templates begin with. */
export interface SignatureIndex {
  /** The values of {@link beginningOf} that occur. */
  readonly beginnings: readonly string[];
  /** The signatures that have a template with this beginning. */
  signaturesWith(beginning: string): readonly Signature[];
}

/** The index of signatures that are in memory. */
export function indexSignatures(signatures: readonly Signature[]): SignatureIndex {
  const numbers = numbersByBeginning(signatures);
  return { beginnings: [...numbers.keys()], signaturesWith: (beginning) => (numbers.get(beginning) ?? []).map((number) => signatures[number] as Signature) };
}

/** The positions in the list of the signatures that have a template with a beginning. */
export function numbersByBeginning(signatures: readonly Signature[]): ReadonlyMap<string, readonly number[]> {
  const numbers = new Map<string, number[]>();
  for (const [number, { templates }] of signatures.entries()) {
    for (const beginning of new Set(templates.map(beginningOf))) numbers.set(beginning, [...(numbers.get(beginning) ?? []), number]);
  }
  return numbers;
}

/**
 * The characters that a text must begin with to match the template. Empty if it could match any text, because the
 * template begins with a capture, an optional text, or blanks (which damaged texts may lack).
 */
export function beginningOf(template: string): string {
  const isLoose = literalLength(template) < BEGINNING || template.startsWith(' ') || template.slice(0, LONGER + 1).includes('  ');
  return isLoose ? '' : template.slice(0, BEGINNING);
}

/** Characters of a template before its first capture. */
export function literalLength(template: string): number {
  const capture = template.indexOf('{');
  return capture < 0 ? template.length : capture;
}
