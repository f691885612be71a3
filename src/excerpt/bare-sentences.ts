import { readAs } from '../dialects/index.js';
import { readBareSentence } from '../envelope/index.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import type { Daemon } from '../model/daemons.js';
import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import type { SourceLine } from '../model/source-line.js';

/** A place for a value in the text of a program: what has one was never logged. */
const CONVERSION = /(?<![\w%])%(?:l{0,2}[dux]|s|#?[HNYRD])(?![\w-])/;

/** Characters outside captured values required to take a sentence as a daemon's. */
const MIN_WORDING = 16;

export interface Matcher {
  match(message: DaemonMessage): Event | null;
  matchMasked(message: DaemonMessage): Event | null;
  matchCut(message: DaemonMessage): Event | null;
  endsOpen(message: DaemonMessage): boolean;
  /**
   * For a text that joins messages of the daemon: the offsets at which those that begin at one offset may end, up to
   * another, and from where on they may end anywhere.
   */
  endsIn(daemon: Daemon, text: string): (from: number, limit: number) => { readonly at: ReadonlySet<number>; readonly openFrom: number };
}

/** Where to search a line for a sentence: from `at` on, and only there if `isWhole`. */
export interface Whereabouts {
  readonly at: number;
  readonly isWhole: boolean;
}

/**
 * The meaning of the line as a sentence of a daemon, judged by wording alone; `isAllowed` selects the daemons. A
 * sentence that one daemon writes without significance is not taken for a less specific one of another daemon.
 */
export function findSentence(line: SourceLine, matcher: Matcher, { at, isWhole }: Whereabouts, isAllowed: (daemon: string) => boolean = () => true): Event | undefined {
  let found: Event | undefined;
  if (CONVERSION.test(line.text)) return undefined;
  for (const { record, daemon } of readBareSentence(line, at, isWhole)) {
    if (found !== undefined && found.message.record.message !== record.message) return found;
    if (!isAllowed(daemon)) continue;
    const message = readAs(record, daemon);
    const event = matcher.match(message) ?? matcher.matchMasked(message);
    if (event === null || wordingOf(event) < MIN_WORDING) continue;
    if (describeKind(event.kind).role !== 'noise') found ??= event;
    else if (found === undefined || wordingOf(event) >= wordingOf(found)) return undefined;
  }
  return found;
}

/** What a line quotes as code: between backticks, and between the quotation marks in them. */
export function quotedIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/^"(.*)"$/, '$1'));
}

/** Is the whole line a sentence of one of the daemons, even an insignificant one? */
export function isSentence(line: SourceLine, matcher: Matcher, isAllowed: (daemon: string) => boolean): boolean {
  for (const { record, daemon } of readBareSentence(line, 0, true)) {
    const event = isAllowed(daemon) ? matcher.match(readAs(record, daemon)) : null;
    if (event !== null && wordingOf(event) >= MIN_WORDING) return true;
  }
  return false;
}

/** Number of characters of the message (with racoon's severity) outside the captured values. */
export function wordingOf({ message: { text, daemon, record }, fields }: Event): number {
  const whole = daemon === 'racoon' && record.message.endsWith(text) ? record.message : text;
  return Object.values(fields).reduce<number>((rest, value) => (whole.includes(String(value)) ? rest - String(value).length : rest), whole.length);
}
