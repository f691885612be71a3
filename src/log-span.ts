import type { Inferred, LogRecord } from './model/log-record.js';

/** What the stamps of a log's records tell: the time they span, and what of it had to be inferred. */
export class LogSpan {
  /** Epoch milliseconds; null as long as no record has a time. */
  first: number | null = null;
  last: number | null = null;
  /** Text of the first line that has a time. */
  firstLine: string | null = null;
  private readonly missing = new Set<Inferred>();
  /** That of the last record: neighbours mostly share one list. */
  private latest: readonly Inferred[] | null = null;

  note({ time, line, inferred }: LogRecord): void {
    if (time === null) return;
    this.first ??= time;
    this.firstLine ??= line.text;
    this.last = this.last === null || time > this.last ? time : this.last;
    if (inferred !== this.latest) for (const part of (this.latest = inferred)) this.missing.add(part);
  }

  /**
   * Those of an envelope reader's inferences that concern the log: stamps of other lines, such as those of a shell around
   * it, say nothing about it.
   */
  concerned(described: readonly string[]): readonly string[] {
    if (this.first === null) return described;
    return described.filter((each) => (each.startsWith('zone: ') ? this.missing.has('zone') : !/^years?: /.test(each) || this.missing.has('year')));
  }
}
