import { fileURLToPath } from 'node:url';

import { compileRules } from '../src/catalog/compiled.js';

/** The third step of `npm run build`: the rules in the form in which runs read them. */
compileRules({ source: inPackage('rules'), compiled: inPackage('dist/rules') });

function inPackage(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
