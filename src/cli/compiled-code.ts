import { accessSync, constants, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** A CommonJS module, and a way to keep its compiled code for the next run. */
export interface Loaded<Exports> {
  readonly exports: Exports;
  /** To be called when what most runs call has been called: only such functions are kept. Nothing happens where nothing can be written. */
  readonly keep: () => void;
}

/**
 * Loads a CommonJS module (`file`: absolute path; in ASCII) from its compiled code, if an earlier run has kept that: a quarter of the time to the first
 * answer. Node.js 22 and newer do so by themselves. For Node.js 20 the code is kept beside the module, as Python does it: there, only
 * those can put it who could change the module, too. V8 refuses code that another version of it, or other flags, have made.
 */
export function loadCompiled<Exports>(file: string): Loaded<Exports> {
  const require = module.createRequire(file);
  // The types are those of Node.js 20.
  const newer = module as typeof module & { enableCompileCache?: () => void; flushCompileCache?: () => void };
  if (newer.enableCompileCache !== undefined) {
    newer.enableCompileCache();
    return { exports: require(file) as Exports, keep: () => newer.flushCompileCache?.() };
  }
  const kept = `${file}.${process.version}-${process.arch}`;
  const cachedData = readIfThere(kept);
  const script = new Script(module.wrap(readFileSync(file, 'latin1')), { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  const loaded = { exports: {} as Exports };
  (script.runInThisContext() as (...args: unknown[]) => void)(loaded.exports, require, loaded, file, dirname(file));
  const isKept = cachedData !== undefined && script.cachedDataRejected !== true;
  return { exports: loaded.exports, keep: () => { if (!isKept) writeWhole(kept, () => script.createCachedData()); } };
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Another run may read the file at the same moment. */
function writeWhole(file: string, data: () => Buffer): void {
  const unfinished = `${file}.${process.pid}`;
  try {
    accessSync(dirname(file), constants.W_OK);
    writeFileSync(unfinished, data());
    renameSync(unfinished, file);
  } catch {
    // Who may not write here, or finds the disk full, goes on without.
    rmSync(unfinished, { force: true });
  }
}
