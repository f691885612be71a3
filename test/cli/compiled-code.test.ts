import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { loadCompiled } from '../../src/cli/compiled-code.js';

const require = createRequire(import.meta.url);

/** Newer versions of Node.js have a cache of their own elsewhere. */
const KEEPS_BESIDE = Number(process.versions.node.split('.')[0]) < 22;

describe('compiled code', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'compiled-code-'));
    file = join(folder, 'module.cjs');
    writeFileSync(file, "const { sep } = require('node:path'); exports.join = (...names) => names.join(sep); exports.name = __filename;");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is what the module is, kept or not, and in parts', () => {
    expect(run()).toBe('a/b');
    const kept = readdirSync(folder).filter((name) => name !== 'module.cjs');
    expect(kept).toHaveLength(KEEPS_BESIDE ? 1 : 0);
    expect(run()).toBe('a/b');
    for (const name of kept) truncateSync(join(folder, name), 40);
    expect(run()).toBe('a/b');
    expect(readdirSync(folder)).toHaveLength(1 + kept.length);
  });

  it('is not kept where nothing can be written', () => {
    const { exports, keep } = loadCompiled<{ name: string }>(file, require);
    rmSync(folder, { recursive: true });
    expect(keep).not.toThrow();
    expect(exports.name).toBe(file);
  });

  function run(): string {
    const { exports, keep } = loadCompiled<{ join: (...names: string[]) => string }>(file, require);
    const joined = exports.join('a', 'b');
    keep();
    return joined;
  }
});
