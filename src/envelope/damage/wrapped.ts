import type { SourceLine } from '../../model/source-line.js';
import { beginsSentence } from '../formats/daemon-shape.js';

/** How a terminal, mail client or web page broke the lines of a log. */
export interface Wrapping {
  /** A mail program put `> ` before the lines after they had been broken. */
  readonly isQuoted: boolean;
  /** Length of a full line, in characters. */
  readonly width: number;
  /** Blanks put before a continuation line. */
  readonly indent: number;
  /** Where lines break: between words, with the blank kept at the line's end or dropped; null: at any character. */
  readonly between: 'kept-blanks' | 'dropped-blanks' | null;
}

/** Returns the end of a time stamp at `at`, or -1. */
type FindStamp = (text: string, at: number) => number;

/** Plausible widths of terminals and pages, in characters; beyond that, long lines are a log's own. */
const NARROWEST = 50;
const WIDEST = 250;
/** Broken lines needed to be sure, also if that many certainly lack a blank. */
const SURE = 3;
const SURE_IF_LACKING = 2;
/**
 * Share of the lines without a stamp that may be something else, such as remarks; higher for breaks between words,
 * where tables lose blanks.
 */
const OTHERS = 0.1;
const OTHERS_BETWEEN_WORDS = 0.3;
/** Lines examined, and parts that one line may consist of. */
const PROBED = 2000;
const MAX_PARTS = 40;

/** Detects lines broken at a fixed width. `texts` are the first lines of the source; null if there are none. */
export function findWrapping(texts: Iterable<string>, findStamp: FindStamp): Wrapping | null {
  const found: string[] = [];
  for (const text of texts) if (found.push(text) === PROBED) break;
  const isQuoted = areQuoted(found);
  const lines = isQuoted ? found.map(withoutQuoting) : found;
  const width = lines.reduce((longest, { length }) => Math.max(longest, length), 0);
  if (width < NARROWEST || width > WIDEST) return null;
  const starts = startOf(lines, findStamp);
  const rests = lines.flatMap((text, index) => (index > 0 && text !== '' && !starts(text) ? [{ before: lines[index - 1] as string, text }] : []));
  const lacking = rests.filter(({ before, text }) => lacksBlank(before, text));
  const sure = lacking.length >= SURE_IF_LACKING ? SURE_IF_LACKING : SURE;
  if (rests.length < sure || !lines.some(starts)) return null;
  const isMost = (isBroken: (before: string, text: string) => boolean, others: number): boolean => {
    const broken = rests.filter(({ before, text }) => isBroken(before, text)).length;
    return broken >= sure && broken >= rests.length * (1 - others);
  };
  const indent = rests.reduce((least, { text }) => Math.min(least, blanks(text)), WIDEST);
  const wrapping = { isQuoted, width, indent: indent > 1 ? indent : 0 };
  // If every line is full before its break, lines were broken within words, however many remarks are among them.
  const isCut = rests.every(({ before, text }) => isFull(before, width) || !isFilled(before, text, width));
  const isAnywhere = lacking.length === 0 || lacking.length < rests.filter(({ before }) => isFull(before, width)).length / 2;
  if (isAnywhere && isMost((before) => isFull(before, width), isCut ? OTHERS_BETWEEN_WORDS : OTHERS)) return { ...wrapping, width: commonest(rests.map(({ before }) => before.length)), between: null };
  if (!isMost((before, text) => isFilled(before, text, width), OTHERS_BETWEEN_WORDS)) return null;
  const keepsBlanks = rests.some(({ before }) => before.endsWith(' ')) && isMost((before) => before.endsWith(' ') || isFull(before, width), OTHERS_BETWEEN_WORDS);
  return { ...wrapping, between: keepsBlanks ? 'kept-blanks' : 'dropped-blanks' };
}

/** Rejoins the broken lines of one source. */
export class Unwrapper {
  private readonly wrapping: Wrapping;
  private readonly starts: (text: string) => boolean;
  private line: SourceLine | null = null;
  private last = '';
  private parts = 0;

  constructor(wrapping: Wrapping, texts: readonly string[], findStamp: FindStamp) {
    this.wrapping = wrapping;
    this.starts = startOf(wrapping.isQuoted ? texts.map(withoutQuoting) : texts, findStamp);
  }

  /** Returns the lines completed by this one; the line itself is held back, as it may go on. */
  push(line: SourceLine): SourceLine[] {
    const text = this.wrapping.isQuoted ? withoutQuoting(line.text) : line.text;
    if (this.line !== null && this.parts < MAX_PARTS && text !== '' && this.continues(text)) {
      this.line = { ...this.line, text: this.joined(this.line.text, text) };
      this.last = text;
      this.parts += 1;
      return [];
    }
    const whole = this.end();
    this.line = line;
    this.last = text;
    this.parts = 1;
    return whole;
  }

  /** Returns the last line at the end of input. */
  end(): SourceLine[] {
    const line = this.line;
    this.line = null;
    return line === null ? [] : [line];
  }

  private continues(text: string): boolean {
    const { width, between } = this.wrapping;
    return !this.starts(text) && (between !== null ? isFilled(this.last, text, width) : isFull(this.last, width));
  }

  private joined(line: string, text: string): string {
    const { width, indent, between } = this.wrapping;
    if (between === 'dropped-blanks') return `${line.trimEnd()} ${text.trimStart()}`;
    const dropped = between === null ? Math.max(0, width - this.last.length) : 0;
    return line + ' '.repeat(dropped) + text.slice(Math.min(indent, blanks(text)));
  }
}

/** Are most lines quoted? `>` may also be a part of a line that is broken within its words. */
function areQuoted(lines: readonly string[]): boolean {
  const filled = lines.filter((text) => text !== '');
  return filled.filter((text) => text.startsWith('>')).length > filled.length / 2;
}

const withoutQuoting = (text: string): string => text.replace(/^(?:> ?)+/, '');

/**
 * Returns a test for the first part of a log line: by its stamp, or in logs without stamps by the look of a daemon's
 * message.
 */
function startOf(texts: readonly string[], findStamp: FindStamp): (text: string) => boolean {
  const lines = texts.slice(0, PROBED);
  const hosts = lines.map((text) => hostOf(text, findStamp)).filter((host) => host !== null);
  if (hosts.length === 0) return (text) => beginsSentence(text, blanks(text));
  const [host] = hosts;
  const isOneHost = hosts.filter((other) => other === host).length > hosts.length * (1 - OTHERS);
  // A message may contain a date too, but hardly one followed by the same host.
  return isOneHost ? (text) => hostOf(text, findStamp) === host : (text) => hostOf(text, findStamp) !== null;
}

/** The word after the stamp at the start of a line, usually the host; null without a stamp. */
function hostOf(text: string, findStamp: FindStamp): string | null {
  const end = findStamp(text, blanks(text));
  if (end < 0) return null;
  const start = end + blanks(text.slice(end, end + 8));
  const stop = text.indexOf(' ', start);
  return text.slice(start, stop < 0 ? text.length : stop);
}

/**
 * Is the line full? Up to two characters may be missing: a dropped blank at its end, and one character that was written
 * as two.
 */
const isFull = (before: string, width: number): boolean => before.length >= width - 2;

/**
 * Did the next word no longer fit? True if the first word of the continuation and a blank would exceed the width, or if
 * the line is full (a word longer than a line).
 */
function isFilled(before: string, text: string, width: number): boolean {
  const rest = text.trimStart();
  const word = rest.indexOf(' ');
  const needed = Math.max(before.length, before.trimEnd().length + 1) + (word < 0 ? rest.length : word);
  return needed >= width || isFull(before, width);
}

/**
 * Was a blank dropped here for certain? The same words before each message of pluto make all lines break at one width,
 * which looks like a break within words.
 */
function lacksBlank(before: string, text: string): boolean {
  return /^[^ ]/.test(text) && (/(?:#\d+:|\w\[\d+\]:|"\[\d+\](?: [^ ]+:)?)$/.test(before) || /^#\d+: /.test(text));
}

/** The most frequent length; of equally frequent ones, the largest. */
function commonest(lengths: readonly number[]): number {
  const count = (length: number): number => lengths.filter((other) => other === length).length;
  return [...new Set(lengths)].reduce((best, length) => (count(length) - count(best) || length - best) > 0 ? length : best);
}

function blanks(text: string): number {
  let at = 0;
  while (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) at += 1;
  return at;
}
