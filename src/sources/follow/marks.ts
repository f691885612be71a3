import type { Place } from '../../model/follow.js';
import type { LogPart } from './log-part.js';

/** The start of a block of lines. */
export interface Mark {
  readonly block: number;
  /** Bytes of the log read before it, over all parts. */
  readonly behind: number;
  readonly part: LogPart;
  readonly place: Place;
}

/** Marks kept per log. Above this, every other one is dropped, so that resuming starts slightly earlier. */
const MOST = 2048;
/** Minimum distance between two marks, in bytes. */
const APART = 4096;
/** Minimum to re-read, in bytes, so that late lines of finished attempts still find them. */
const MARGIN = 1 << 18;
/** Maximum to re-read, in bytes: about a second of work. Anything older is resumed without its beginning. */
const LIMIT = 1 << 28;

/** Positions in a log at which blocks were read, for resuming there. */
export class Marks {
  private marks: Mark[] = [];

  /** Adds a mark, unless the last one in the same part is less than {@link APART} bytes before it. */
  add(mark: Mark): void {
    const last = this.marks.at(-1);
    if (last !== undefined && last.part === mark.part && mark.behind - last.behind < APART) return;
    this.marks.push(mark);
    if (this.marks.length > MOST) this.marks = this.marks.filter((_, index) => index % 2 === 0);
  }

  /**
   * Where to resume if lines from `block` on are needed and `read` bytes have been read so far; null before the first
   * block.
   */
  find(block: number, read: number): Mark | null {
    const allowed = this.marks.findIndex(({ behind }) => read - behind <= LIMIT);
    this.marks.splice(0, allowed < 0 ? this.marks.length - 1 : allowed);
    return this.marks.findLast((mark) => mark.block <= block && read - mark.behind >= MARGIN) ?? this.marks[0] ?? null;
  }

  /** Is there a mark in this part? */
  reaches(part: LogPart): boolean {
    return this.marks.some((mark) => mark.part === part);
  }
}
