import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

import type { LogPlaces } from '../../model/follow.js';
import type { LineFilter } from '../../model/line-filter.js';
import type { Problem } from '../../model/problem.js';
import { expandInputs, isOpenEnded } from '../expand.js';
import { unreadable } from '../problems.js';
import { isPacked, olderParts } from '../rotation.js';
import { FollowedLog, type FollowBatch } from './followed-log.js';

export interface FollowOptions {
  readonly filter: LineFilter;
  readonly signal: AbortSignal;
  /** Where an earlier run left off, and when that was written down (Unix milliseconds). */
  readonly resume: { readonly logs: readonly LogPlaces[]; readonly written: number } | null;
  readonly onProblem: (problem: Problem) => void;
  /** Milliseconds between looks at files of which the system reports no change: those on network file systems, in late directories. */
  readonly poll?: number;
}

const POLL = 250;
/** Polls between looks for further files that match a pattern. */
const EXPAND_EVERY = 8;

/**
 * Follows logs as `tail -F` does: by name, over rotation, truncation, deletion and late creation; what patterns and directories
 * name is looked for again and again. Unlike `tail`, it reads logs from their beginning and rotated files to their end.
 */
export class Follower {
  readonly #logs = new Map<string, FollowedLog>();
  readonly #watchers = new Map<string, FSWatcher>();
  /** Logs to look at. */
  readonly #stirred = new Set<FollowedLog>();
  #block = 0;
  #polls = 0;
  #nextExpansion = EXPAND_EVERY;
  #wake: () => void = () => undefined;

  constructor(
    private readonly args: readonly string[],
    private readonly options: FollowOptions,
  ) {}

  /** The logs that are followed now. */
  get paths(): string[] {
    return [...this.#logs.keys()];
  }

  /** Where to resume so that no line from block `needed` on is missing. */
  places(needed: number): LogPlaces[] {
    return [...this.#logs.values()].map((log) => log.places(needed));
  }

  /** Finds the logs that are there. To be called first. */
  async open(): Promise<void> {
    await this.#find();
  }

  /** What an earlier run was in the midst of, marked as such, of each log. To be read before anything else. */
  again(): AsyncGenerator<FollowBatch>[] {
    return [...this.#logs.values()].map((log) => log.readAgain());
  }

  /** What is new now, of each log. */
  news(): AsyncGenerator<FollowBatch>[] {
    return [...this.#logs.values()].map((log) => log.read());
  }

  /** Lines as they come, until the signal. */
  async *batches(): AsyncGenerator<FollowBatch> {
    const { signal } = this.options;
    const stop = (): void => this.#wake();
    const polling = setInterval(() => this.#poll(), this.options.poll ?? POLL);
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        if (this.#mustExpand()) yield* this.#expand();
        for await (const batch of this.#readStirred()) {
          yield batch;
          if (signal.aborted) return;
        }
        await this.#pause();
      }
    } finally {
      clearInterval(polling);
      signal.removeEventListener('abort', stop);
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    for (const log of this.#logs.values()) log.close();
  }

  /** Each log once: one that is written to without end must not keep the run from looking for others. */
  async *#readStirred(): AsyncGenerator<FollowBatch> {
    const logs = [...this.#stirred];
    this.#stirred.clear();
    for (const log of logs) yield* log.read();
  }

  #poll(): void {
    this.#polls += 1;
    for (const log of this.#logs.values()) {
      log.rest();
      this.#stirred.add(log);
      this.#watch(dirname(log.path));
    }
    this.#wake();
  }

  #mustExpand(): boolean {
    const isDue = this.#polls >= this.#nextExpansion;
    if (isDue) this.#nextExpansion = this.#polls + EXPAND_EVERY;
    return isDue;
  }

  /** Waits for a change, a poll or the end. */
  #pause(): Promise<void> {
    if (this.#stirred.size > 0 || this.options.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => { this.#wake = resolve; });
  }

  /** Finds the files that the arguments name now, and begins with those that are new. */
  async *#expand(): AsyncGenerator<FollowBatch> {
    for (const log of await this.#find()) yield* log.readAgain();
  }

  async #find(): Promise<FollowedLog[]> {
    const fresh: FollowedLog[] = [];
    for (const arg of this.args) {
      const found = (await isOpenEnded(arg)) ? (await expandInputs([arg])).inputs : [arg];
      for (const path of found) {
        if (this.#logs.has(path) || isRotated(path, found) || this.#isPartOfKnown(path)) continue;
        fresh.push(await this.#add(path, olderParts(path, found)));
      }
    }
    return fresh;
  }

  async #add(path: string, older: readonly string[]): Promise<FollowedLog> {
    const { filter, resume, onProblem } = this.options;
    const places = resume?.logs.find((log) => log.path === path);
    const log = new FollowedLog(
      path,
      { log: this.#logs.size, filter, nextBlock: () => ++this.#block, onError: (file, error) => onProblem(unfollowed(file, error)) },
      places === undefined ? null : { places, written: resume?.written ?? 0 },
    );
    await log.readFirst(older).catch((error: NodeJS.ErrnoException) => onProblem(unfollowed(path, error)));
    this.#logs.set(path, log);
    this.#stirred.add(log);
    this.#watch(dirname(path));
    return log;
  }

  #isPartOfKnown(path: string): boolean {
    return this.paths.some((known) => olderParts(known, [path]).length > 0);
  }

  /** The system says when a file in a directory changes, where it can; polls do the rest. */
  #watch(directory: string): void {
    if (this.#watchers.has(directory)) return;
    try {
      const watcher = watch(directory, (_, name) => this.#stir(directory, name));
      const forget = (): void => {
        watcher.close();
        this.#watchers.delete(directory);
      };
      watcher.on('error', forget);
      this.#watchers.set(directory, watcher);
    } catch {
      // There is no such directory yet, or nothing more can be watched.
    }
  }

  #stir(directory: string, name: string | null): void {
    for (const log of this.#logs.values()) {
      if (dirname(log.path) === directory && (name === null || name === basename(log.path))) this.#stirred.add(log);
    }
    if (this.#stirred.size > 0) this.#wake();
  }
}

/** An older part of a log that is itself among the files. */
function isRotated(path: string, found: readonly string[]): boolean {
  return isPacked(path) || found.some((other) => other !== path && olderParts(other, [path]).length > 0);
}

function unfollowed(path: string, error: NodeJS.ErrnoException): Problem {
  if (error.code === 'ENOENT') {
    return { level: 'warning', check: 'missing-input', message: `Missing file '${path}'`, where: { file: path, line: null }, help: 'It is read from its beginning as soon as it is there' };
  }
  return { ...unreadable(path, error), level: 'warning' };
}
