import { statSync } from 'node:fs';

import type { LogPlaces, PartPlaces } from '../../model/follow.js';
import type { LineFilter } from '../../model/line-filter.js';
import type { Problem } from '../../model/problem.js';
import type { LineBatch } from '../batch.js';
import { probeFile } from '../bytes.js';
import { classify } from '../content.js';
import { rotatedMeanwhile, truncatedLines } from '../problems.js';
import { LogPart } from './log-part.js';
import { Marks } from './marks.js';
import { findSame, unseen } from './rotated-files.js';
import { closeAll, openOlder, StoredFile } from './stored-file.js';

/** Lines that a follower read together. */
export interface FollowBatch extends LineBatch {
  /** Index of the log, from 0. */
  readonly log: number;
  /** Increasing number, by which {@link FollowedLog.places} finds the lines again. */
  readonly block: number;
  /** An earlier run already reported on these lines; they are read only as context for later ones. */
  readonly isAgain: boolean;
}

export interface FollowContext {
  readonly log: number;
  readonly filter: LineFilter;
  readonly nextBlock: () => number;
  /** Called when the file cannot be opened or read, once until it works again. */
  readonly onError: (path: string, error: NodeJS.ErrnoException) => void;
}

/** Polls after which a rotated file that no longer changes is closed: about a minute. */
const LINGER = 240;

/**
 * The log at one path, through all files that the path names over time. A renamed file is read on until its successor
 * has lines, since a daemon writes to it until told to reopen its log; one that was copied and truncated is read to its
 * end in the copy. Rotations that happened unobserved are found by the names of rotated files.
 */
export class FollowedLog {
  private readonly parts: LogPart[] = [];
  private readonly marks = new Marks();
  /** Bytes read so far, over all parts. */
  private bytesRead = 0;
  /** Rotated files with unread lines at their end. */
  private readonly rests: { readonly part: LogPart; readonly file: StoredFile }[] = [];
  /** Files of this log that were rotated before they were read, oldest first. */
  private missing: StoredFile[] = [];
  /** Places saved by an earlier run, until the files are found. */
  private known: LogPlaces | null;
  /** Unix milliseconds when those places were saved. */
  private readonly knownSince: number;
  private error = '';
  /** Files that the path named, as far as they were read. */
  private files = 0;
  /** Number of its lines that were cut for being too long. */
  private cut = 0;

  constructor(
    readonly path: string,
    private readonly context: FollowContext,
    resume: { readonly places: LogPlaces; readonly written: number } | null = null,
  ) {
    this.known = resume?.places ?? null;
    this.knownSince = resume?.written ?? 0;
  }

  /** Re-reads what was still in progress in an earlier run. Call once, before anything else. */
  async *readAgain(): AsyncGenerator<FollowBatch> {
    const known = this.known?.parts ?? [];
    if (known.length === 0) return;
    const current = known.at(-1) as PartPlaces;
    let open = this.tryOpen(this.path, current);
    const isInPlace = open !== null;
    const older = await openOlder(this.path);
    for (const each of known) {
      const file = each === current && isInPlace ? undefined : await findSame(older, each);
      // The file was renamed, but its writer may not have been told to reopen its log yet.
      if (each === current && file !== undefined) open = this.tryOpen(file.path, current);
      const live = each === current ? open : null;
      if (live === null && file === undefined) continue;
      const part = live ?? LogPart.closed(this.path, this.context.filter, each.from);
      this.add(part);
      if (live === null && file !== undefined) this.rests.push({ part, file });
      yield* this.tag(part, live === null && file !== undefined ? part.readFrom(file, each.to.offset) : readUpTo(part, each.to.offset), true);
      if (live?.state() === 'truncated') yield* this.readCopy(live, each);
    }
    this.missing = isInPlace ? [] : await unseen(older, known, this.knownSince);
    await closeAll(older.filter((file) => !this.missing.includes(file) && !this.rests.some((rest) => rest.file === file)));
    if (this.parts.length > 0) this.known = null;
  }

  /** The file was copied and truncated while the older ones were re-read. */
  private async *readCopy(part: LogPart, { to, ...identity }: PartPlaces): AsyncGenerator<FollowBatch> {
    const older = await openOlder(this.path);
    const copy = await findSame(older, identity);
    if (copy !== undefined) yield* this.tag(part, part.readFrom(copy, to.offset), true);
    await closeAll(older);
  }

  /** Queues rotated files to be read before the log itself. */
  async readFirst(older: readonly string[]): Promise<void> {
    if (this.known !== null) return;
    for (const path of older) this.missing.push(await StoredFile.open(path));
  }

  /** Reads new lines. */
  async *read(): AsyncGenerator<FollowBatch> {
    try {
      yield* this.readAll();
      this.error = '';
    } catch (error) {
      this.complain(error as NodeJS.ErrnoException);
    }
  }

  /** Called on a poll without new lines: closes rotated files that stay quiet. */
  rest(): void {
    for (const part of this.parts.slice(0, -1)) {
      part.quiet += 1;
      if (part.quiet > LINGER) part.close();
    }
    const forgotten = this.parts.findIndex((part) => part.isOpen || this.marks.reaches(part));
    if (forgotten > 0) this.parts.splice(0, forgotten);
  }

  /** Where to resume so that no line from block `needed` on is missed. */
  places(needed: number): LogPlaces {
    const last = this.parts.at(-1);
    if (last === undefined) return this.known ?? { path: this.path, parts: [] };
    const mark = this.marks.find(needed, this.bytesRead) ?? { part: last, place: last.place };
    const first = Math.max(0, this.parts.indexOf(mark.part));
    const parts = this.parts.slice(first).map((part) => ({
      ...part.identity,
      from: part === mark.part ? mark.place : { offset: 0, lines: 0 },
      to: part.place,
    }));
    return { path: this.path, parts };
  }

  close(): void {
    for (const part of this.parts) part.close();
  }

  /** What the reader of a report about its lines should know. */
  get problems(): Problem[] {
    return [...truncatedLines(this.path, this.cut), ...(this.files > 1 ? [rotatedMeanwhile(this.path)] : [])];
  }

  private add(part: LogPart): void {
    this.parts.push(part);
    this.files += 1;
  }

  private async *readAll(): AsyncGenerator<FollowBatch> {
    for (let rest = this.rests.shift(); rest !== undefined; rest = this.rests.shift()) {
      yield* this.tag(rest.part, rest.part.readFrom(rest.file), false);
      yield* this.finish(rest.part);
      await rest.file.close();
    }
    yield* this.drain();
    yield* this.catchUp();
    if (this.parts.at(-1)?.isOpen !== true) yield* this.moveOn();
    for (;;) {
      yield* this.drain();
      const change = this.look();
      if (change === 'none') return;
      if (change === 'truncated') yield* this.restart();
      else yield* this.moveOn();
    }
  }

  /**
   * Reads the open files to their current ends, oldest first: their writer is done, or nearly done, with all but the
   * newest.
   */
  private async *drain(): AsyncGenerator<FollowBatch> {
    for (const part of this.parts) {
      if (!part.isOpen) continue;
      for await (const batch of this.tag(part, readUpTo(part, Number.POSITIVE_INFINITY), false)) {
        part.quiet = 0;
        yield batch;
      }
    }
  }

  /** Reads files that appeared and were rotated away unobserved. */
  private async *catchUp(): AsyncGenerator<FollowBatch> {
    for (let file = this.missing.shift(); file !== undefined; file = this.missing.shift()) {
      const part = LogPart.closed(this.path, this.context.filter);
      this.add(part);
      yield* this.tag(part, part.readFrom(file), false);
      yield* this.finish(part);
      await file.close();
    }
  }

  private look(): 'none' | 'truncated' | 'replaced' {
    const current = this.parts.at(-1);
    const state = current?.state();
    if (state === 'truncated') return state;
    if (state === 'shortened') current?.moveToEnd();
    const status = statSync(this.path, { throwIfNoEntry: false });
    // The daemon keeps writing to the old file until told to open the new one.
    return status?.isFile() === true && status.size > 0 && current?.isFile(status) !== true ? 'replaced' : 'none';
  }

  /** copytruncate: unread lines are in the copy, and the file starts over. */
  private async *restart(): AsyncGenerator<FollowBatch> {
    const old = this.parts.at(-1);
    if (old === undefined) return;
    const { identity } = old;
    const fresh = old.restart();
    const older = await openOlder(this.path);
    const copy = await findSame(older, identity);
    if (copy !== undefined) yield* this.tag(old, old.readFrom(copy), false);
    await closeAll(older);
    yield* this.finish(old);
    this.add(fresh);
  }

  /**
   * The path names another file that has lines, so the writer has moved on. The new file is opened before looking for
   * rotated ones, so that files in between can be told by their names.
   */
  private async *moveOn(): AsyncGenerator<FollowBatch> {
    const next = await this.openCurrent();
    yield* this.drain();
    const older = await openOlder(this.path);
    this.missing = await unseen(older, this.parts.map(({ identity }) => identity), null, next);
    await closeAll(older.filter((file) => !this.missing.includes(file)));
    yield* this.catchUp();
    this.add(next);
  }

  /** Opens the file at `path` if it is the known one and neither packed nor a copy. */
  private tryOpen(path: string, known: PartPlaces): LogPart | null {
    try {
      const part = statSync(path).isFile() ? LogPart.open(path, this.path, this.context.filter, known.from) : null;
      if (part?.becomes(known) === true) return part;
      part?.close();
    } catch {
      // Missing, or not readable for us.
    }
    return null;
  }

  /** Opens what is at the path now. @throws if it cannot be followed. */
  private async openCurrent(): Promise<LogPart> {
    const { path } = this;
    const content = statSync(path).isFile() ? classify(probeFile(path)) : null;
    if (content?.type !== 'text') throw Object.assign(new Error('not a text file'), { code: 'not a text file' });
    const known = this.known?.parts.at(-1);
    this.known = null;
    const part = LogPart.open(path, path, this.context.filter, known?.to);
    if (known === undefined || part.becomes(known)) return part;
    part.close();
    return LogPart.open(path, path, this.context.filter);
  }

  private async *tag(part: LogPart, batches: Iterable<LineBatch> | AsyncIterable<LineBatch>, isAgain: boolean): AsyncGenerator<FollowBatch> {
    let { place } = part;
    for await (const batch of batches) {
      const block = this.context.nextBlock();
      this.marks.add({ block, behind: this.bytesRead, part, place });
      this.bytesRead += Math.max(0, part.place.offset - place.offset);
      for (const line of batch.lines) line.block = block;
      if (!isAgain) this.cut += batch.cut ?? 0;
      ({ place } = part);
      yield { ...batch, log: this.context.log, block, isAgain };
    }
  }

  private async *finish(part: LogPart): AsyncGenerator<FollowBatch> {
    const rest = part.finish();
    if (rest !== null && rest.scanned > 0) yield* this.tag(part, [rest], false);
  }

  private complain(error: NodeJS.ErrnoException): void {
    const code = error.code ?? error.message;
    if (code !== this.error) this.context.onError(this.path, error);
    this.error = code;
  }
}

function* readUpTo(part: LogPart, to: number): Generator<LineBatch> {
  for (let batch = part.readMore(to); batch !== null; batch = part.readMore(to)) yield batch;
}
