import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { inAscii } from '../model/ascii.js';
import type { Cause, CausesFor } from '../model/cause.js';
import { DAEMONS } from '../model/daemons.js';
import type { Daemon } from '../model/daemons.js';
import { once } from '../model/lazy-finding.js';
import type { Product } from '../model/product.js';
import type { Signature } from '../model/signature.js';
import { readCauses, writeCauses } from './compiled-causes.js';
import { loadCauses, loadProducts, loadSignatures } from './load.js';

const CAUSES = 'causes.jsonl';

/** Rules known to be valid (`source`), and the folder for their compiled form. */
export interface RulePlaces {
  readonly source: string;
  readonly compiled: string;
}

/**
 * Writes what a run needs of the rules, without examples: one file per daemon's signatures (`writeSignatures` gives its
 * text), one for the causes and one for the products. Reading two hundred files with all their examples would take a
 * tenth of the time to the first answer.
 */
export function compileRules({ source, compiled }: RulePlaces, writeSignatures: (signatures: readonly Signature[]) => string): void {
  mkdirSync(compiled, { recursive: true });
  for (const daemon of Object.keys(DAEMONS) as Daemon[]) {
    const signatures = loadSignatures(source, daemon).map((signature): Signature => ({ ...signature, file: relative(source, signature.file) }));
    write(join(compiled, `${daemon}.jsonl`), writeSignatures(signatures));
  }
  write(join(compiled, CAUSES), writeCauses(loadCauses(source)));
  write(join(compiled, 'products.json'), JSON.stringify(loadProducts(source).map((product): Product => ({ ...product, examples: [] }))));
}

/** What `writeSignatures` wrote for one daemon; null if it is missing or outdated. */
export function compiledSignatures({ source, compiled }: RulePlaces, daemon: Daemon): string | null {
  return readCompiled(join(compiled, `${daemon}.jsonl`), [join(source, 'signatures', daemon)]);
}

/**
 * The causes, read from source (with examples) if the compiled form is missing or outdated; nothing is read before the
 * first failure.
 */
export function compiledCauses({ source, compiled }: RulePlaces): CausesFor {
  const causesFor = once(() => {
    const folder = join(source, 'causes');
    const areas = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
    const text = readCompiled(join(compiled, CAUSES), [folder, ...areas]);
    return text === null ? anyOf(loadCauses(source)) : readCauses(text);
  });
  return (kind) => causesFor()(kind);
}

/** The products, in the same way. */
export function compiledProducts({ source, compiled }: RulePlaces): readonly Product[] {
  const text = readCompiled(join(compiled, 'products.json'), [join(source, 'products')]);
  return text === null ? loadProducts(source) : JSON.parse(text) as readonly Product[];
}

/** Null if nothing is compiled (running from source) or if a rule file is newer. */
function readCompiled(file: string, folders: readonly string[]): string | null {
  const built = statSync(file, { throwIfNoEntry: false });
  if (built === undefined || folders.some((folder) => hasNewer(folder, built.mtimeMs))) return null;
  return readFileSync(file, 'latin1');
}

/** In ASCII, which is read as `latin1`. */
function write(file: string, json: string): void {
  writeFileSync(file, inAscii(json), 'latin1');
}

/** A folder's own time changes when a file is added, removed or renamed. `join` would normalise two hundred paths. */
function hasNewer(folder: string, time: number): boolean {
  return statSync(folder).mtimeMs > time || readdirSync(folder).some((name) => statSync(`${folder}${sep}${name}`).mtimeMs > time);
}

function anyOf(causes: readonly Cause[]): CausesFor {
  return () => causes;
}
