import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Cause } from '../model/cause.js';
import { DAEMONS } from '../model/daemons.js';
import type { Daemon } from '../model/daemons.js';
import type { Product } from '../model/product.js';
import type { Signature } from '../model/signature.js';
import { loadCauses, loadProducts, loadSignatures } from './load.js';

/** Rules known to be valid (`source`), and the folder for their compiled form. */
export interface RulePlaces {
  readonly source: string;
  readonly compiled: string;
}

/**
 * Writes what a run needs of the rules, without examples: one file per daemon's signatures, one for the causes
 * and one for the products.
 * Reading two hundred files with all their examples would take a tenth of the time to the first answer.
 */
export function compileRules({ source, compiled }: RulePlaces): void {
  mkdirSync(compiled, { recursive: true });
  for (const daemon of Object.keys(DAEMONS) as Daemon[]) {
    const signatures = loadSignatures(source, daemon).map((signature): Signature => ({ ...signature, file: relative(source, signature.file), examples: [] }));
    writeFileSync(join(compiled, `${daemon}.json`), JSON.stringify(signatures));
  }
  const causes = loadCauses(source).map((cause): Cause => ({ ...cause, examples: { fires: [], silent: [] } }));
  writeFileSync(join(compiled, 'causes.json'), JSON.stringify(causes));
  writeFileSync(join(compiled, 'products.json'), JSON.stringify(loadProducts(source).map((product): Product => ({ ...product, examples: [] }))));
}

/** The signatures of one daemon; read from source (with examples) if the compiled form is missing or outdated. */
export function compiledSignatures({ source, compiled }: RulePlaces, daemon: Daemon): readonly Signature[] {
  return readCompiled<Signature>(join(compiled, `${daemon}.json`), [join(source, 'signatures', daemon)]) ?? loadSignatures(source, daemon);
}

/** The causes, in the same way. */
export function compiledCauses({ source, compiled }: RulePlaces): readonly Cause[] {
  const folder = join(source, 'causes');
  const areas = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  return readCompiled<Cause>(join(compiled, 'causes.json'), [folder, ...areas]) ?? loadCauses(source);
}

/** The products, in the same way. */
export function compiledProducts({ source, compiled }: RulePlaces): readonly Product[] {
  return readCompiled<Product>(join(compiled, 'products.json'), [join(source, 'products')]) ?? loadProducts(source);
}

/** Null if nothing is compiled (running from source) or if a rule file is newer. */
function readCompiled<T>(file: string, folders: readonly string[]): readonly T[] | null {
  const built = statSync(file, { throwIfNoEntry: false });
  if (built === undefined || folders.some((folder) => hasNewer(folder, built.mtimeMs))) return null;
  return JSON.parse(readFileSync(file, 'utf8')) as readonly T[];
}

/** A folder's own time changes when a file is added, removed or renamed. */
function hasNewer(folder: string, time: number): boolean {
  return statSync(folder).mtimeMs > time || readdirSync(folder).some((name) => statSync(join(folder, name)).mtimeMs > time);
}
