import type { ChangeReport } from '../model/report.js';
import { renderNdjsonChange } from '../reporters/json.js';
import type { Layout } from '../reporters/layout.js';
import { keyOf, LivePrinter } from '../reporters/live.js';

/** Receives the changes of a live run. */
export interface LiveOutput {
  change(change: ChangeReport): void;
  /** History is over: print what is still failing, and from now on every change at once. */
  caughtUp(): void;
  finish(): void;
}

/** One JSON object per line, immediately: programs filter history themselves. */
export function ndjsonOutput(write: (text: string) => void): LiveOutput {
  return { change: (change) => write(renderNdjsonChange(change)), caughtUp: () => undefined, finish: () => undefined };
}

/**
 * Text output. During history only the latest change per connection is kept; these are printed when the input slows
 * down to live speed. Input that ends before that, such as `zcat old.gz |`, gets only the summary.
 */
export function textOutput(layout: Layout, terminal: boolean, write: (text: string) => void): LiveOutput {
  const printer = new LivePrinter({ layout, terminal, write });
  let held: Map<string, ChangeReport> | null = new Map();
  return {
    change(change) {
      if (held === null) {
        printer.print(change);
      } else {
        hold(held, change);
      }
    },
    caughtUp() {
      const past = held ?? new Map<string, ChangeReport>();
      held = null;
      for (const change of past.values()) {
        printer.print(change);
      }
    },
    finish() {
      printer.finish();
    },
  };
}

function hold(held: Map<string, ChangeReport>, change: ChangeReport): void {
  const key = change.type === 'host' ? JSON.stringify(change.findings[0]?.cause) : keyOf(change.connection);
  held.delete(key);
  if (change.type !== 'recovered') {
    held.set(key, change.type === 'repeated' ? { ...change, type: 'failed' } : change);
  }
}
