import type { Cause } from '../model/cause.js';
import { DAEMONS } from '../model/daemons.js';
import type { Daemon } from '../model/daemons.js';
import type { Problem } from '../model/problem.js';
import type { Product } from '../model/product.js';
import type { Signature } from '../model/signature.js';
import { checkCauses } from './cause-checks.js';
import { problemOf } from './faults.js';
import type { Fault } from './faults.js';
import { checkProducts } from './product-checks.js';
import { readGroup, readRuleFiles } from './read-files.js';
import type { RuleFile, RuleFolder } from './read-files.js';

/** All rules of a run. A cause or product in a later directory replaces the one with the same id from an earlier one. */
export interface Catalog {
  readonly signatures: readonly Signature[];
  readonly causes: readonly Cause[];
  readonly products: readonly Product[];
}

export interface LoadedCatalog {
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
  /** Cause id → the file it was read from. */
  readonly causeFiles: ReadonlyMap<string, RuleFile>;
  /** The same for products. */
  readonly productFiles: ReadonlyMap<string, RuleFile>;
}

type CheckShape = (kind: RuleFolder, value: unknown) => Fault[];

/**
 * Loads rules known to be valid: those of the package, which its tests check. Validating them at start would take
 * longer than everything else.
 *
 * @param directory contains `signatures/<daemon>/*.json`, `causes/<area>/*.json` and `products/*.json`
 */
export function loadCatalog(directory: string): Catalog {
  return { signatures: (Object.keys(DAEMONS) as Daemon[]).flatMap((daemon) => loadSignatures(directory, daemon)), causes: loadCauses(directory), products: loadProducts(directory) };
}

/** The signatures of one daemon, as in {@link loadCatalog}. */
export function loadSignatures(directory: string, daemon: Daemon): readonly Signature[] {
  const counts = new Map<string, number>();
  return readGroup(directory, 'signatures', daemon).files.flatMap((file) => signaturesOf(file, counts));
}

/** The causes, as in {@link loadCatalog}. */
export function loadCauses(directory: string): readonly Cause[] {
  return readRuleFiles(directory, 'causes').files.map(causeOf);
}

/** The products, as in {@link loadCatalog}. */
export function loadProducts(directory: string): readonly Product[] {
  return readRuleFiles(directory, 'products').files.map(productOf);
}

/** Loads and checks rules from any source. A file with an error is skipped; the others remain usable. */
export async function loadCheckedCatalog(directories: readonly string[]): Promise<LoadedCatalog> {
  const { checkShape } = await import('./shapes.js');
  const loaded = load(directories, checkShape);
  const { catalog, causeFiles, productFiles } = loaded;
  const problems = [...checkCauses(catalog.causes, causeFiles), ...checkProducts(catalog.products, catalog.causes, productFiles)];
  const broken = new Set(problems.filter(({ level }) => level === 'error').map(({ where }) => where?.file));
  const causes = catalog.causes.filter(({ id }) => !broken.has(causeFiles.get(id)?.file));
  const products = catalog.products.filter(({ id }) => !broken.has(productFiles.get(id)?.file));
  return { ...loaded, catalog: { ...catalog, causes, products }, problems: [...loaded.problems, ...problems] };
}

function load(directories: readonly string[], checkShape: CheckShape): LoadedCatalog {
  const problems: Problem[] = [];
  const signatures: Signature[] = [];
  const causes = new Map<string, Cause>();
  const causeFiles = new Map<string, RuleFile>();
  const products = new Map<string, Product>();
  const productFiles = new Map<string, RuleFile>();
  const counts = new Map<string, number>();
  for (const directory of directories) {
    for (const file of sound(directory, 'signatures', checkShape, problems)) signatures.push(...signaturesOf(file, counts));
    for (const file of sound(directory, 'causes', checkShape, problems)) {
      const cause = causeOf(file);
      causes.set(cause.id, cause);
      causeFiles.set(cause.id, file);
    }
    for (const file of sound(directory, 'products', checkShape, problems)) {
      products.set(file.name, productOf(file));
      productFiles.set(file.name, file);
    }
  }
  return { catalog: { signatures, causes: [...causes.values()], products: [...products.values()] }, problems, causeFiles, productFiles };
}

/** Returns the files with a valid shape; problems of the others are added to `problems`. */
function sound(directory: string, folder: RuleFolder, checkShape: CheckShape, problems: Problem[]): RuleFile[] {
  const read = readRuleFiles(directory, folder);
  problems.push(...read.problems);
  return read.files.filter((file) => {
    const found = [...checkGroup(file, folder), ...checkShape(folder, file.content).map((fault) => problemOf(fault, file))];
    problems.push(...found);
    return found.length === 0;
  });
}

function checkGroup({ file, group }: RuleFile, folder: RuleFolder): Problem[] {
  if (folder !== 'signatures' || Object.hasOwn(DAEMONS, group)) return [];
  const message = `Unknown daemon "${group}", expected one of ${Object.keys(DAEMONS).join(', ')}`;
  return [{ level: 'error', check: 'unknown-daemon', message, where: { file, line: null }, help: 'Move the file to the folder of its daemon.' }];
}

/** `counts` is shared by all files: it numbers signatures with the same topic and event, for ids that end in `~2`, `~3`. */
function signaturesOf({ file, group, name, content }: RuleFile, counts: Map<string, number>): Signature[] {
  const { signatures } = content as { signatures: readonly Omit<Signature, 'id' | 'daemon' | 'file'>[] };
  return signatures.map(({ event, templates, set = {}, examples }) => {
    const id = `${group}/${name}#${event}`;
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return { id: count === 1 ? id : `${id}~${count}`, daemon: group as Daemon, file, event, templates, set, examples };
  });
}

function causeOf({ group, name, content }: RuleFile): Cause {
  const cause = content as Omit<Cause, 'id'>;
  const { title, side, frequency = 'occasional', explanation, when, excludedBy, remedies, examples } = cause;
  const { insteadOf = [], askPeer = [], references = [] } = cause;
  return { id: `${group}/${name}`, title, side, frequency, explanation, when, excludedBy, insteadOf, remedies, askPeer, references, examples };
}

function productOf({ name, content }: RuleFile): Product {
  const product = content as Omit<Product, 'id'>;
  const { title, is, logs, vendorIds = [], names = [], daemon = null, shell = false, capture, texts = [], references = [], examples = [] } = product;
  return { id: name, title, is, vendorIds, names, daemon, shell, capture, logs, texts, references, examples };
}
