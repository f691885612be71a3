import { readAs } from '../dialects/index.js';
import { beginsLine, beginsSentence, loneRecord } from '../envelope/index.js';
import { describeKind } from '../model/event-kinds.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { wordingOf } from './bare-sentences.js';
import type { Matcher } from './bare-sentences.js';

type Daemon = Parameters<typeof readAs>[1];

/** Limits on the words of one sentence, and of the whole text; a person's question is not longer. */
const MAX_WORDS = 48;
const MAX_TEXT_WORDS = 3_000;
/** Characters outside captured values required to take a sentence as a daemon's. */
const MIN_WORDING = 14;
/**
 * Costs against a sentence: another sentence certainly begins inside it; one only seems to; and each additional
 * sentence, because a message may end with any text.
 */
const INNER = 400;
const SEEMING = 30;
const ONE_MORE = 1;
/** Score per character that belongs to a sentence, even within a value. */
const COVERED = 0.05;
/** Reduced weight of messages that are not about a negotiation: parts of any text may match them. */
const BESIDE = 0.3;
/** Minimum number of apparent beginnings for a text to be examined. */
const LEAST_BEGINNINGS = 2;
/** Minimum share of the text that must consist of sentences. */
const MOST = 0.6;

interface Choice {
  readonly score: number;
  /** Where the next sentence begins, and the sentence before that, or null for a skipped word. */
  readonly next: number;
  readonly text: string | null;
}

/**
 * Does the text seem to contain several sentences of the daemon? Splitting is linear in the length of the text but
 * slow.
 */
export function seemsJoined(text: string, daemon: Daemon): boolean {
  const words = wordsOf(text);
  return words.length <= MAX_TEXT_WORDS && innerCosts(text, words, daemon).filter((cost) => cost > 0).length >= LEAST_BEGINNINGS;
}

/** The sentences of one daemon that were joined by blanks; null if there are fewer than two, or too much else. */
export function splitSentences(line: SourceLine, joined: string, matcher: Matcher, daemon: Daemon): readonly LogRecord[] | null {
  const text = joined.replace(/\s+/g, ' ');
  const words = new Words(text, daemon);
  const endsIn = matcher.endsIn(daemon, text);
  const sentences = bestOf(words, (part) => scoreOf(loneRecord(line, daemon, part), matcher, daemon), (from, to) => {
    const begun = words.text(from, to);
    const limit = words.start(from) + begun.length;
    return endsIn(limit - readAs(loneRecord(line, daemon, begun), daemon).text.length, limit);
  });
  const said = sentences.reduce((sum, part) => sum + part.length, 0);
  if (sentences.length < 2 || said < text.length * MOST) return null;
  return sentences.map((part) => loneRecord(line, daemon, part));
}

/** The text from word to word. */
class Words {
  private readonly whole: string;
  private readonly starts: readonly number[];
  /** By their starts. */
  private readonly words: ReadonlyMap<number, number>;
  /** Sum of the costs of the words before each. */
  private readonly sums: readonly number[];

  constructor(text: string, daemon: Daemon) {
    this.whole = text;
    this.starts = wordsOf(text);
    this.words = new Map(this.starts.map((start, word) => [start, word]));
    let sum = 0;
    this.sums = [0, ...innerCosts(text, this.starts, daemon).map((cost) => (sum += cost))];
  }

  get last(): number {
    return this.starts.length - 1;
  }

  text(from: number, to: number): string {
    return this.whole.slice(this.starts[from], (this.starts[to] ?? 0) - 1).trimEnd();
  }

  start(word: number): number {
    return this.starts[word] ?? 0;
  }

  /** The word that begins behind the blank at an offset of the text; undefined within a word. */
  at(offset: number): number | undefined {
    return this.words.get(offset + 1);
  }

  /** Cost of a sentence that continues over the beginnings inside it. */
  costs(from: number, to: number): number {
    return (this.sums[to] ?? 0) - (this.sums[from + 1] ?? 0);
  }
}

/** Offsets of the words, plus the end of the text. */
function wordsOf(text: string): readonly number[] {
  const starts: number[] = [];
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x20 && (at === 0 || text.charCodeAt(at - 1) <= 0x20)) starts.push(at);
  return [...starts, text.length + 1];
}

/**
 * For each word, the cost of a sentence that continues over it; after a prefix (`: `) a beginning is expected and costs
 * nothing.
 */
function innerCosts(text: string, words: readonly number[], daemon: Daemon): readonly number[] {
  return words.map((at) => (at >= text.length || text.startsWith(': ', at - 2) ? 0 : beginsLine(text, at, daemon) ? INNER : daemon !== 'racoon' && beginsSentence(text, at) && !beginsLine(text, at, 'racoon') ? SEEMING : 0));
}

/** The segmentation that explains most of the text's wording, computed from the end (dynamic programming). */
function bestOf(words: Words, score: (part: string) => number, endsOf: (from: number, to: number) => Ends): readonly string[] {
  const { last } = words;
  const choices: Choice[] = [];
  choices[last] = { score: 0, next: last, text: null };
  /** The words at which sentences begin or seem to, nearest first. */
  let beginnings: readonly number[] = [last];
  for (let from = last - 1; from >= 0; from -= 1) {
    let best: Choice = { score: choices[from + 1]?.score ?? 0, next: from + 1, text: null };
    const reach = Math.min(last, from + MAX_WORDS);
    beginnings = beginnings.filter((at) => at <= reach);
    for (const to of placesOf(endsOf(from, reach), words, from, [...beginnings, reach])) {
      const part = words.text(from, to);
      const worth = score(part);
      const total = worth - words.costs(from, to) - ONE_MORE + (choices[to]?.score ?? 0);
      if (worth > 0 && total > best.score) best = { score: total, next: to, text: part };
    }
    choices[from] = best;
    if (best.text !== null || words.costs(from - 1, from + 1) > 0) beginnings = [from, ...beginnings];
  }
  const found: string[] = [];
  for (let at = 0; at < last; at = choices[at]?.next ?? last) {
    const sentence = choices[at]?.text;
    if (typeof sentence === 'string') found.push(sentence);
  }
  return found;
}

type Ends = ReturnType<ReturnType<Matcher['endsIn']>>;

/** The words at which a sentence may be over: where its wording ends or, if that is open, where another begins. */
function placesOf({ at, openFrom }: Ends, words: Words, from: number, others: readonly number[]): ReadonlySet<number> {
  const exact = [...at].flatMap((offset) => words.at(offset) ?? []);
  const open = others.filter((to) => words.start(to) > openFrom);
  return new Set([...exact, ...open].filter((to) => to > from).sort((one, other) => one - other));
}

/** Score of a text as one sentence of the daemon; 0 if it is none. */
function scoreOf(record: LogRecord, matcher: Matcher, daemon: Daemon): number {
  const event = matcher.match(readAs(record, daemon));
  if (event === null) return 0;
  const wording = wordingOf(event);
  const { role, subject } = describeKind(event.kind);
  const share = role === 'noise' || (role === 'detail' && subject === 'host') ? BESIDE : 1;
  return wording < MIN_WORDING ? 0 : (wording + record.message.length * COVERED) * share;
}
