import type { SourceLine } from '../model/source-line.js';
import { beginsSentence } from './daemon-shape.js';

/** How a terminal, a mail or a page has broken the lines of a log. */
export interface Wrapping {
  /** Characters of a full line. */
  readonly width: number;
  /** Blanks put before the rest of a line. */
  readonly indent: number;
  /** Between words, where a blank was left at the end of each line or taken out; else anywhere. */
  readonly between: 'kept-blanks' | 'dropped-blanks' | null;
}

/** Tells where a time stamp at `at` ends, or -1. */
type FindStamp = (text: string, at: number) => number;

/** Widths of terminals and pages; a log's own lines are not all shorter. */
const NARROWEST = 50;
const WIDEST = 250;
/** Broken lines that make sure of it. */
const SURE = 3;
/** Of the lines that do not begin like a log's, so many may be something else, such as what people write beside it; in tables, blanks are lost between words. */
const OTHERS = 0.1;
const OTHERS_BETWEEN_WORDS = 0.3;
/** Lines looked at, and parts of which one line may consist. */
const PROBED = 2000;
const MAX_PARTS = 40;

/** Does the source have lines that were broken at a fixed width? `texts` are its first ones. */
export function findWrapping(texts: Iterable<string>, findStamp: FindStamp): Wrapping | null {
  const lines: string[] = [];
  for (const text of texts) if (lines.push(text) === PROBED) break;
  const width = lines.reduce((longest, { length }) => Math.max(longest, length), 0);
  if (width < NARROWEST || width > WIDEST) return null;
  const starts = startOf(lines, findStamp);
  const rests = lines.flatMap((text, index) => (index > 0 && text !== '' && !starts(text) ? [{ before: lines[index - 1] as string, text }] : []));
  if (rests.length < SURE || !lines.some(starts)) return null;
  const isMost = (isBroken: (before: string, text: string) => boolean, others: number): boolean => {
    const broken = rests.filter(({ before, text }) => isBroken(before, text)).length;
    return broken >= SURE && broken >= rests.length * (1 - others);
  };
  const indent = rests.reduce((least, { text }) => Math.min(least, blanks(text)), WIDEST);
  const wrapping = { width, indent: indent > 1 ? indent : 0 };
  if (isMost((before) => isFull(before, width), OTHERS)) return { ...wrapping, width: commonest(rests.map(({ before }) => before.length)), between: null };
  if (!isMost((before, text) => isFilled(before, text, width), OTHERS_BETWEEN_WORDS)) return null;
  const keepsBlanks = rests.some(({ before }) => before.endsWith(' ')) && isMost((before) => before.endsWith(' ') || isFull(before, width), OTHERS_BETWEEN_WORDS);
  return { ...wrapping, between: keepsBlanks ? 'kept-blanks' : 'dropped-blanks' };
}

/** Puts the broken lines of one source together again. */
export class Unwrapper {
  readonly #wrapping: Wrapping;
  readonly #starts: (text: string) => boolean;
  #line: SourceLine | null = null;
  #last = '';
  #parts = 0;

  constructor(wrapping: Wrapping, texts: readonly string[], findStamp: FindStamp) {
    this.#wrapping = wrapping;
    this.#starts = startOf(texts, findStamp);
  }

  /** The lines that are whole once this one has come; what it begins may go on. */
  push(line: SourceLine): SourceLine[] {
    const { text } = line;
    if (this.#line !== null && this.#parts < MAX_PARTS && text !== '' && this.#continues(text)) {
      this.#line = { ...this.#line, text: this.#joined(this.#line.text, text) };
      this.#last = text;
      this.#parts += 1;
      return [];
    }
    const whole = this.end();
    this.#line = line;
    this.#last = text;
    this.#parts = 1;
    return whole;
  }

  /** Nothing more comes. */
  end(): SourceLine[] {
    const line = this.#line;
    this.#line = null;
    return line === null ? [] : [line];
  }

  #continues(text: string): boolean {
    const { width, between } = this.#wrapping;
    return !this.#starts(text) && (between !== null ? isFilled(this.#last, text, width) : isFull(this.#last, width));
  }

  #joined(line: string, text: string): string {
    const { width, indent, between } = this.#wrapping;
    if (between === 'dropped-blanks') return `${line.trimEnd()} ${text.trimStart()}`;
    const dropped = between === null ? Math.max(0, width - this.#last.length) : 0;
    return line + ' '.repeat(dropped) + text.slice(Math.min(indent, blanks(text)));
  }
}

/** Says which lines are the beginning of one of the log: those with a stamp, or where it has none, those that look like a daemon's. */
function startOf(texts: readonly string[], findStamp: FindStamp): (text: string) => boolean {
  const lines = texts.slice(0, PROBED);
  const hosts = lines.map((text) => hostOf(text, findStamp)).filter((host) => host !== null);
  if (hosts.length === 0) return (text) => beginsSentence(text, blanks(text));
  const [host] = hosts;
  const isOneHost = hosts.filter((other) => other === host).length > hosts.length * (1 - OTHERS);
  // In a message there may be a date, too, but hardly before the same host.
  return isOneHost ? (text) => hostOf(text, findStamp) === host : (text) => hostOf(text, findStamp) !== null;
}

/** The word behind the stamp with which a line begins, most often the host; null where there is no stamp. */
function hostOf(text: string, findStamp: FindStamp): string | null {
  const end = findStamp(text, blanks(text));
  if (end < 0) return null;
  const start = end + blanks(text.slice(end, end + 8));
  const stop = text.indexOf(' ', start);
  return text.slice(start, stop < 0 ? text.length : stop);
}

/** At the end of a full line a page may have dropped a blank, and of one another character may have been two. */
const isFull = (before: string, width: number): boolean => before.length >= width - 2;

/** The first word of the rest had no room any more with the blank behind it, or is the rest of a word that has more than one line. */
function isFilled(before: string, text: string, width: number): boolean {
  const rest = text.trimStart();
  const word = rest.indexOf(' ');
  const needed = Math.max(before.length, before.trimEnd().length + 1) + (word < 0 ? rest.length : word);
  return needed >= width || isFull(before, width);
}

/** The width of most; of those that are as common, the largest. */
function commonest(lengths: readonly number[]): number {
  const count = (length: number): number => lengths.filter((other) => other === length).length;
  return [...new Set(lengths)].reduce((best, length) => (count(length) - count(best) || length - best) > 0 ? length : best);
}

function blanks(text: string): number {
  let at = 0;
  while (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) at += 1;
  return at;
}
