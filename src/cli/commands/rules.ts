import type { LoadedCatalog } from '../../catalog/load.js';
import type { Problem } from '../../model/problem.js';
import { UsageError } from '../../model/problem.js';
import { productRule } from '../../model/product.js';
import { BUILT_IN_RULES } from '../../package-files.js';
import { cleanProblem } from '../../report/build-report.js';
import { sanitize } from '../../report/sanitize.js';
import { counted } from '../../reporters/words.js';
import { STATUS } from '../exit-status.js';
import { checkRuleDirectories } from '../options.js';
import { standardOutput } from '../standard-streams.js';

const MAX_SUGGESTIONS = 3;

export interface RulesOptions {
  /** Directories in addition to the built-in rules. */
  readonly rules: readonly string[];
  readonly update: boolean;
  /** List event kinds instead of rules. */
  readonly kinds: boolean;
}

/**
 * Runs `rules list|show|lint|test`, prints the result and returns the exit status: STATUS.failing if a rule has an
 * error.
 */
export async function runRules(action: string, args: readonly string[], options: RulesOptions): Promise<number> {
  const directories = [BUILT_IN_RULES, ...checkRuleDirectories(options.rules)];
  switch (action) {
    case 'list':
      return options.kinds ? listEvents(args) : list(await load(directories), args);
    case 'show':
      return show(await load(directories), args);
    case 'lint':
      return lint(directories);
    default:
      return test(directories, args, options);
  }
}

async function load(directories: readonly string[]): Promise<LoadedCatalog> {
  const { loadCheckedCatalog } = await import('../../catalog/load.js');
  return loadCheckedCatalog(directories);
}

async function list({ catalog, problems }: LoadedCatalog, prefixes: readonly string[]): Promise<number> {
  const { listRules } = await import('../../authoring/list.js');
  const wanted = ({ id }: { readonly id: string }): boolean => prefixes.length === 0 || prefixes.some((prefix) => id.startsWith(prefix));
  const found = { causes: catalog.causes.filter(wanted), signatures: catalog.signatures.filter(wanted), products: catalog.products.filter(({ id }) => wanted({ id: productRule(id) })) };
  if (found.causes.length + found.signatures.length + found.products.length === 0) throw new UsageError(`No rule id begins with ${prefixes.join(' or ')}: "ipsec-logwatch rules list" lists all`, problems);
  print([listRules(found, prefixes.length > 0).trimEnd()]);
  return report(problems);
}

async function listEvents(prefixes: readonly string[]): Promise<number> {
  const { listKinds } = await import('../../authoring/list.js');
  const kinds = listKinds(prefixes);
  if (kinds === '') throw new UsageError(`No event kind begins with ${prefixes.join(' or ')}: "ipsec-logwatch rules list --kinds" lists all`);
  print([kinds]);
  return STATUS.healthy;
}

async function show({ catalog, problems }: LoadedCatalog, ids: readonly string[]): Promise<number> {
  const { showRule } = await import('../../authoring/show.js');
  for (const id of ids) {
    const prose = showRule(catalog, id);
    if (prose === null) {
      throw new UsageError(`Unknown rule ${id}${suggest(catalog, id)}: "ipsec-logwatch rules list" lists the causes and products, "rules list charon" the signature files, "rules list --kinds" the event kinds`, problems);
    }
    print([prose]);
  }
  return report(problems);
}

async function lint(directories: readonly string[]): Promise<number> {
  const { lintCatalog } = await import('../../authoring/lint.js');
  const { problems, signatures, templates, causes, products, unexplained } = await lintCatalog(directories);
  const status = report(problems);
  print([
    `${causes} causes, ${products} products and ${signatures} signatures with ${templates} templates checked, ${counted(problems.length, 'problem')}`,
    ...(unexplained.length === 0 ? [] : [`failures that no cause explains yet: ${unexplained.join(', ')}`]),
  ]);
  return status;
}

async function test(directories: readonly string[], ids: readonly string[], { rules, update }: RulesOptions): Promise<number> {
  const [{ testCatalog }, { analyzeLines }, { buildReport }] = await Promise.all([
    import('../../authoring/test-catalog.js'),
    import('../../pipeline.js'),
    import('../../report/build-report.js'),
  ]);
  const now = Date.now();
  const result = await testCatalog({
    directories,
    ids,
    update,
    analyzeLines: async (lines) => buildReport(await analyzeLines(lines, { rules, now })),
  });
  const status = report(result.problems);
  print([
    ...result.updated.map((file) => `updated ${file}`),
    `${counted(result.signatureExamples, 'example')} of signatures, ${result.causeExamples} of causes and ${result.productExamples} of products run, ${counted(result.problems.length, 'problem')}`,
  ]);
  return status;
}

/** Prints problems in the format that editors can jump to; returns STATUS.failing if one of them is an error. */
function report(problems: readonly Problem[]): number {
  print(problems.map(cleanProblem).flatMap(({ level, check, message, where, help }) => [`${place(where)}${level} ${check}: ${message}`, `  ${help}`]));
  return problems.some(({ level }) => level === 'error') ? STATUS.failing : STATUS.healthy;
}

function place(where: Problem['where']): string {
  return where === null ? '' : `${where.file}:${where.line === null ? '' : `${where.line}:`} `;
}

/** Sanitizes the output, since rules of other directories are untrusted text. */
function print(texts: readonly string[]): void {
  const lines = texts.flatMap((text) => text.split('\n'));
  standardOutput().write(lines.map((line) => `${sanitize(line, Number.POSITIVE_INFINITY)}\n`).join(''));
}

/** Suggests ids for one that is incomplete: without its area, or only a word of the name. */
function suggest({ causes, products }: LoadedCatalog['catalog'], id: string): string {
  const near = [...causes.map((cause) => cause.id), ...products.map((product) => productRule(product.id))].filter((known) => known.includes(id.toLowerCase())).slice(0, MAX_SUGGESTIONS);
  return near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
}
