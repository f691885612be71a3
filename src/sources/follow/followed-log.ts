import { statSync } from 'node:fs';

import type { LogPlaces, PartPlaces } from '../../model/follow.js';
import type { LineFilter } from '../../model/line-filter.js';
import type { LineBatch } from '../batch.js';
import { probeFile } from '../bytes.js';
import { classify } from '../content.js';
import { LogPart } from './log-part.js';
import { Marks } from './marks.js';
import { findSame, unseen } from './rotated-files.js';
import { closeAll, openOlder, StoredFile } from './stored-file.js';

/** Lines a follower has read together. */
export interface FollowBatch extends LineBatch {
  /** Counts the logs, from 0. */
  readonly log: number;
  /** Counts up; lines of it are found again by it. */
  readonly block: number;
  /** An earlier run has told what follows from these lines; they are only read to understand the later ones. */
  readonly isAgain: boolean;
}

export interface FollowContext {
  readonly log: number;
  readonly filter: LineFilter;
  readonly nextBlock: () => number;
  /** Called when the file cannot be opened or read; once until it can be again. */
  readonly onError: (path: string, error: NodeJS.ErrnoException) => void;
}

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
  /** Files that were rotated away and whose end is new. */
  readonly #rests: { readonly part: LogPart; readonly file: StoredFile }[] = [];
  /** Files of this log, oldest first, that were rotated away before they were read. */
  #missing: StoredFile[] = [];
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
    const known = this.#known?.parts ?? [];
    if (known.length === 0) return;
    const current = known.at(-1) as PartPlaces;
    let open = this.#tryOpen(this.path, current);
    const isInPlace = open !== null;
    const older = await openOlder(this.path);
    for (const each of known) {
      const file = each === current && isInPlace ? undefined : await findSame(older, each);
      // Who writes may not have been told yet that the file was renamed.
      if (each === current && file !== undefined) open = this.#tryOpen(file.path, current);
      const live = each === current ? open : null;
      if (live === null && file === undefined) continue;
      const part = live ?? LogPart.closed(this.path, this.context.filter, each.from);
      this.#parts.push(part);
      if (live === null && file !== undefined) this.#rests.push({ part, file });
      yield* this.#tag(part, live === null && file !== undefined ? part.readFrom(file, each.to.offset) : readUpTo(part, each.to.offset), true);
      if (live?.state() === 'truncated') yield* this.#readCopy(live, each);
    }
    this.#missing = isInPlace ? [] : await unseen(older, known, this.#knownSince);
    await closeAll(older.filter((file) => !this.#missing.includes(file) && !this.#rests.some((rest) => rest.file === file)));
    if (this.#parts.length > 0) this.#known = null;
  }

  /** The file was copied and emptied while the older ones were read again. */
  async *#readCopy(part: LogPart, { to, ...identity }: PartPlaces): AsyncGenerator<FollowBatch> {
    const older = await openOlder(this.path);
    const copy = await findSame(older, identity);
    if (copy !== undefined) yield* this.#tag(part, part.readFrom(copy, to.offset), true);
    await closeAll(older);
  }

  /** Rotated files that are to be read before the log itself. */
  async readFirst(older: readonly string[]): Promise<void> {
    if (this.#known !== null) return;
    for (const path of older) this.#missing.push(await StoredFile.open(path));
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
      yield* this.#tag(rest.part, rest.part.readFrom(rest.file), false);
      yield* this.#finish(rest.part);
      await rest.file.close();
    }
    yield* this.#drain();
    yield* this.#catchUp();
    if (this.#parts.at(-1)?.isOpen !== true) yield* this.#moveOn();
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
    for (let file = this.#missing.shift(); file !== undefined; file = this.#missing.shift()) {
      const part = LogPart.closed(this.path, this.context.filter);
      this.#parts.push(part);
      yield* this.#tag(part, part.readFrom(file), false);
      yield* this.#finish(part);
      await file.close();
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
    const older = await openOlder(this.path);
    const copy = await findSame(older, identity);
    if (copy !== undefined) yield* this.#tag(old, old.readFrom(copy), false);
    await closeAll(older);
    yield* this.#finish(old);
    this.#parts.push(fresh);
  }

  /** The path names another file, which has lines: whoever writes has moved on. It is opened first, so that what came between is found by its name. */
  async *#moveOn(): AsyncGenerator<FollowBatch> {
    const next = await this.#openCurrent();
    yield* this.#drain();
    const older = await openOlder(this.path);
    this.#missing = await unseen(older, this.#parts.map(({ identity }) => identity), null, next);
    await closeAll(older.filter((file) => !this.#missing.includes(file)));
    yield* this.#catchUp();
    this.#parts.push(next);
  }

  /** The file at `path`, if it is this one, neither packed nor copied away. */
  #tryOpen(path: string, known: PartPlaces): LogPart | null {
    try {
      const part = statSync(path).isFile() ? LogPart.open(path, this.path, this.context.filter, known.from) : null;
      if (part?.becomes(known) === true) return part;
      part?.close();
    } catch {
      // It is not there, or not for us to read.
    }
    return null;
  }

  /** Opens what is at the path now. @throws if that is nothing that can be followed. */
  async #openCurrent(): Promise<LogPart> {
    const { path } = this;
    const content = statSync(path).isFile() ? classify(await probeFile(path)) : null;
    if (content?.type !== 'text') throw Object.assign(new Error('not a text file'), { code: 'not a text file' });
    const known = this.#known?.parts.at(-1);
    this.#known = null;
    const part = LogPart.open(path, path, this.context.filter, known?.to);
    if (known === undefined || part.becomes(known)) return part;
    part.close();
    return LogPart.open(path, path, this.context.filter);
  }

  async *#tag(part: LogPart, batches: Iterable<LineBatch> | AsyncIterable<LineBatch>, isAgain: boolean): AsyncGenerator<FollowBatch> {
    let { place } = part;
    for await (const batch of batches) {
      const block = this.context.nextBlock();
      this.#marks.add({ block, behind: this.#read, part, place });
      this.#read += Math.max(0, part.place.offset - place.offset);
      for (const line of batch.lines) line.block = block;
      ({ place } = part);
      yield { ...batch, log: this.context.log, block, isAgain };
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
