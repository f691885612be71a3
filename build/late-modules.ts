import { createRequire } from 'node:module';

import type { Plugin } from 'esbuild';

import { inPackage } from '../src/package-files.js';

const require = createRequire(import.meta.url);

/**
 * What a run on a plain file with its output in a file or pipe needs nothing of; loading each takes up to some
 * milliseconds. Not `zlib`, whose exports differ between the releases of Node.js that may build and run the package.
 */
const LATE = /^(?:node:(?:child_process|fs\/promises|net|os|stream|stream\/promises|timers\/promises|tty|worker_threads)|jsonpath-plus|picocolors)$/;

/** In bundles, whoever imports such a module (packages too) loads it by using one of its exports. */
export const lateModules: Plugin = {
  name: 'late-modules',
  setup(build) {
    build.onResolve({ filter: LATE }, ({ path, namespace }) => {
      if (namespace !== 'late') return { path, namespace: 'late' };
      return path.startsWith('node:') ? { path, external: true } : null;
    });
    build.onLoad({ filter: LATE, namespace: 'late' }, ({ path }) => {
      const getters = Object.keys(require(path) as object).map((name) => `get ${name}() { return require('${path}').${name}; }`);
      return { contents: `module.exports = { ${getters.join(', ')} };`, resolveDir: inPackage('build') };
    });
  },
};
