import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import type { EnvelopeReader } from './reader.js';

/** Lines kept of a source that has the newest first; what goes on longer is read as it is. */
const MAX_TURNED = 500_000;

/** Hands on the records of lines as they arrive, source after source, and those of a source with the newest lines first when it ends. */
export class Arrival {
  readonly #reader: EnvelopeReader;
  readonly #take: (record: LogRecord) => void;
  #source: string | null = null;
  #newestFirst: SourceLine[] = [];

  constructor(reader: EnvelopeReader, take: (record: LogRecord) => void) {
    this.#reader = reader;
    this.#take = take;
  }

  /** Lines of one source, without those of which `isTaken` says that they are something else. */
  push(lines: readonly SourceLine[], isTaken: (line: SourceLine) => boolean): void {
    const [first] = lines;
    if (first === undefined) return;
    if (first.source !== this.#source) this.end();
    this.#source = first.source;
    const waits = this.#reader.isNewestFirst(first.source, lines) && this.#newestFirst.length < MAX_TURNED;
    for (const line of lines) {
      if (isTaken(line)) continue;
      if (waits) this.#newestFirst.push(line);
      else this.#pass(this.#reader.read(line));
    }
  }

  /** What only the end of a source completes. */
  end(): void {
    if (this.#source === null) return;
    for (const record of this.#reader.readNewestFirst(this.#newestFirst)) this.#take(record);
    for (const record of this.#reader.end(this.#source)) this.#take(record);
    this.#newestFirst = [];
  }

  #pass(record: LogRecord | null): void {
    if (record !== null) this.#take(record);
  }
}
