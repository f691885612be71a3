import { createDialects } from './dialects/index.js';
import { readLoneLine, splitTitle } from './envelope/index.js';
import type { DaemonMessage } from './model/daemon-message.js';
import type { Event } from './model/event.js';
import { describeKind } from './model/event-kinds.js';
import type { LogRecord } from './model/log-record.js';
import type { SourceLine } from './model/source-line.js';

/** Longer inputs are logs, of which at least one line is known by its form. */
const MAX_LINES = 50;
/** Characters besides the values in it that make a sentence one that only the daemon writes. */
const MIN_WORDING = 16;

type Matcher = { readonly match: (message: DaemonMessage) => Event | null };

/** The lines of a short input without stamps, among which sentences of a daemon are looked for. */
export class LoneLines {
  private lines: SourceLine[] = [];
  /** Numbers of those that are known by their form. */
  private readonly known = new Set<number>();
  private tooMany = false;

  keep(line: SourceLine): void {
    if (this.tooMany) return;
    if (this.lines.length < MAX_LINES) this.lines.push(line);
    else this.forget();
  }

  /** The line is about IPsec by its form, with a stamp or without. */
  note({ number }: SourceLine, isStamped: boolean): void {
    if (isStamped) this.forget();
    else if (!this.tooMany) this.known.add(number);
  }

  /** It is a log. */
  forget(): void {
    this.tooMany = true;
    this.lines = [];
  }

  /** All lines, if one that is not known by its form says something by its wording alone, or what stands before a line of charon does. */
  worthAnother(matcher: Matcher): readonly SourceLine[] | null {
    const isUnread = (line: SourceLine): boolean => {
      const before = splitTitle(line)?.first ?? (this.known.has(line.number) ? undefined : line);
      return before !== undefined && findSentence(before, matcher) !== undefined;
    };
    return this.lines.some(isUnread) ? this.lines : null;
  }
}

/** The record in which the line is a sentence of one of the daemons that tells something, by its wording alone. */
export function findSentence(line: SourceLine, matcher: Matcher): LogRecord | undefined {
  for (const record of readLoneLine(line)) {
    const message = createDialects().read(record);
    const event = message === null ? null : matcher.match(message);
    if (event !== null && describeKind(event.kind).role !== 'noise' && wordingOf(event) >= MIN_WORDING) return record;
  }
  return undefined;
}

/** How much of the message is not the values that were read from it. */
function wordingOf({ message, fields }: Event): number {
  return Object.values(fields).reduce<number>((rest, value) => (message.text.includes(String(value)) ? rest - String(value).length : rest), message.text.length);
}
