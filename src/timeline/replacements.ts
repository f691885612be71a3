import type { Event } from '../model/event.js';
import type { KnownProcess } from './known-process.js';

/** Milliseconds (message time) without a line after which a process counts as replaced. */
const SILENT = 300_000;

/**
 * Processes that may have been replaced, as the same program started with another pid. A killed process logs nothing more.
 * But several instances may run on one host, in separate network namespaces or containers, and share a log: a process
 * that logs again was not replaced.
 */
export class Replacements {
  private readonly supposed = new Map<KnownProcess, Event>();

  suppose(replaced: KnownProcess, by: Event): void {
    if (!this.supposed.has(replaced)) this.supposed.set(replaced, by);
  }

  /** Call it when the process logs a line: it was not replaced. */
  speaks(process: KnownProcess): void {
    if (this.supposed.size > 0) this.supposed.delete(process);
  }

  /**
   * Removes and yields the processes silent for long enough at `time` (epoch milliseconds; null at the end of the log: all),
   * each with the line of its successor's start.
   */
  *take(time: number | null): Generator<[KnownProcess, Event]> {
    for (const [process, by] of this.supposed) {
      const started = by.message.record.time;
      if (time !== null && started !== null && time - started < SILENT) continue;
      this.supposed.delete(process);
      yield [process, by];
    }
  }
}
