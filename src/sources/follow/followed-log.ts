import { readdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

import type { FileIdentity, LogPlaces, PartPlaces } from '../../model/follow.js';
import type { LineFilter } from '../../model/line-filter.js';
import type { LineBatch } from '../batch.js';
import { probeFile } from '../bytes.js';
import { classify } from '../content.js';
import { olderParts } from '../rotation.js';
import { isSameFile } from './identity.js';
import { LogPart } from './log-part.js';
import { Marks } from './marks.js';

/** Lines a follower has read together. */
export interface FollowBatch extends LineBatch {
  /** Counts up; lines of it are found again by it. */
  readonly block: number;
  /** An earlier run has told what follows from these lines; they are only read to understand the later ones. */
  readonly isAgain: boolean;
}

export interface FollowContext {
  readonly filter: LineFilter;
  readonly nextBlock: () => number;
  /** Called when the file cannot be opened or read; once until it can be again. */
  readonly onError: (path: string, error: NodeJS.ErrnoException) => void;
}

/** Milliseconds by which a file system's times may be behind. */
const COARSE = 1000;
/** Looks after which a file that was rotated away and has not changed since is let go of: a minute. */
const LINGER = 240;

/**
 * The log at one path, through all the files that the path names one after the other. A file that is renamed is read on until
 * its successor has lines, since a daemon writes to it until it is told to open the new one; one that is copied and emptied is
 * read to its end in the copy. Rotations that happened while nobody looked are found by the names of rotated files.
 */
export class FollowedLog {
  readonly #parts: LogPart[] = [];
  readonly #marks = new Marks();
  /** Bytes read so far, in all parts. */
  #read = 0;
  /** Packed files whose end is new. */
  readonly #rests: { readonly part: LogPart; readonly packed: string }[] = [];
  /** Files of this log, oldest first, that were rotated away before they were read. */
  #missing: string[] = [];
  /** What an earlier run wrote down, until the files are found. */
  #known: LogPlaces | null;
  /** Unix milliseconds at which the known places were written down. */
  readonly #knownSince: number;
  #error = '';

  constructor(
    readonly path: string,
    private readonly context: FollowContext,
    resume: { readonly places: LogPlaces; readonly written: number } | null = null,
  ) {
    this.#known = resume?.places ?? null;
    this.#knownSince = resume?.written ?? 0;
  }

  /** Reads again what an earlier run was in the midst of. To be called once, first. */
  async *readAgain(): AsyncGenerator<FollowBatch> {
    const known = this.#known;
    for (const each of known?.parts ?? []) {
      const found = await this.#find(each);
      if (found === null) continue;
      const { part, packed } = found;
      this.#parts.push(part);
      if (packed !== null) this.#rests.push({ part, packed });
      yield* this.#tag(part, packed === null ? readUpTo(part, each.to.offset) : part.readFrom(packed, each.to.offset), true);
    }
    if (known !== null) this.#missing = await this.#unseen(known.parts, this.#knownSince);
    if (this.#parts.length > 0) this.#known = null;
  }

  /** Rotated files that are to be read before the log itself. */
  readFirst(older: readonly string[]): void {
    if (this.#known === null && this.#parts.length === 0) this.#missing = [...older];
  }

  /** Reads what is new. */
  async *read(): AsyncGenerator<FollowBatch> {
    try {
      yield* this.#readAll();
      this.#error = '';
    } catch (error) {
      this.#complain(error as NodeJS.ErrnoException);
    }
  }

  /** Time passes without anything new: lets go of files that were rotated away. */
  rest(): void {
    for (const part of this.#parts.slice(0, -1)) {
      part.quiet += 1;
      if (part.quiet > LINGER) part.close();
    }
    const forgotten = this.#parts.findIndex((part) => part.isOpen || this.#marks.reaches(part));
    if (forgotten > 0) this.#parts.splice(0, forgotten);
  }

  /** Where to resume so that no line from block `needed` on is missing. */
  places(needed: number): LogPlaces {
    const last = this.#parts.at(-1);
    if (last === undefined) return this.#known ?? { path: this.path, parts: [] };
    const mark = this.#marks.find(needed, this.#read) ?? { part: last, place: last.place };
    const first = Math.max(0, this.#parts.indexOf(mark.part));
    const parts = this.#parts.slice(first).map((part) => ({
      ...part.identity,
      from: part === mark.part ? mark.place : { offset: 0, lines: 0 },
      to: part.place,
    }));
    return { path: this.path, parts };
  }

  close(): void {
    for (const part of this.#parts) part.close();
  }

  async *#readAll(): AsyncGenerator<FollowBatch> {
    for (let rest = this.#rests.shift(); rest !== undefined; rest = this.#rests.shift()) {
      yield* this.#tag(rest.part, rest.part.readFrom(rest.packed), false);
      yield* this.#finish(rest.part);
    }
    yield* this.#drain();
    yield* this.#catchUp();
    if (this.#parts.at(-1)?.isOpen !== true) await this.#openCurrent();
    for (;;) {
      yield* this.#drain();
      const change = this.#look();
      if (change === 'none') return;
      if (change === 'truncated') yield* this.#restart();
      else yield* this.#moveOn();
    }
  }

  /** Everything that is in the open files now, oldest first: the writer of the youngest is done with the others, or nearly so. */
  async *#drain(): AsyncGenerator<FollowBatch> {
    for (const part of this.#parts) {
      if (!part.isOpen) continue;
      for await (const batch of this.#tag(part, readUpTo(part, Number.POSITIVE_INFINITY), false)) {
        part.quiet = 0;
        yield batch;
      }
    }
  }

  /** Files that came and went while nobody looked. */
  async *#catchUp(): AsyncGenerator<FollowBatch> {
    for (let path = this.#missing.shift(); path !== undefined; path = this.#missing.shift()) {
      const part = LogPart.closed(this.path, this.context.filter);
      this.#parts.push(part);
      yield* this.#tag(part, part.readFrom(path), false);
      yield* this.#finish(part);
    }
  }

  #look(): 'none' | 'truncated' | 'replaced' {
    const current = this.#parts.at(-1);
    const state = current?.state();
    if (state === 'truncated') return state;
    if (state === 'shortened') current?.moveToEnd();
    const status = statSync(this.path, { throwIfNoEntry: false });
    // The daemon goes on writing to the old file until it is told to open the new one.
    return status?.isFile() === true && status.size > 0 && current?.isFile(status) !== true ? 'replaced' : 'none';
  }

  /** copytruncate: what was not read yet is in the copy, and the file begins anew. */
  async *#restart(): AsyncGenerator<FollowBatch> {
    const old = this.#parts.at(-1);
    if (old === undefined) return;
    const { identity } = old;
    const fresh = old.restart();
    for (const copy of this.#older().reverse()) {
      if (!(await isSameFile(copy, identity))) continue;
      yield* this.#tag(old, old.readFrom(copy), false);
      break;
    }
    yield* this.#finish(old);
    this.#parts.push(fresh);
  }

  /** The path names another file, which has lines: whoever writes has moved on. */
  async *#moveOn(): AsyncGenerator<FollowBatch> {
    yield* this.#drain();
    this.#missing = await this.#unseen(this.#parts.map(({ identity }) => identity), null);
    yield* this.#catchUp();
    await this.#openCurrent();
  }

  /** Rotated files that are younger than the last of the known ones. Where that one is nowhere: those written to `since` then. */
  async #unseen(known: readonly FileIdentity[], since: number | null): Promise<string[]> {
    const last = known.at(-1);
    if (last === undefined || (since !== null && (await isSameFile(this.path, last)))) return [];
    const older = this.#older();
    for (let at = older.length - 1; at >= 0; at -= 1) {
      const path = older[at] ?? '';
      // A copy that somebody made (auth.log.bak) is no part that came later: that would have been written to later.
      if (await isSameFile(path, last)) return older.slice(at + 1).filter((other) => lastWritten(other) >= lastWritten(path));
    }
    const unseen: string[] = [];
    for (const path of since === null ? [] : older) {
      if (lastWritten(path) >= (since ?? 0) - COARSE && !(await isOneOf(path, known))) unseen.push(path);
    }
    return unseen;
  }

  #older(): string[] {
    const directory = dirname(this.path);
    const start = this.path.slice(0, this.path.length - basename(this.path).length);
    try {
      return olderParts(this.path, readdirSync(directory).map((name) => `${start}${name}`));
    } catch {
      return [];
    }
  }

  /** The file of a known part, wherever it is now, youngest name first: rotation moves files to older names while we look. */
  async #find(known: PartPlaces): Promise<{ part: LogPart; packed: string | null } | null> {
    for (const path of [this.path, ...this.#older().reverse()]) {
      const part = this.#tryOpen(path, known.from);
      if (part?.is(known) === true) return { part, packed: null };
      part?.close();
      if (part !== null && path !== this.path && (await isSameFile(path, known))) return { part: LogPart.closed(this.path, this.context.filter, known.from), packed: path };
    }
    return null;
  }

  #tryOpen(path: string, from: PartPlaces['from']): LogPart | null {
    try {
      return statSync(path).isFile() ? LogPart.open(path, this.path, this.context.filter, from) : null;
    } catch {
      return null;
    }
  }

  /** Opens what is at the path now. @throws if that is nothing that can be followed. */
  async #openCurrent(): Promise<void> {
    const { path } = this;
    const content = statSync(path).isFile() ? classify(await probeFile(path)) : null;
    if (content?.type !== 'text') throw Object.assign(new Error('not a text file'), { code: 'not a text file' });
    const known = this.#known?.parts.at(-1);
    let part = LogPart.open(path, path, this.context.filter, known?.to);
    if (known !== undefined && !part.is(known)) {
      part.close();
      part = LogPart.open(path, path, this.context.filter);
    }
    this.#known = null;
    this.#parts.push(part);
  }

  async *#tag(part: LogPart, batches: Iterable<LineBatch> | AsyncIterable<LineBatch>, isAgain: boolean): AsyncGenerator<FollowBatch> {
    let { place } = part;
    for await (const batch of batches) {
      const block = this.context.nextBlock();
      this.#marks.add({ block, behind: this.#read, part, place });
      this.#read += Math.max(0, part.place.offset - place.offset);
      for (const line of batch.lines) line.block = block;
      ({ place } = part);
      yield { ...batch, block, isAgain };
    }
  }

  async *#finish(part: LogPart): AsyncGenerator<FollowBatch> {
    const rest = part.finish();
    if (rest !== null && rest.scanned > 0) yield* this.#tag(part, [rest], false);
  }

  #complain(error: NodeJS.ErrnoException): void {
    const code = error.code ?? error.message;
    if (code !== this.#error) this.context.onError(this.path, error);
    this.#error = code;
  }
}

function* readUpTo(part: LogPart, to: number): Generator<LineBatch> {
  for (let batch = part.readMore(to); batch !== null; batch = part.readMore(to)) yield batch;
}

async function isOneOf(path: string, known: readonly FileIdentity[]): Promise<boolean> {
  for (const identity of known) if (await isSameFile(path, identity)) return true;
  return false;
}

/** Unix milliseconds; 0 for a file that is gone. */
function lastWritten(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
