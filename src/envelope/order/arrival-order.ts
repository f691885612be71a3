import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import { splitStamped } from '../damage/joined-lines.js';
import type { Unwrapper } from '../damage/wrapped.js';
import type { EnvelopeReader } from '../reader.js';

/** Lines buffered from a newest-first source; beyond this limit the lines are read in the order they come. */
const MAX_TURNED = 500_000;

/**
 * Joined lines are only split in inputs up to this many lines. In a longer log, a peer may have written text that looks
 * like the next line.
 */
const FEW = 100;

/**
 * Passes on records in the order their lines arrive, source by source. A newest-first source is buffered and reversed
 * when it ends.
 */
export class ArrivalOrder {
  private readonly reader: EnvelopeReader;
  private readonly take: (record: LogRecord) => void;
  private source: string | null = null;
  private newestFirst: SourceLine[] = [];
  private unwrapper: Unwrapper | null = null;
  private isTaken: (line: SourceLine) => boolean = () => false;
  private isGrowing: boolean;

  /** `isGrowing`: the source has no end to wait for, so its lines are taken to be in chronological order. */
  constructor(reader: EnvelopeReader, take: (record: LogRecord) => void, isGrowing = false) {
    this.reader = reader;
    this.take = take;
    this.isGrowing = isGrowing;
  }

  /**
   * Reads the next lines, all of one source. Lines for which `isTaken` is true (status output, for example) are
   * skipped.
   */
  push(lines: readonly SourceLine[], isTaken: (line: SourceLine) => boolean): void {
    const [first] = lines;
    if (first === undefined) return;
    if (first.source !== this.source) {
      this.end();
      this.unwrapper = this.isGrowing ? null : this.reader.unwrapper(lines);
    }
    this.source = first.source;
    this.isTaken = isTaken;
    const single = isShort(lines) ? lines.flatMap((line) => splitStamped(line) ?? [line]) : lines;
    const whole = this.unwrapper === null ? single : single.flatMap((line) => this.unwrapper?.push(line) ?? []);
    this.pushWhole(whole, !this.isGrowing && this.reader.isNewestFirst(first.source, lines) && this.newestFirst.length < MAX_TURNED);
  }

  private pushWhole(lines: readonly SourceLine[], waits: boolean): void {
    for (const line of lines) {
      if (this.isTaken(line)) continue;
      if (waits) this.newestFirst.push(line);
      else this.reader.readEach(line, this.take);
    }
  }

  /** No input for now: releases everything buffered, so that live output is not held back. */
  settle(): void {
    if (this.newestFirst.length === 0 && this.unwrapper === null) return;
    this.release();
    this.unwrapper = null;
    this.isGrowing = true;
  }

  /** Ends the current source: flushes the buffer and the records that only the end of the source completes. */
  end(): void {
    if (this.source === null) return;
    this.release();
    for (const record of this.reader.end(this.source)) this.take(record);
  }

  private release(): void {
    this.pushWhole(this.unwrapper?.end() ?? [], this.newestFirst.length > 0);
    const lines = this.newestFirst;
    this.newestFirst = [];
    for (const record of this.reader.readNewestFirst(lines)) this.take(record);
  }
}

function isShort(lines: readonly SourceLine[]): boolean {
  return lines.length <= FEW && (lines.at(-1)?.number ?? 0) <= FEW;
}
