import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

import { inPackage } from '../src/package-files.js';

/** Packages that only some runs need, and that are loaded by these. What every run needs is bundled: forty small files take a tenth of the time to the first answer. */
const LOADED_LATE = ['fast-glob', 'luxon', 'yauzl', 'zod'];

const PACKAGE = inPackage('');

/** Few files with short texts, which are read and compiled sooner. Names stay, for reports of bugs. */
const COMMON = {
  absWorkingDir: PACKAGE,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: LOADED_LATE,
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  metafile: true,
  logLevel: 'warning',
} as const;

/** The second step of `npm run build`: the library and the second thread, which have much in common. */
const library = await build({
  ...COMMON,
  entryPoints: { index: 'src/index.ts', 'reading-thread': 'src/threads/reading-thread.ts' },
  splitting: true,
  format: 'esm',
  // What bundled CommonJS modules load of Node itself.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});

/** The command is one CommonJS module, because only of such can Node.js 20 keep the compiled code, and what loads it another, because the first ES module costs some milliseconds. */
const command = await build({
  ...COMMON,
  entryPoints: { main: 'src/cli/main.ts', 'compiled-code': 'src/cli/compiled-code.ts' },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // What is loaded late is required: compiled code that was kept cannot import.
  supported: { 'dynamic-import': false },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'importMetaUrl' },
});

const main = join(PACKAGE, 'dist', 'main.cjs');
writeFileSync(main, inAscii(readFileSync(main, 'utf8')), 'latin1');

const bundled = new Set([library, command].flatMap(({ metafile }) => Object.keys(metafile.inputs)).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
writeFileSync(join(PACKAGE, 'dist', 'LICENSES.txt'), [...bundled].sort().map(licenceOf).join('\n'));

/** A text with other characters takes V8 twice the memory, and longer to read. They stand in literals and patterns only. */
function inAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What its authors ask to pass on with a package. */
function licenceOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(PACKAGE, folder, 'package.json'), 'utf8')) as { name: string; version: string };
  const file = readdirSync(join(PACKAGE, folder)).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} ${version} has no licence to pass on`);
  return `${name} ${version}\n\n${readFileSync(join(PACKAGE, folder, file), 'utf8')}\n`;
}
