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
  /** Where an earlier run stopped, and when that was saved (Unix milliseconds). */
  readonly resume: { readonly logs: readonly LogPlaces[]; readonly written: number } | null;
  readonly onProblem: (problem: Problem) => void;
  /**
   * Milliseconds between polls, for files without change notifications: on network file systems, in directories created
   * later.
   */
  readonly poll?: number;
}

const POLL = 250;
/** Polls between searches for new files that match a pattern or directory. */
const EXPAND_EVERY = 8;

/**
 * Follows logs like `tail -F`: by name, over rotation, truncation, deletion and late creation. Patterns and directories
 * are expanded again periodically. Unlike `tail`, it reads logs from the beginning and rotated files to their end.
 */
export class Follower {
  private readonly logs = new Map<string, FollowedLog>();
  private readonly watchers = new Map<string, FSWatcher>();
  /** Logs that may have new lines. */
  private readonly stirred = new Set<FollowedLog>();
  private block = 0;
  private polls = 0;
  private nextExpansion = EXPAND_EVERY;
  private wake: () => void = () => undefined;

  constructor(
    private readonly args: readonly string[],
    private readonly options: FollowOptions,
  ) {}

  /** Paths of the logs being followed. */
  get paths(): string[] {
    return [...this.logs.keys()];
  }

  /** What the reader of a report about the logs' lines should know. */
  get problems(): Problem[] {
    return [...this.logs.values()].flatMap(({ problems }) => problems);
  }

  /** Where to resume so that no line from block `needed` on is missed. */
  places(needed: number): LogPlaces[] {
    return [...this.logs.values()].map((log) => log.places(needed));
  }

  /** Finds the existing logs. Call first. */
  async open(): Promise<void> {
    await this.find();
  }

  /** Per log, the lines that were still in progress in an earlier run, marked `isAgain`. Read before anything else. */
  again(): AsyncGenerator<FollowBatch>[] {
    return [...this.logs.values()].map((log) => log.readAgain());
  }

  /** Per log, the lines that are new now. */
  news(): AsyncGenerator<FollowBatch>[] {
    return [...this.logs.values()].map((log) => log.read());
  }

  /** Yields lines as they arrive, until the signal aborts. */
  async *batches(): AsyncGenerator<FollowBatch> {
    const { signal } = this.options;
    const stop = (): void => this.wake();
    const polling = setInterval(() => this.poll(), this.options.poll ?? POLL);
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        if (this.mustExpand()) yield* this.expand();
        for await (const batch of this.readStirred()) {
          yield batch;
          if (signal.aborted) return;
        }
        await this.pause();
      }
    } finally {
      clearInterval(polling);
      signal.removeEventListener('abort', stop);
    }
  }

  close(): void {
    for (const watcher of this.watchers.values()) watcher.close();
    for (const log of this.logs.values()) log.close();
  }

  /** Reads each log once per round, so that one written to without pause does not starve the others. */
  private async *readStirred(): AsyncGenerator<FollowBatch> {
    const logs = [...this.stirred];
    this.stirred.clear();
    for (const log of logs) yield* log.read();
  }

  private poll(): void {
    this.polls += 1;
    for (const log of this.logs.values()) {
      log.rest();
      this.stirred.add(log);
      this.watch(dirname(log.path));
    }
    this.wake();
  }

  private mustExpand(): boolean {
    const isDue = this.polls >= this.nextExpansion;
    if (isDue) this.nextExpansion = this.polls + EXPAND_EVERY;
    return isDue;
  }

  /** Waits for a change notification, a poll, or the end. */
  private pause(): Promise<void> {
    if (this.stirred.size > 0 || this.options.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => { this.wake = resolve; });
  }

  /** Expands the arguments again and starts following new files. */
  private async *expand(): AsyncGenerator<FollowBatch> {
    for (const log of await this.find()) yield* log.readAgain();
  }

  private async find(): Promise<FollowedLog[]> {
    const fresh: FollowedLog[] = [];
    for (const arg of this.args) {
      const found = (await isOpenEnded(arg)) ? (await expandInputs([arg])).inputs : [arg];
      for (const path of found) {
        if (this.logs.has(path) || isRotated(path, found) || this.isPartOfKnown(path)) continue;
        fresh.push(await this.add(path, olderParts(path, found)));
      }
    }
    return fresh;
  }

  private async add(path: string, older: readonly string[]): Promise<FollowedLog> {
    const { filter, resume, onProblem } = this.options;
    const places = resume?.logs.find((log) => log.path === path);
    const log = new FollowedLog(
      path,
      { log: this.logs.size, filter, nextBlock: () => ++this.block, onError: (file, error) => onProblem(unfollowed(file, error)) },
      places === undefined ? null : { places, written: resume?.written ?? 0 },
    );
    await log.readFirst(older).catch((error: NodeJS.ErrnoException) => onProblem(unfollowed(path, error)));
    this.logs.set(path, log);
    this.stirred.add(log);
    this.watch(dirname(path));
    return log;
  }

  private isPartOfKnown(path: string): boolean {
    return this.paths.some((known) => olderParts(known, [path]).length > 0);
  }

  /** Uses change notifications where available; polling covers the rest. */
  private watch(directory: string): void {
    if (this.watchers.has(directory)) return;
    try {
      const watcher = watch(directory, (_, name) => this.stir(directory, name));
      const forget = (): void => {
        watcher.close();
        this.watchers.delete(directory);
      };
      watcher.on('error', forget);
      this.watchers.set(directory, watcher);
    } catch {
      // The directory does not exist yet, or the watch limit is reached.
    }
  }

  private stir(directory: string, name: string | null): void {
    for (const log of this.logs.values()) {
      if (dirname(log.path) === directory && (name === null || name === basename(log.path))) this.stirred.add(log);
    }
    if (this.stirred.size > 0) this.wake();
  }
}

/** Is it an older part of a log that is itself in the list? */
function isRotated(path: string, found: readonly string[]): boolean {
  return isPacked(path) || found.some((other) => other !== path && olderParts(other, [path]).length > 0);
}

function unfollowed(path: string, error: NodeJS.ErrnoException): Problem {
  if (error.code === 'ENOENT') {
    return { level: 'warning', check: 'missing-input', message: `Missing file '${path}'`, where: { file: path, line: null }, help: 'It will be read from the start as soon as it exists' };
  }
  return { ...unreadable(path, error), level: 'warning' };
}
