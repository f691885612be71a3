import { numbersByBeginning } from '../model/signature-index.js';
import type { SignatureIndex } from '../model/signature-index.js';
import type { Signature } from '../model/signature.js';

/** A daemon's signatures as lines of JSON, without examples: first the index, then each signature. */
export function writeSignatures(signatures: readonly Signature[]): string {
  const index = Object.fromEntries(numbersByBeginning(signatures));
  return [index, ...signatures.map((signature): Signature => ({ ...signature, examples: [] }))].map((line) => JSON.stringify(line)).join('\n');
}

/** Reads what {@link writeSignatures} wrote, each signature when it is first needed. */
export function readSignatures(text: string): SignatureIndex {
  const [index = '', ...lines] = text.split('\n');
  const numbers = JSON.parse(index) as Readonly<Record<string, readonly number[]>>;
  const signatures: Signature[] = [];
  const signature = (number: number): Signature => (signatures[number] ??= JSON.parse(lines[number] as string) as Signature);
  return { beginnings: Object.keys(numbers), signaturesWith: (beginning) => (numbers[beginning] ?? []).map(signature) };
}
