import { compiledCauses, compiledProducts, compiledSignatures } from './catalog/compiled.js';
import { loadCheckedCatalog } from './catalog/load.js';
import { createDiagnosis } from './diagnosis/diagnose.js';
import type { Diagnosis } from './diagnosis/diagnose.js';
import type { Problem } from './model/problem.js';
import { BUILT_IN_RULES, COMPILED_RULES } from './package-files.js';
import { compileSignatures, LazyMatcher } from './signatures/matcher.js';

export type Rules = { readonly diagnosis: Diagnosis; readonly matcher: Pick<LazyMatcher, 'match' | 'matchCut' | 'matchMasked' | 'endsOpen' | 'endsIn'>; readonly problems: readonly Problem[] };
const loaded = new Map<string, Promise<Rules>>();

/** Loads and compiles rules once per set of directories, since rules do not change while the program runs. */
export function loadRules(directories: readonly string[]): Promise<Rules> {
  const key = directories.join('\0');
  let rules = loaded.get(key);
  if (rules === undefined) {
    rules = compileRules(directories);
    loaded.set(key, rules);
  }
  return rules;
}

/** Rules of the package are checked by its tests, others on loading. */
async function compileRules(directories: readonly string[]): Promise<Rules> {
  if (directories.length === 0) {
    const places = { source: BUILT_IN_RULES, compiled: COMPILED_RULES };
    const matcher = new LazyMatcher((daemon) => compiledSignatures(places, daemon));
    return { diagnosis: createDiagnosis(() => compiledCauses(places), () => compiledProducts(places)), matcher, problems: [] };
  }
  const { catalog, problems } = await loadCheckedCatalog([BUILT_IN_RULES, ...directories]);
  const compiled = compileSignatures(catalog.signatures);
  return { diagnosis: createDiagnosis(() => catalog.causes, () => catalog.products), matcher: compiled.matcher, problems: [...problems, ...compiled.problems] };
}
