import { ArrivalOrder, type EnvelopeReader } from '../envelope/index.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import type { LineBatch } from '../sources/index.js';
import { DuplicateMessages } from './duplicate-messages.js';
import { HostAssignment } from './host-assignment.js';
import { mergeLogs } from './merge-logs.js';

export interface IntakeOptions {
  readonly reader: EnvelopeReader;
  /** Takes the line and returns true if it belongs to a status output. */
  readonly takeStatus: (line: SourceLine) => boolean;
  /** Receives the number of lines read, including irrelevant ones. */
  readonly onScanned: (lines: number) => void;
  /** `log`: index of the log that the record is from; null if there is only one. */
  readonly take: (record: LogRecord, log: number | null) => void;
}

/** Turns the lines of any inputs into records, assigns hosts, and merges several logs by time. */
export class Intake {
  private readonly options: IntakeOptions;
  private readonly places = new HostAssignment();
  private readonly doubles = new DuplicateMessages();
  private readonly arrivals = new Map<number, ArrivalOrder>();
  /** Records of the current batch, if there are several logs. */
  private arrived: LogRecord[] = [];

  constructor(options: IntakeOptions) {
    this.options = options;
  }

  /** Reads logs in parallel to their ends, merged by time; yields after each batch of lines. */
  async *merge(logs: readonly AsyncIterable<LineBatch>[]): AsyncGenerator<void> {
    yield* mergeLogs(logs, {
      reader: this.options.reader,
      takeBatch: (batch, arrival) => this.pushBatch(batch, arrival),
      onSources: (records) => this.places.learn(records),
      take: (record, log) => this.hand(record, logs.length > 1 ? log : null),
    });
  }

  /**
   * Takes the next lines of a log; `log` is null if it is the only one. `isGrowing`: the log has no end to wait for.
   */
  push(batch: LineBatch, log: number | null, isGrowing: boolean): void {
    const known = this.arrivals.get(log ?? 0);
    // Records that wait for the end of their batch survive garbage collections, which is expensive, so only those of
    // several logs wait, until their hosts are known.
    const arrival = known ?? new ArrivalOrder(this.options.reader, log === null ? (record) => this.hand(record, null) : (record) => this.arrived.push(record), isGrowing);
    this.arrivals.set(log ?? 0, arrival);
    this.pushBatch(batch, arrival);
    if (known === undefined && log !== null) this.places.learn(this.arrived);
    this.release(log);
  }

  /** Takes one line of the only source. */
  take(line: SourceLine): void {
    if (this.options.takeStatus(line)) return;
    this.options.reader.readEach(line, (record) => this.hand(record, null));
  }

  /** No input for now: releases whatever was held back. */
  settle(): void {
    for (const [log, arrival] of this.arrivals) {
      arrival.settle();
      this.release(log);
    }
  }

  /** Ends all logs. */
  end(): void {
    for (const [log, arrival] of this.arrivals) {
      arrival.end();
      this.release(log);
    }
  }

  /** Has another log already had this message? */
  isDouble(message: DaemonMessage, log: number | null): boolean {
    return log !== null && this.doubles.isDouble(message, log);
  }

  private pushBatch({ lines, sections = [], scanned }: LineBatch, arrival: ArrivalOrder): void {
    this.options.onScanned(scanned);
    for (const section of sections) arrival.push(section.lines, this.options.takeStatus);
    arrival.push(lines, this.options.takeStatus);
  }

  private release(log: number | null): void {
    const records = this.arrived;
    this.arrived = [];
    for (const record of records) this.hand(record, log);
  }

  private hand(record: LogRecord, log: number | null): void {
    this.options.take(this.places.locate(record), log);
  }
}
