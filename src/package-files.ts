import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The built-in rules. */
export const BUILT_IN_RULES = inPackage('rules');

/** Their compiled form, which the build puts next to the bundles; it does not exist next to the sources. */
export const COMPILED_RULES = fileURLToPath(new URL('rules', import.meta.url));

/** The version in package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as { version: string };
  return version;
}

/**
 * Path of a file in the package. Works for sources, bundles and build programs, which are all one folder below the
 * package's root.
 */
export function inPackage(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
