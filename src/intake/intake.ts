import { mergeLogs } from './confluence.js';
import { Doubles } from './doubles.js';
import { Arrival, type EnvelopeReader } from '../envelope/index.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { Places } from './places.js';
import type { LineBatch } from '../sources/index.js';

export interface IntakeOptions {
  readonly reader: EnvelopeReader;
  /** Is the line of a status output? It is taken, then. */
  readonly takeStatus: (line: SourceLine) => boolean;
  /** So many lines were read, with those that cannot matter. */
  readonly onScanned: (lines: number) => void;
  /** `log`: which of several logs the record is from; null where there is one. */
  readonly take: (record: LogRecord, log: number | null) => void;
}

/** From the lines of logs to records, each with its host, and those of several logs in the order of time, whatever is read and however it comes. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #places = new Places();
  readonly #doubles = new Doubles();
  readonly #arrivals = new Map<number, Arrival>();
  /** Records of the batch of one of several logs that is being taken in. */
  #arrived: LogRecord[] = [];

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Reads logs side by side to their ends; yields after each batch of lines. */
  async *merge(logs: readonly AsyncIterable<LineBatch>[]): AsyncGenerator<void> {
    yield* mergeLogs(logs, {
      reader: this.#options.reader,
      takeBatch: (batch, arrival) => this.#push(batch, arrival),
      onSources: (records) => this.#places.learn(records),
      take: (record, log) => this.#take(record, logs.length > 1 ? log : null),
    });
  }

  /** Takes the next lines of a log, one of several if it has a number; `isGrowing`: it will not end while it is read. */
  push(batch: LineBatch, log: number | null, isGrowing: boolean): void {
    const known = this.#arrivals.get(log ?? 0);
    // A record that waits for the end of its batch has to be kept when garbage is collected: only those of several logs do, until it is known whose they are.
    const arrival = known ?? new Arrival(this.#options.reader, log === null ? (record) => this.#take(record, null) : (record) => this.#arrived.push(record), isGrowing);
    this.#arrivals.set(log ?? 0, arrival);
    this.#push(batch, arrival);
    if (known === undefined && log !== null) this.#places.learn(this.#arrived);
    this.#release(log);
  }

  /** One line of the only source. */
  take(line: SourceLine): void {
    if (this.#options.takeStatus(line)) return;
    this.#options.reader.readEach(line, (record) => this.#take(record, null));
  }

  /** Nothing comes for a while. */
  settle(): void {
    for (const [log, arrival] of this.#arrivals) {
      arrival.settle();
      this.#release(log);
    }
  }

  /** Nothing more comes. */
  end(): void {
    for (const [log, arrival] of this.#arrivals) {
      arrival.end();
      this.#release(log);
    }
  }

  /** Had another log the message? */
  isDouble(message: DaemonMessage, log: number | null): boolean {
    return log !== null && this.#doubles.isDouble(message, log);
  }

  #push({ lines, sections = [], scanned }: LineBatch, arrival: Arrival): void {
    this.#options.onScanned(scanned);
    for (const section of sections) arrival.push(section.lines, this.#options.takeStatus);
    arrival.push(lines, this.#options.takeStatus);
  }

  #release(log: number | null): void {
    const records = this.#arrived;
    this.#arrived = [];
    for (const record of records) this.#take(record, log);
  }

  #take(record: LogRecord, log: number | null): void {
    this.#options.take(this.#places.locate(record), log);
  }
}
