import type { Cause } from '../model/cause.js';
import { EVENT_KINDS, describeKind } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';
import { OBSERVED } from '../model/event-kinds/observed.js';
import type { Problem } from '../model/problem.js';
import type { Signature } from '../model/signature.js';
import { foreignAddresses } from './addresses.js';
import { checkSignatureExamples } from './signature-examples.js';
import { openWorkbench } from './workbench.js';
import type { Workbench } from './workbench.js';

export interface LintResult {
  readonly problems: readonly Problem[];
  readonly signatures: number;
  readonly templates: number;
  readonly causes: number;
  readonly products: number;
  /** Kinds of failures that signatures report but no cause explains. */
  readonly unexplained: readonly EventKind[];
}

/** Runs all checks that need no log analysis. A broken file does not stop the checks of the others. */
export async function lintCatalog(directories: readonly string[]): Promise<LintResult> {
  const bench = await openWorkbench(directories);
  const { signatures, causes, products } = bench.catalog;
  return {
    problems: [
      ...bench.problems,
      ...checkSignatureExamples(signatures, bench.matcher, bench.locate),
      ...checkTriggers(bench),
      ...checkTitles(bench),
      ...checkAddresses(bench),
    ],
    signatures: signatures.length,
    templates: signatures.reduce((count, { templates }) => count + templates.length, 0),
    causes: causes.length,
    products: products.length,
    unexplained: unexplainedFailures(signatures, causes),
  };
}

/** A kind that neither a signature nor a status output reports can never trigger a cause. */
function checkTriggers(bench: Workbench): Problem[] {
  const reported = new Set<string>([...bench.catalog.signatures.map(({ event }) => event), ...Object.keys(OBSERVED)]);
  return bench.catalog.causes.flatMap((cause) => {
    const kinds = new Set(cause.when.flatMap(({ on }) => on));
    return [...kinds].filter((kind) => !reported.has(kind)).map((kind) => warn(bench, cause, kind, {
      check: 'silent-trigger',
      message: `Expected a signature that reports "${kind}", which ${cause.id} is triggered by`,
      help: 'Write the signature, or take the kind out.',
    }));
  });
}

function checkTitles(bench: Workbench): Problem[] {
  const owners = new Map<string, string>();
  return bench.catalog.causes.flatMap((cause) => {
    const owner = owners.get(cause.title);
    owners.set(cause.title, cause.id);
    if (owner === undefined) return [];
    return [warn(bench, cause, cause.title, { check: 'duplicate-title', message: `Duplicate title "${cause.title}", also of ${owner}`, help: 'Say in the title what sets the two causes apart.' })];
  });
}

/** Addresses that may belong to somebody must not appear in examples. */
function checkAddresses(bench: Workbench): Problem[] {
  const { signatures, causes, products } = bench.catalog;
  const inSignatures = signatures.flatMap(({ file, examples }) => examples.flatMap(({ message }) => realAddresses(bench, file, message)));
  const inCauses = causes.flatMap(({ id, examples }) => {
    const file = bench.causeFiles.get(id)?.file ?? id;
    return [...examples.fires, ...examples.silent].flatMap(({ log }) => log.flatMap((line) => realAddresses(bench, file, line)));
  });
  const inProducts = products.flatMap(({ id, examples }) => examples.flatMap(({ log }) => log.flatMap((line) => realAddresses(bench, bench.productFiles.get(id)?.file ?? id, line))));
  return [...inSignatures, ...inCauses, ...inProducts];
}

function realAddresses(bench: Workbench, file: string, text: string): Problem[] {
  return foreignAddresses(text).map((address) => ({
    level: 'warning',
    check: 'real-address',
    message: `Expected documentation addresses only, got ${address} in "${text}"`,
    where: { file, line: bench.locate(file, text) },
    help: 'Use 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 (RFC 5737) or 2001:db8::/32 (RFC 3849), also for private networks.',
  }));
}

function unexplainedFailures(signatures: readonly Signature[], causes: readonly Cause[]): EventKind[] {
  const reported = new Set<string>(signatures.map(({ event }) => event));
  const explained = new Set<string>(causes.flatMap(({ when }) => when.flatMap(({ on }) => on)));
  return (Object.keys(EVENT_KINDS) as EventKind[]).filter((kind) => reported.has(kind) && !explained.has(kind) && describeKind(kind).role === 'failure');
}

function warn(bench: Workbench, cause: Cause, value: string, problem: Pick<Problem, 'check' | 'message' | 'help'>): Problem {
  const file = bench.causeFiles.get(cause.id)?.file;
  return { level: 'warning', ...problem, where: file === undefined ? null : { file, line: bench.locate(file, value) } };
}
