import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { isHinted } from './formats/programs.js';
import { orderOf, type Order } from './order/order.js';

/** What the first lines of a source reveal about it. */
export interface Probe {
  /**
   * `named`: every relevant line names a daemon, so the filter's words find them all. `own`: a daemon's own file, where
   * every line counts. `mixed`: some relevant lines name no daemon.
   */
  readonly kind: 'named' | 'own' | 'mixed';
  readonly order: Order;
  /** So few lines that those in no known format may be recognised by their wording. */
  readonly isShort: boolean;
}

/** Lines examined to classify a source. */
const PROBED_LINES = 2000;
const FEW_LINES = 100;

/** Classifies a source by its first lines. `read` must be fresh and not be used afterwards: it keeps state. */
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

/** Splits a block of text into lines. */
export function* linesOf(block: string): Generator<string> {
  for (let start = 0; start < block.length; ) {
    const newline = block.indexOf('\n', start);
    const end = newline < 0 ? block.length : newline;
    yield block.slice(start, end);
    start = end + 1;
  }
}
