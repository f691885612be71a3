import { compiledCauses, compiledProducts, compiledSignatures } from './catalog/compiled.js';
import type { RulePlaces } from './catalog/compiled.js';
import { loadCheckedCatalog, loadSignatures } from './catalog/load.js';
import { createDiagnosis } from './diagnosis/diagnose.js';
import type { Diagnosis } from './diagnosis/diagnose.js';
import type { Daemon } from './model/daemons.js';
import { UsageError } from './model/problem.js';
import type { Problem } from './model/problem.js';
import type { Product } from './model/product.js';
import { BUILT_IN_RULES, COMPILED_RULES } from './package-files.js';
import { compileRoot } from './signatures/compile.js';
import { compileSignatures, LazyMatcher } from './signatures/matcher.js';
import type { Node } from './signatures/trie.js';
import { readAutomaton } from './signatures/written-automaton.js';

export type Rules = { readonly diagnosis: Diagnosis; readonly matcher: Pick<LazyMatcher, 'match' | 'matchCut' | 'matchMasked' | 'endsOpen' | 'endsIn'>; readonly problems: readonly Problem[] };
const loaded = new Map<string, Promise<Rules>>();

/**
 * Loads and compiles rules once per set of directories, since rules do not change while the program runs.
 * `peerProduct`: the product that peers are assumed to be.
 */
export function loadRules(directories: readonly string[], peerProduct: string | null = null): Promise<Rules> {
  const key = [peerProduct ?? '', ...directories].join('\0');
  let rules = loaded.get(key);
  if (rules === undefined) {
    rules = loadAndCompile(directories, peerProduct);
    loaded.set(key, rules);
  }
  return rules;
}

/** Rules of the package are checked by its tests, others on loading. */
async function loadAndCompile(directories: readonly string[], peerProduct: string | null): Promise<Rules> {
  if (directories.length === 0) {
    const places = { source: BUILT_IN_RULES, compiled: COMPILED_RULES };
    const matcher = new LazyMatcher((daemon) => rootFor(daemon, places));
    if (peerProduct !== null) checkProduct(peerProduct, compiledProducts(places));
    return { diagnosis: createDiagnosis(compiledCauses(places), () => compiledProducts(places), peerProduct), matcher, problems: [] };
  }
  const { catalog, problems } = await loadCheckedCatalog([BUILT_IN_RULES, ...directories]);
  if (peerProduct !== null) checkProduct(peerProduct, catalog.products);
  const compiled = compileSignatures(catalog.signatures);
  return { diagnosis: createDiagnosis(() => catalog.causes, () => catalog.products, peerProduct), matcher: compiled.matcher, problems: [...problems, ...compiled.problems] };
}

function rootFor(daemon: Daemon, places: RulePlaces): Node {
  const text = compiledSignatures(places, daemon);
  return text === null ? compileRoot(loadSignatures(places.source, daemon)) : readAutomaton(text);
}

function checkProduct(id: string, products: readonly Product[]): void {
  if (!products.some((product) => product.id === id)) throw new UsageError(`Expected --peer-product ${products.map((product) => product.id).join(', ')}, got ${id}`);
}
