import { tidyLine } from '../envelope/index.js';
import type { splitTitle } from '../envelope/index.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';

/**
 * Narrowest terminal and usual width in columns; characters by which line ends are compared, and the number of
 * different ends that prove lines were cut at an unusual width.
 */
const NARROWEST = 72;
const USUAL = 80;
const LAST_WORDS = 16;
export const SURE = 3;

/** What the first reading made of a line. */
export interface Known {
  readonly record: LogRecord;
  /** Null for lines known to be insignificant. */
  readonly message: DaemonMessage | null;
  /** A signature matches it as it stands. */
  readonly isUnderstood: boolean;
}

export interface ExcerptLine {
  readonly line: SourceLine;
  /** Empty if the line was not recognised by its format. */
  readonly known: Known[];
  isStatus: boolean;
}

/** A line with the records of its second reading. */
export interface Mended {
  readonly line: SourceLine;
  readonly records: readonly LogRecord[];
  /** The text to read as it is, and its parts. */
  readonly title: ReturnType<typeof splitTitle>;
}

/** Reads the stamp at the start of a text: its end (0 if there is none) and its time. */
export type ReadStamp = (text: string, source: string) => Pick<LogRecord, 'time' | 'inferred'> & { readonly end: number };

/** Length of the longest line, in characters. */
export function widthOf(pieces: readonly ExcerptLine[]): number {
  return pieces.reduce((longest, { line }) => Math.max(longest, line.text.length), 0);
}

const NUMBERS = /[\da-f]*\d[\da-f]*/g;

/**
 * Were lines cut at this width, the length of the longest line? Requires several such lines with different ends; at the
 * usual terminal width, one is enough. Lines that differ only in numbers, decimal or hexadecimal, are of one kind, and
 * so of one length.
 */
export function isCutAt(width: number, pieces: readonly ExcerptLine[]): boolean {
  const cut = pieces.filter(({ line, known }) => line.text.length === width && known.length > 0);
  const ends = new Set(cut.map(({ line }) => line.text.slice(-LAST_WORDS).replace(NUMBERS, '0')));
  return width === USUAL || (width >= NARROWEST && ends.size >= SURE);
}

/** What a line adds to the previous one. A quote at its beginning closes one there, so it is kept. */
export function restOf(text: string): string {
  const rest = text.trim();
  return /^['"]/.test(rest) ? rest : tidyLine(text);
}

/** Text from a daemon's own file, without stamp or prefix, that was not understood or whose SA is unknown. */
export function isBare({ line, known: [first, ...others] }: ExcerptLine): boolean {
  if (first === undefined || others.length > 0 || first.record.pid !== null || first.record.time !== null || first.record.message.trim() !== line.text.trim()) return false;
  const { message, isUnderstood } = first;
  return message === null || !isUnderstood || (message.daemon === 'pluto' && message.text === first.record.message && message.saNumber === null);
}

/** A line without stamp that repeats a stamped one: also printed by a program, or quoted again. */
export function isRepeated({ known: [own, ...others] }: ExcerptLine, all: readonly Known[]): boolean {
  if (own === undefined || own.message === null || own.record.time !== null || others.length > 0) return false;
  const { message, record } = own;
  return all.some((other) => other.record.time !== null && other.message !== null && other.message.daemon === message.daemon && other.message.text === message.text && record.line.number > other.record.line.number);
}
