import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { orderOf, type Order } from './order.js';
import { isHinted } from './programs.js';

/** What the first lines of a source tell about it. */
export interface Probe {
  /**
   * `named`: every line of ours names a daemon, so that the words of the filter find them all. `own`: a daemon's own file, where
   * every line counts. `mixed`: some lines of ours name none.
   */
  readonly kind: 'named' | 'own' | 'mixed';
  readonly order: Order;
  /** A few lines: those that are not known by their form may be ours by their wording. */
  readonly isShort: boolean;
}

/** Lines looked at to tell what a source is. */
const PROBED_LINES = 2000;
const FEW_LINES = 100;

/** Looks at the first lines of a source, with a `read` that has not seen them yet and will not be used for anything else. */
export function probeLines(texts: Iterable<string>, read: (line: SourceLine) => LogRecord | null, end: () => LogRecord[]): Probe {
  const records: LogRecord[] = [];
  let kind: Probe['kind'] = 'named';
  const take = (record: LogRecord | null, text: string): void => {
    if (record === null) return;
    records.push(record);
    if (record.program === '') kind = 'own';
    else if (kind === 'named' && !isHinted(text)) kind = 'mixed';
  };
  let number = 0;
  for (const text of texts) {
    if (++number > PROBED_LINES) break;
    take(read({ source: '', number, text }), text);
  }
  for (const record of end()) take(record, '');
  return { kind, order: orderOf(records), isShort: number <= FEW_LINES };
}

/** The lines of a block of text. */
export function* linesOf(block: string): Generator<string> {
  for (let start = 0; start < block.length; ) {
    const newline = block.indexOf('\n', start);
    const end = newline < 0 ? block.length : newline;
    yield block.slice(start, end);
    start = end + 1;
  }
}
