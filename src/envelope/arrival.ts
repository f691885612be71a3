import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import type { EnvelopeReader } from './reader.js';
import type { Unwrapper } from './wrapped.js';

/** Lines kept of a source that has the newest first; what goes on longer is read as it is. */
const MAX_TURNED = 500_000;

/** Hands on the records of lines as they arrive, source after source, and those of a source with the newest lines first when it ends. */
export class Arrival {
  readonly #reader: EnvelopeReader;
  readonly #take: (record: LogRecord) => void;
  #source: string | null = null;
  #newestFirst: SourceLine[] = [];
  #unwrapper: Unwrapper | null = null;
  #isTaken: (line: SourceLine) => boolean = () => false;
  #isGrowing: boolean;

  /** `isGrowing`: the source has no end to wait for, so that its lines must be in the order of time. */
  constructor(reader: EnvelopeReader, take: (record: LogRecord) => void, isGrowing = false) {
    this.#reader = reader;
    this.#take = take;
    this.#isGrowing = isGrowing;
  }

  /** Lines of one source, without those of which `isTaken` says that they are something else. */
  push(lines: readonly SourceLine[], isTaken: (line: SourceLine) => boolean): void {
    const [first] = lines;
    if (first === undefined) return;
    if (first.source !== this.#source) {
      this.end();
      this.#unwrapper = this.#isGrowing ? null : this.#reader.unwrapper(lines);
    }
    this.#source = first.source;
    this.#isTaken = isTaken;
    const whole = this.#unwrapper === null ? lines : lines.flatMap((line) => this.#unwrapper?.push(line) ?? []);
    this.#pushWhole(whole, !this.#isGrowing && this.#reader.isNewestFirst(first.source, lines) && this.#newestFirst.length < MAX_TURNED);
  }

  #pushWhole(lines: readonly SourceLine[], waits: boolean): void {
    for (const line of lines) {
      if (this.#isTaken(line)) continue;
      if (waits) this.#newestFirst.push(line);
      else this.#reader.readEach(line, this.#take);
    }
  }

  /** Nothing more comes for the time being: what waits is not to wait longer. */
  settle(): void {
    if (this.#newestFirst.length === 0 && this.#unwrapper === null) return;
    this.#release();
    this.#unwrapper = null;
    this.#isGrowing = true;
  }

  /** What only the end of a source completes. */
  end(): void {
    if (this.#source === null) return;
    this.#release();
    for (const record of this.#reader.end(this.#source)) this.#take(record);
  }

  #release(): void {
    this.#pushWhole(this.#unwrapper?.end() ?? [], this.#newestFirst.length > 0);
    const lines = this.#newestFirst;
    this.#newestFirst = [];
    for (const record of this.#reader.readNewestFirst(lines)) this.#take(record);
  }
}
