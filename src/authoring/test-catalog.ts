import { readFileSync, writeFileSync } from 'node:fs';
import { lineOfPath } from '../catalog/locate.js';
import type { Fields } from '../model/fields.js';
import type { Problem } from '../model/problem.js';
import { productRule } from '../model/product.js';
import type { Signature, SignatureExample } from '../model/signature.js';
import { checkCauseExamples } from './cause-examples.js';
import type { AnalyzeLines } from './cause-examples.js';
import { checkProductExamples } from './product-examples.js';
import { checkSignatureExamples, sameFields } from './signature-examples.js';
import { openWorkbench } from './workbench.js';
import type { Workbench } from './workbench.js';

export interface TestOptions {
  readonly directories: readonly string[];
  /**
   * Cause ids, product ids (`products/fortigate`), signature ids or signature files (`charon/ike-auth`); a prefix up to
   * a `/` or `#` selects everything below it. Empty: everything.
   */
  readonly ids: readonly string[];
  /** Rewrite the fields of signature examples. */
  readonly update: boolean;
  readonly analyzeLines: AnalyzeLines;
}

export interface TestResult {
  readonly signatureExamples: number;
  readonly causeExamples: number;
  readonly productExamples: number;
  /** Files that were rewritten. */
  readonly updated: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Runs the examples of the selected rules: those of signatures through the matcher, those of causes and products
 * through the whole pipeline.
 */
export async function testCatalog({ directories, ids, update, analyzeLines }: TestOptions): Promise<TestResult> {
  let bench = await openWorkbench(directories);
  const changed: Problem[] = [];
  const updated = update ? updateExamples(bench, bench.catalog.signatures.filter(({ id }) => isChosen(id, ids)), changed) : [];
  if (updated.length > 0) bench = await openWorkbench(directories);
  const signatures = bench.catalog.signatures.filter(({ id }) => isChosen(id, ids));
  const causes = bench.catalog.causes.filter(({ id }) => isChosen(id, ids));
  const products = bench.catalog.products.filter(({ id }) => isChosen(productRule(id), ids));
  const chosen = [...signatures, ...causes].map(({ id }) => id).concat(products.map(({ id }) => productRule(id)));
  const unknown = ids.filter((id) => !chosen.some((rule) => isChosen(rule, [id])));
  const problems = [
    ...bench.problems,
    ...changed,
    ...unknown.filter((id) => !bench.problems.some((problem) => isAbout(problem, id))).map(unknownId),
    ...checkSignatureExamples(signatures, bench.matcher, bench.locate),
    ...(await checkCauseExamples(causes, analyzeLines, ({ id }, expectation, index) => {
      const file = bench.causeFiles.get(id);
      return file ? { file: file.file, line: lineOfPath(file.text, ['examples', expectation, index, 'name']) } : null;
    })),
    ...(await checkProductExamples(products, analyzeLines, ({ id }, index) => {
      const file = bench.productFiles.get(id);
      return file ? { file: file.file, line: lineOfPath(file.text, ['examples', index, 'name']) } : null;
    })),
  ];
  const signatureExamples = sum(signatures.map(({ examples }) => examples.length));
  const causeExamples = sum(causes.map(({ examples }) => examples.fires.length + examples.silent.length));
  const productExamples = sum(products.map(({ examples }) => examples.length));
  return { signatureExamples, causeExamples, productExamples, updated, problems };
}

function isChosen(id: string, ids: readonly string[]): boolean {
  return ids.length === 0 || ids.some((wanted) => id === wanted || id.startsWith(`${wanted}/`) || id.startsWith(`${wanted}#`));
}

/**
 * Rewrites files in which the fields of an example have changed, provided its own signature matches it; the previous
 * fields are reported.
 */
function updateExamples({ matcher, locate }: Workbench, signatures: readonly Signature[], told: Problem[]): string[] {
  return [...new Set(signatures.map(({ file }) => file))].filter((file) => {
    const content = JSON.parse(readFileSync(file, 'utf8')) as { signatures: { examples: { message: string; fields: Fields }[] }[] };
    const own = signatures.filter((signature) => signature.file === file);
    let changed = false;
    for (const [index, { examples }] of content.signatures.entries()) {
      for (const example of examples) {
        const match = own[index] ? matcher.explain(own[index].daemon, example.message).match : null;
        if (!match || match.signature !== own[index] || sameFields(match.fields, example.fields)) continue;
        if (Object.keys(example.fields).length > 0) told.push(rewritten(example, match.fields, { file, line: locate(file, example.message) }));
        example.fields = match.fields;
        changed = true;
      }
    }
    if (changed) writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
    return changed;
  });
}

/** A changed template may capture more than before, so the author must see the difference. */
function rewritten({ message, fields }: SignatureExample, now: Fields, where: Problem['where']): Problem {
  return { level: 'warning', check: 'example-rewritten', message: `The fields of "${message}" were ${JSON.stringify(fields)} and are ${JSON.stringify(now)} now`, where, help: 'Is that right? If a capture takes too much, correct the template.' };
}

/** The id's file was skipped, for a reason that this problem already states. */
const isAbout = ({ where }: Problem, id: string): boolean => where !== null && where.file.endsWith(`/${id.replace(/#.*/, '')}.json`);

function unknownId(id: string): Problem {
  return { level: 'error', check: 'unknown-id', message: `Unknown rule "${id}"`, where: null, help: 'Run "rules list" for the ids.' };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
