import { readAs } from '../dialects/index.js';
import { beginsLine, beginsSentence, loneRecord } from '../envelope/index.js';
import { wordingOf } from './lone-lines.js';
import type { Matcher } from './lone-lines.js';
import { describeKind } from '../model/event-kinds.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';

type Daemon = Parameters<typeof readAs>[1];

/** Words of one sentence, and of all that somebody has joined; more is no question of a person. */
const MAX_WORDS = 48;
const MAX_TEXT_WORDS = 1_200;
/** Characters besides values that make a sentence one that only a daemon writes. */
const MIN_WORDING = 14;
/** What it counts against a sentence that another one begins within it, or only seems to, and against each one more: a message may end with any text. */
const INNER = 400;
const SEEMING = 30;
const ONE_MORE = 1;
/** What each character counts that belongs to a sentence, be it of a value. */
const COVERED = 0.05;
/** What is no matter of a negotiation counts so much less: of much of it any text is a part. */
const BESIDE = 0.3;
/** So many sentences at least seem to begin in a text that is looked at. */
const LEAST_BEGINNINGS = 2;
/** So much of a text has to be sentences. */
const MOST = 0.6;

interface Choice {
  readonly score: number;
  /** Where the next sentence begins; the sentence that stands before that, or none. */
  readonly next: number;
  readonly text: string | null;
}

/** Is it worth the trouble to look for several sentences of the daemon? That takes time in proportion to the length of the text, and much of it. */
export function seemsJoined(text: string, daemon: Daemon): boolean {
  const words = wordsOf(text);
  return words.length <= MAX_TEXT_WORDS && innerCosts(text, words, daemon).filter((cost) => cost > 0).length >= LEAST_BEGINNINGS;
}

/** The sentences of one daemon that were joined by blanks; null where the text is no two of them, or too much else. */
export function splitSentences(line: SourceLine, text: string, matcher: Matcher, daemon: Daemon): readonly LogRecord[] | null {
  const words = wordsOf(text);
  const sentences = bestOf(text, words, innerCosts(text, words, daemon), (part) => scoreOf(loneRecord(line, daemon, part), matcher, daemon));
  const said = sentences.reduce((sum, part) => sum + part.length, 0);
  if (sentences.length < 2 || said < text.length * MOST) return null;
  return sentences.map((part) => loneRecord(line, daemon, part));
}

/** Offsets of the words, and one behind the last. */
function wordsOf(text: string): readonly number[] {
  const starts: number[] = [];
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x20 && (at === 0 || text.charCodeAt(at - 1) <= 0x20)) starts.push(at);
  return [...starts, text.length + 1];
}

/** For each word, what it counts against a sentence that goes on with it; behind a prefix it is the beginning of what that is before. */
function innerCosts(text: string, words: readonly number[], daemon: Daemon): readonly number[] {
  return words.map((at) => (at >= text.length || text.startsWith(': ', at - 2) ? 0 : beginsLine(text, at, daemon) ? INNER : daemon !== 'racoon' && beginsSentence(text, at) && !beginsLine(text, at, 'racoon') ? SEEMING : 0));
}

/** The way to read the text that understands most of its wording, from its end to its beginning. */
function bestOf(text: string, words: readonly number[], costs: readonly number[], score: (part: string) => number): readonly string[] {
  const last = words.length - 1;
  const choices: Choice[] = [];
  choices[last] = { score: 0, next: last, text: null };
  for (let from = last - 1; from >= 0; from -= 1) {
    let best: Choice = { score: choices[from + 1]?.score ?? 0, next: from + 1, text: null };
    let inner = 0;
    for (let to = from + 1; to <= Math.min(last, from + MAX_WORDS); to += 1) {
      const part = text.slice(words[from], (words[to] ?? 0) - 1).trimEnd();
      const worth = score(part);
      const total = worth - inner - ONE_MORE + (choices[to]?.score ?? 0);
      if (worth > 0 && total > best.score) best = { score: total, next: to, text: part };
      inner += costs[to] ?? 0;
    }
    choices[from] = best;
  }
  const found: string[] = [];
  for (let at = 0; at < last; at = choices[at]?.next ?? last) {
    const sentence = choices[at]?.text;
    if (typeof sentence === 'string') found.push(sentence);
  }
  return found;
}

/** How much of the text is a daemon's wording, where it is a sentence of it; else 0. */
function scoreOf(record: LogRecord, matcher: Matcher, daemon: Daemon): number {
  const event = matcher.match(readAs(record, daemon));
  if (event === null) return 0;
  const wording = wordingOf(event);
  const { role, subject } = describeKind(event.kind);
  const share = role === 'noise' || (role === 'detail' && subject === 'host') ? BESIDE : 1;
  return wording < MIN_WORDING ? 0 : (wording + record.message.length * COVERED) * share;
}
