import { tidyLine } from '../envelope/index.js';
import type { splitTitle } from '../envelope/index.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';

/** The narrowest terminal, its usual width, and characters by which the ends of lines are compared, of which so many are cut off for sure at another one. */
const NARROWEST = 72;
const USUAL = 80;
const LAST_WORDS = 16;
export const SURE = 3;

/** What the reading of a log has made of a line of it. */
export interface Known {
  readonly record: LogRecord;
  /** Null for what is known to say nothing. */
  readonly message: DaemonMessage | null;
  /** A signature claims it as it stands. */
  readonly isUnderstood: boolean;
}

export interface Piece {
  readonly line: SourceLine;
  /** Empty where the line is not known by its form. */
  readonly known: Known[];
  isStatus: boolean;
}

/** A line of which another reading makes these records. */
export interface Mended {
  readonly line: SourceLine;
  readonly records: readonly LogRecord[];
  /** To be read as it stands, and split. */
  readonly title: ReturnType<typeof splitTitle>;
}

/** Do several lines of this length, that of the longest, end with nothing else in common? At the usual width of terminals, one is enough. */
export function isCutAt(width: number, pieces: readonly Piece[]): boolean {
  const cut = pieces.filter(({ line, known }) => line.text.length === width && known.length > 0);
  const ends = new Set(cut.map(({ line }) => line.text.slice(-LAST_WORDS).replace(/\d+/g, '0')));
  return width === USUAL || (width >= NARROWEST && ends.size >= SURE);
}

/** What a line adds to the one before it. A quote at its beginning closes there. */
export function restOf(text: string): string {
  const rest = text.trim();
  return /^['"]/.test(rest) ? rest : tidyLine(text);
}

/** Text of a daemon's own file, without stamp or prefix, that was not understood, or of which nobody knows what SA it is about. */
export function isBare({ line, known: [first, ...others] }: Piece): boolean {
  if (first === undefined || others.length > 0 || first.record.pid !== null || first.record.time !== null || first.record.message.trim() !== line.text.trim()) return false;
  const { message, isUnderstood } = first;
  return message === null || !isUnderstood || (message.daemon === 'pluto' && message.text === first.record.message && message.saNumber === null);
}

/** A line without stamp that says the same as one of the log with a stamp: what a program printed there, too, or somebody quotes once more. */
export function isRepeated({ known: [own, ...others] }: Piece, all: readonly Known[]): boolean {
  if (own === undefined || own.message === null || own.record.time !== null || others.length > 0) return false;
  const { message, record } = own;
  return all.some((other) => other.record.time !== null && other.message !== null && other.message.daemon === message.daemon && other.message.text === message.text && record.line.number > other.record.line.number);
}
