import { createRequire } from 'node:module';

import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);

/**
 * Modules of Node.js of which a run on a plain file needs nothing; loading them takes up to some milliseconds each. Not
 * `zlib`, whose exports differ between the releases that may build and run the package.
 */
const LATE = /^node:(?:child_process|fs\/promises|net|os|stream|timers\/promises|worker_threads)$/;

/** In bundles, whoever imports such a module (packages too) loads it by using one of its exports. */
export const lateModules: Plugin = {
  name: 'late-modules',
  setup(build) {
    build.onResolve({ filter: LATE }, ({ path, namespace }) => (namespace === 'late' ? { path, external: true } : { path, namespace: 'late' }));
    build.onLoad({ filter: LATE, namespace: 'late' }, ({ path }) => {
      const getters = Object.keys(require(path) as object).map((name) => `get ${name}() { return require('${path}').${name}; }`);
      return { contents: `module.exports = { ${getters.join(', ')} };` };
    });
  },
};
