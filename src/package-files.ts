import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The rules that come with the package. */
export const BUILT_IN_RULES = inPackage('rules');

/** Their compiled form, which the build puts beside its bundles; beside the sources there is none. */
export const COMPILED_RULES = fileURLToPath(new URL('rules', import.meta.url));

/** The version in package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as { version: string };
  return version;
}

/** Where a file of the package is: sources, bundles and the build's own programs all lie one folder below its root. */
export function inPackage(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
