import type { AttemptReport, ChangeReport, ConnectionSummary } from '../model/report.js';
import { checkLines } from './check-lines.js';
import { period } from './clock.js';
import type { FormatTime } from './clock.js';
import { causeLines, firstFailureLines } from './finding-block.js';
import { flow } from './layout.js';
import type { Layout } from './layout.js';
import { hostLines } from './text.js';
import { counted, exchangeWords, nameWords, outcomeWords, routeWords, subjectWords } from './words.js';

export interface LiveOptions {
  readonly layout: Layout;
  /** Can the last line be rewritten in place? */
  readonly terminal: boolean;
  readonly write: (text: string) => void;
}

type AttemptChange = Extract<ChangeReport, { readonly attempt: AttemptReport }>;

/** Returns to the start of the line and clears it. */
const REWRITE = '\r\x1b[2K';

/** Connections whose last block is remembered; beyond that, a block may be printed twice. */
const MOST_REMEMBERED = 10_000;

/**
 * Prints changes of a live run as they happen: a block for a failure or stall, one line for a recovery or for a stall
 * that ends in a timeout, and only an increasing count for a repeated failure (in place on a terminal, otherwise at 2,
 * 4, 8, ... repetitions).
 */
export class LivePrinter {
  /** Connection → the first failure shown in its last block. */
  private readonly shown = new Map<string, string>();
  /** The connection whose count is the last line on the terminal, and may be rewritten. */
  private counting: string | null = null;

  constructor(private readonly options: LiveOptions) {}

  print(change: ChangeReport): void {
    switch (change.type) {
      case 'host':
        return this.lines(hostLines(change.findings, liveClock, this.options.layout, new Set()));
      case 'repeated':
        return this.repeated(change);
      case 'recovered':
        return this.recovered(change);
      default:
        return this.failed(change);
    }
  }

  /** Ends a line that is being rewritten; call it before printing anything else. */
  finish(): void {
    if (this.counting !== null) {
      this.options.write('\n');
      this.counting = null;
    }
  }

  private failed(change: AttemptChange): void {
    const key = keyOf(change.connection);
    const { attempt } = change;
    const failure = failureKey(attempt);
    const known = this.shown.get(key) === failure;
    this.remember(key, failure);
    if (known) {
      return this.lines([this.head(change, [`${outcomeWords(attempt)}${at(attempt.ended)}`])]);
    }
    const { layout } = this.options;
    this.lines([
      this.head(change, [exchangeWords(attempt), failedWords(change)]),
      ...firstFailureLines(attempt, liveClock, layout),
      ...causeLines(attempt.findings, layout, attempt.firstFailure?.event),
      ...checkLines(attempt.findings, layout),
      '',
    ]);
  }

  private recovered(change: AttemptChange): void {
    this.shown.delete(keyOf(change.connection));
    this.lines([this.head(change, [`recovered: ${subjectWords(change.attempt)} is up${at(change.attempt.ended ?? change.attempt.started)}`])]);
  }

  private repeated(change: AttemptChange): void {
    const { attempt, connection } = change;
    const key = keyOf(connection);
    const { terminal, layout, write } = this.options;
    if (!terminal) {
      return isPowerOfTwo(attempt.repeats) ? this.lines([layout.colors.red(this.countLine(change))]) : undefined;
    }
    if (this.counting !== key) {
      this.finish();
    }
    write(`${this.counting === key ? REWRITE : ''}${layout.colors.red(this.countLine(change).slice(0, layout.width - 1))}`);
    this.counting = key;
  }

  private countLine({ attempt, connection }: AttemptChange): string {
    const last = attempt.lastRepeat ?? attempt.ended;
    return `✗ ${nameWords(connection)}   the same again, ${counted(attempt.repeats, 'attempt')} so far${last === null ? '' : `, the last${at(last)}`}`;
  }

  private head({ type, connection, attempt }: AttemptChange, words: readonly string[]): string {
    const { colors, width } = this.options.layout;
    const mark = type === 'recovered' ? '✓' : type === 'stalled' ? '…' : '✗';
    const paint = type === 'recovered' ? colors.green : type === 'stalled' ? colors.yellow : colors.red;
    const parts = [`${mark} ${nameWords(connection)}`, connection.name === null ? '' : routeWords(connection, attempt.role), ...words];
    return flow(parts, '   ', 4, width).map((line) => paint(line)).join('\n');
  }

  private remember(key: string, failure: string): void {
    if (this.shown.size >= MOST_REMEMBERED) {
      this.shown.clear();
    }
    this.shown.set(key, failure);
  }

  private lines(lines: readonly string[]): void {
    this.finish();
    this.options.write(lines.map((line) => `${line}\n`).join(''));
  }
}

/** With the date: live output may be read days later. */
const liveClock: FormatTime = (time) => period(time, time);

function failedWords({ type, attempt }: AttemptChange): string {
  const what = attempt.subject === 'child' ? `${subjectWords(attempt)} ` : '';
  if (type !== 'stalled') {
    // A failure happens when it is stated, a timeout when the daemon gives up
    const { outcome, firstFailure, ended } = attempt;
    return `${what}${outcomeWords(attempt)}${at(outcome === 'timed-out' ? ended ?? firstFailure?.time ?? null : firstFailure?.time ?? ended)}`;
  }
  const tries = attempt.retransmits > 0 ? `, ${counted(attempt.retransmits, 'retransmission')} so far` : '';
  return `${what}stalled: no answer since ${liveClock(attempt.firstFailure?.time ?? attempt.started) || 'the start'}${tries}, still trying`;
}

function at(time: string | null): string {
  return time === null ? '' : ` at ${liveClock(time)}`;
}

/** Identifies a connection by what is known from its first line on; identities are learned later. */
export function keyOf({ host, name, peer }: ConnectionSummary): string {
  return JSON.stringify(name === null ? [host, null, peer.address] : [host, name]);
}

function failureKey({ subject, started, firstFailure }: AttemptReport): string {
  return JSON.stringify([subject, started, firstFailure?.event ?? null, firstFailure?.source ?? null, firstFailure?.line ?? null]);
}

function isPowerOfTwo(count: number): boolean {
  return count > 1 && Number.isInteger(Math.log2(count));
}
