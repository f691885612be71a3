import type { DaemonMessage } from '../model/daemon-message.js';
import type { UnknownMessage } from '../model/report.js';
import { isCharonChatter } from './charon-chatter.js';
import { isPlutoChatter } from './pluto-chatter.js';

/** Shapes kept; further ones, which a stranger could generate without end, are only counted together. */
const MAX_SHAPES = 500;
const MAX_SHAPE_LENGTH = 160;

interface Seen {
  readonly message: DaemonMessage;
  count: number;
}

/** Counts messages that no signature matches, grouped by shape: numbers and quoted or hexadecimal parts are ignored. */
export class UnknownMessages {
  private readonly shapes = new Map<string, Seen>();
  /** Messages whose shape is not kept. */
  omitted = 0;

  /** Counts the message; false if it is merely about a daemon's internals, which do not count. */
  add(message: DaemonMessage): boolean {
    if (isCharonChatter(message) || isPlutoChatter(message)) return false;
    const shape = `${message.daemon} ${shapeOf(message.text)}`;
    const seen = this.shapes.get(shape);
    if (seen !== undefined) seen.count += 1;
    else if (this.shapes.size < MAX_SHAPES) this.shapes.set(shape, { message, count: 1 });
    else this.omitted += 1;
    return true;
  }

  /** Sorted by frequency, highest first. */
  list(): readonly UnknownMessage[] {
    return [...this.shapes.values()]
      .sort((one, other) => other.count - one.count)
      .map(({ message: { daemon, text, record }, count }) => ({ daemon, text, source: record.line.source, line: record.line.number, count }));
  }
}

function shapeOf(text: string): string {
  return text.slice(0, MAX_SHAPE_LENGTH).replace(/'[^']*'|"[^"]*"|[0-9a-fA-F]*[0-9][0-9a-fA-F.:]*/g, '#');
}
