import type { Fields } from '../model/fields.js';
import type { Problem } from '../model/problem.js';
import type { Signature, SignatureExample } from '../model/signature.js';
import type { LocateString, SignatureMatcher } from '../signatures/matcher.js';

/** Checks that each example is matched by its own signature and yields the recorded fields. */
export function checkSignatureExamples(signatures: readonly Signature[], matcher: SignatureMatcher, locate: LocateString): Problem[] {
  return signatures.flatMap((signature) => signature.examples.flatMap((example) => {
    const fault = checkExample(signature, example, matcher);
    const where = { file: signature.file, line: locate(signature.file, example.message) };
    return fault ? [{ level: 'error' as const, where, ...fault }] : [];
  }));
}

/** Equal fields with equal values, in any order. */
export function sameFields(one: Fields, other: Fields): boolean {
  return canonical(one) === canonical(other);
}

function checkExample(signature: Signature, { message, fields }: SignatureExample, matcher: SignatureMatcher): Omit<Problem, 'level' | 'where'> | null {
  const { match, matched, nearest } = matcher.explain(signature.daemon, message);
  if (!match) {
    const near = nearest[0] ? `; the nearest template is "${nearest[0].template}"` : '';
    const upTo = message.trim().slice(0, Math.max(matched, nearest[0]?.matched ?? 0));
    return { check: 'example-not-matched', message: `Expected a template that matches "${message}", which is understood up to "${upTo}"${near}`, help: 'Correct the template or the example.' };
  }
  if (match.signature !== signature) {
    const { id, file } = match.signature;
    return { check: 'example-conflict', message: `Expected "${message}" to be ${signature.id}, but "${match.template}" of ${id} (${file}) claims it`, help: 'Make one of the two templates more definite.' };
  }
  if (sameFields(match.fields, fields)) return null;
  return { check: 'example-fields-differ', message: `Expected the fields ${JSON.stringify(match.fields)} of "${message}", got ${JSON.stringify(fields)}`, help: 'Correct the template, or write the fields with "rules test --update".' };
}

function canonical(fields: Fields): string {
  return JSON.stringify(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)));
}
