import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { LogPlaces } from '../model/follow.js';
import { UsageError } from '../model/problem.js';
import type { SavedLedger } from './ledger.js';
import type { SavedOutput } from './output.js';
import { isState } from './state-shape.js';

/** What a follower saves for the next run; an unknown version is refused. */
export interface State extends SavedLedger {
  readonly version: 1;
  /** Unix milliseconds. */
  readonly written: number;
  readonly logs: readonly LogPlaces[];
  readonly output: SavedOutput;
}

/**
 * Keeps the state in a file that is replaced atomically: after a kill there is the old state or the new one. A power
 * cut may damage the newest; a second file, `FILE~`, is the last one known to be on disk.
 */
export class StateFile {
  private settling: Promise<void> = Promise.resolve();

  constructor(private readonly path: string) {}

  /** The saved state, or null if there is none yet. @throws UsageError if the file is not a state. */
  load(): State | null {
    const state = read(this.path);
    return state === 'damaged' ? orRefuse(read(this.backup), this.path) : state;
  }

  /** @throws UsageError if it cannot be written. */
  save(state: State): void {
    try {
      writeFileSync(`${this.path}.new`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${this.path}.new`, this.path);
    } catch (error) {
      throw new UsageError(`Cannot write --state ${this.path}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }

  /**
   * Syncs the state to disk and keeps it as the fallback. On a slow disk this may last until the next call. Without
   * hard links (FAT, some network file systems), or if the state was removed, the previous fallback stays.
   */
  settle(): Promise<void> {
    this.settling = this.settling.then(() => this.keep()).catch((error: NodeJS.ErrnoException) => {
      if (error.code === undefined) throw error;
    });
    return this.settling;
  }

  private async keep(): Promise<void> {
    const next = `${this.backup}.new`;
    rmSync(next, { force: true });
    linkSync(this.path, next);
    for (const path of [next, dirname(this.path)]) {
      const handle = await open(path, 'r');
      await handle.sync().finally(() => handle.close());
    }
    renameSync(next, this.backup);
  }

  private get backup(): string {
    return `${this.path}~`;
  }
}

function read(path: string): State | 'damaged' | null {
  try {
    const state: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isState(state) ? state : 'damaged';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (error instanceof SyntaxError) return 'damaged';
    throw new UsageError(`Cannot read --state ${path}: ${code}`);
  }
}

function orRefuse(state: State | 'damaged' | null, path: string): State {
  if (state === null || state === 'damaged') {
    throw new UsageError(`Expected --state ${path} to be written by this program: it is damaged or another file. Remove it to start afresh`);
  }
  return state;
}
