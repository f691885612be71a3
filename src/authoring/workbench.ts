import { readFileSync } from 'node:fs';
import { loadCheckedCatalog } from '../catalog/load.js';
import type { LoadedCatalog } from '../catalog/load.js';
import { lineOfString } from '../catalog/locate.js';
import type { Problem } from '../model/problem.js';
import { compileSignatures } from '../signatures/matcher.js';
import type { LocateString, SignatureMatcher } from '../signatures/matcher.js';

/** Loaded and compiled rules, with the problems found so far. */
export interface Workbench extends LoadedCatalog {
  readonly matcher: SignatureMatcher;
  readonly problems: readonly Problem[];
  readonly locate: LocateString;
}

/** Loads and compiles the rules of these directories, checking each file and all templates. */
export async function openWorkbench(directories: readonly string[]): Promise<Workbench> {
  const loaded = await loadCheckedCatalog(directories);
  const locate = fileLocator();
  const { matcher, problems } = compileSignatures(loaded.catalog.signatures, locate);
  return { ...loaded, matcher, locate, problems: [...loaded.problems, ...problems] };
}

/** Caches file contents: each file is read once. */
function fileLocator(): LocateString {
  const texts = new Map<string, string>();
  return (file, value) => {
    const text = texts.get(file) ?? readFileSync(file, 'utf8');
    texts.set(file, text);
    return lineOfString(text, value);
  };
}
