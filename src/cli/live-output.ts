import type { ChangeReport } from '../model/report.js';
import type { Layout } from '../reporters/layout.js';
import { keyOf, LivePrinter } from '../reporters/live.js';
import { renderNdjsonChange } from '../reporters/json.js';

/** Where the changes of a live run go. */
export interface LiveOutput {
  change(change: ChangeReport): void;
  /** History is over: print what is still wrong, and from here on everything at once. */
  caughtUp(): void;
  /** Ctrl-C was pressed, which a terminal shows. */
  interrupted(): void;
  finish(): void;
}

/** One JSON object a line, at once: programs sort out history themselves. */
export function ndjsonOutput(write: (text: string) => void): LiveOutput {
  return { change: (change) => write(renderNdjsonChange(change)), caughtUp: () => undefined, interrupted: () => undefined, finish: () => undefined };
}

/**
 * For people. Changes of history are kept back, only the latest of each connection, and printed when the input slows
 * down to what is live; input that ends before, such as `zcat old.gz |`, gets the summary alone.
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
    interrupted() {
      if (terminal) {
        write('\n');
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
