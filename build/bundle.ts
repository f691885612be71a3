import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';

import { inAscii } from '../src/model/ascii.js';
import { inPackage } from '../src/package-files.js';
import { lateModules } from './late-modules.js';

/**
 * Packages that only some runs need, loaded on demand. Everything else is bundled, because loading forty small files
 * takes a tenth of the time to the first answer.
 */
const LOADED_LATE = ['fast-glob', 'luxon', 'yauzl', 'zod'];

const PACKAGE = inPackage('');

/** Few files with compact code, which are faster to read and compile. Names are kept for bug reports. */
const COMMON = {
  absWorkingDir: PACKAGE,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: LOADED_LATE,
  plugins: [lateModules],
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** The second step of `npm run build`: the library and the second thread, which share most of their code. */
const library = await build({
  ...COMMON,
  entryPoints: { index: 'src/index.ts', 'reading-thread': 'src/threads/reading-thread.ts' },
  splitting: true,
  format: 'esm',
  // Bundled CommonJS modules need `require` to load Node's own modules.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});

/**
 * The command is a single CommonJS module, because Node.js 20 can cache compiled code only for those. Its loader is
 * another one, because the first ES module costs some milliseconds.
 */
const command = await build({
  ...COMMON,
  entryPoints: { main: 'src/cli/main.ts', 'compiled-code': 'src/cli/compiled-code.ts' },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // Turn dynamic imports into require calls: cached compiled code cannot import.
  supported: { 'dynamic-import': false },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'importMetaUrl' },
});

const main = join(PACKAGE, 'dist', 'main.cjs');
writeFileSync(main, inAscii(readFileSync(main, 'utf8')), 'latin1');

const bundled = new Set([library, command].flatMap(({ metafile }) => Object.keys(metafile.inputs)).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
writeFileSync(join(PACKAGE, 'dist', 'LICENSES.txt'), [...bundled].sort().map(licenceOf).join('\n'));

/** The licence text that must accompany a bundled package. */
function licenceOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(PACKAGE, folder, 'package.json'), 'utf8')) as { name: string; version: string };
  const file = readdirSync(join(PACKAGE, folder)).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} ${version} has no licence to pass on`);
  return `${name} ${version}\n\n${readFileSync(join(PACKAGE, folder, file), 'utf8')}\n`;
}
