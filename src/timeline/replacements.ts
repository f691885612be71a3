import type { Event } from '../model/event.js';
import type { KnownProcess } from './known-process.js';

/** Milliseconds of message time without a line after which a process is gone in whose place another one seems to have been started. */
const SILENT = 300_000;

/**
 * Processes in whose place another one of the same name was started under another pid. Killed, they say nothing; but several may run on
 * one host, in network namespaces or containers of their own, and write to one log: one that goes on speaking was not replaced.
 */
export class Replacements {
  private readonly supposed = new Map<KnownProcess, Event>();

  suppose(replaced: KnownProcess, by: Event): void {
    if (!this.supposed.has(replaced)) this.supposed.set(replaced, by);
  }

  /** It has written a line. */
  speaks(process: KnownProcess): void {
    if (this.supposed.size > 0) this.supposed.delete(process);
  }

  /** Those that have been silent for long enough at `time` (epoch milliseconds), each with the line of its successor's start; all where the log ends. */
  *take(time: number | null): Generator<[KnownProcess, Event]> {
    for (const [process, by] of this.supposed) {
      const started = by.message.record.time;
      if (time !== null && started !== null && time - started < SILENT) continue;
      this.supposed.delete(process);
      yield [process, by];
    }
  }
}
