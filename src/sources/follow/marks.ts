import type { Place } from '../../model/follow.js';
import type { LogPart } from './log-part.js';

/** Where a block of lines begins. */
export interface Mark {
  readonly block: number;
  /** Bytes of the log that were read before it, in all its parts. */
  readonly behind: number;
  readonly part: LogPart;
  readonly place: Place;
}

/** Marks kept of one log; beyond, every other one goes, so that resuming begins a little earlier. */
const MOST = 2048;
/** Bytes between two marks at least. */
const APART = 4096;
/** Read again at least, so that late lines of what is over find it: bytes. */
const MARGIN = 1 << 18;
/** Read again at most: about a second's work. What began before is resumed without its beginning. */
const LIMIT = 1 << 28;

/** Where in a log each block of lines was read, to find the way back. */
export class Marks {
  #marks: Mark[] = [];

  add(mark: Mark): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && last.part === mark.part && mark.behind - last.behind < APART) return;
    this.#marks.push(mark);
    if (this.#marks.length > MOST) this.#marks = this.#marks.filter((_, index) => index % 2 === 0);
  }

  /** Where to begin again when lines from a block on are needed and `read` bytes have been read by now; null before the first block. */
  find(block: number, read: number): Mark | null {
    const allowed = this.#marks.findIndex(({ behind }) => read - behind <= LIMIT);
    this.#marks.splice(0, allowed < 0 ? this.#marks.length - 1 : allowed);
    return this.#marks.findLast((mark) => mark.block <= block && read - mark.behind >= MARGIN) ?? this.#marks[0] ?? null;
  }

  /** Does any mark lie in this part? */
  reaches(part: LogPart): boolean {
    return this.#marks.some((mark) => mark.part === part);
  }
}
