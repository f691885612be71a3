import { beginsLine } from '../envelope/index.js';
import type { ExcerptLine } from './excerpt-line.js';

/** A label repeated by this many lines, and by this share of all, is no part of the text. */
const LEAST = 3;
const SHARE = 0.5;
/** `[pod/strongswan-0/charon] `, and `strongswan-1  | `. */
const LABEL = /^(?:\[[^\][\s]{1,100}\]|[\w.-]{1,60} {0,20}\|) /;
/** The name of a file, before a match (`:`) or the context of one (`-`), with or without its number. */
const FILE = /^([\w/.-]{0,120}[/.][\w.-]{1,60}?)(?::|-\d{1,7}-)/;
/** What `cat -A` prints at the end of each line. */
const END_MARK = '$';
const NUMBER = /^\d{1,7}[:-]/;
/** A line's number as printed by `cat -n`, `nl` and `less -N`. */
const LINE_NUMBER = /^[ \t]{0,10}(\d{1,7})(?:\t| {1,2})/;

/**
 * The lines without what a program put before each of them: their numbers, the file and number of `grep`, the pod of
 * `kubectl`, the service of `docker compose`. Where lines have a stamp or a pid, their format finds their beginning anyway.
 */
export function withoutLabels(pieces: readonly ExcerptLine[]): readonly ExcerptLine[] {
  const texts = pieces.map(({ line }) => line.text).filter((text) => text.trim() !== '');
  const marked = texts.filter((text) => text.endsWith(END_MARK)).length;
  if (marked >= LEAST && marked >= texts.length * SHARE) return withoutLabels(pieces.map(withoutEndMark));
  if (areNumbered(texts)) return withoutLabels(strip(pieces, (text) => LINE_NUMBER.exec(text)?.[0].length ?? 0));
  if (pieces.some(({ known }) => known.some(({ record }) => record.time !== null || record.pid !== null))) return pieces;
  const label = commonest(texts.map((text) => LABEL.exec(text)?.[0]), texts.length);
  if (label !== null && !beginsLine(label, 0, 'charon')) return strip(pieces, (text) => (text.startsWith(label) ? label.length : 0));
  const file = commonest(texts.map((text) => FILE.exec(text)?.[1]), texts.length);
  return file === null ? pieces : strip(pieces, (text) => (text.startsWith(file) && ':-'.includes(text.charAt(file.length)) ? endOfNumber(text, file.length + 1) : 0));
}

/** Each line begins with a number, one more than that of the line before. */
function areNumbered(texts: readonly string[]): boolean {
  const numbers = texts.map((text) => Number(LINE_NUMBER.exec(text)?.[1]));
  return texts.length >= LEAST && numbers.every((number, index) => index === 0 ? !Number.isNaN(number) : number === numbers[index - 1]! + 1);
}

function withoutEndMark(piece: ExcerptLine): ExcerptLine {
  const { line } = piece;
  return line.text.endsWith(END_MARK) ? { ...piece, line: { ...line, text: line.text.slice(0, -END_MARK.length) } } : piece;
}

function commonest(found: readonly (string | undefined)[], lines: number): string | null {
  const counts = new Map<string, number>();
  for (const one of found) if (one !== undefined) counts.set(one, (counts.get(one) ?? 0) + 1);
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most !== undefined && most[1] >= LEAST && most[1] >= lines * SHARE ? most[0] : null;
}

function endOfNumber(text: string, at: number): number {
  return at + (NUMBER.exec(text.slice(at))?.[0].length ?? 0);
}

/** What the first reading took for a message with the label in it is read again. */
function strip(pieces: readonly ExcerptLine[], lengthOf: (text: string) => number): readonly ExcerptLine[] {
  return pieces.map((piece) => {
    const { line, known } = piece;
    const length = lengthOf(line.text);
    return length === 0 ? piece : { ...piece, line: { ...line, text: line.text.slice(length) }, known: known.filter(({ record }) => !line.text.startsWith(record.message)) };
  });
}
