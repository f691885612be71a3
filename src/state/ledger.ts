import type { Attempt } from '../model/attempt.js';
import type { Change, Happening } from '../model/change.js';
import type { SourceLine } from '../model/source-line.js';

/** What a ledger leaves for the next run. */
export interface SavedLedger {
  /** Failing stories, `<key of the connection>|<subject>`, and how often each was told so far. */
  readonly failing: readonly (readonly [story: string, times: number])[];
  /** Ids of what was told last. */
  readonly told: readonly string[];
}

/** What was told longer ago is also told while the lines before the place of resuming are read again, and so muted. */
const REMEMBERED = 1000;
const MOST_FAILING = 20_000;

/**
 * Knows what was told, so that a run that resumes does not tell it again: not what an earlier run told when its input was idle,
 * before the lines that would have made it tell had come.
 */
export class Ledger {
  readonly #failing: Map<string, number>;
  readonly #told: string[];
  /** Told by the earlier run, and not come up again since. */
  readonly #outstanding: Set<string>;

  constructor(saved: SavedLedger | null) {
    this.#failing = new Map(saved?.failing);
    this.#told = [...(saved?.told ?? [])];
    this.#outstanding = new Set(this.#told);
  }

  /** Stories that are told as failing. */
  get failing(): Iterable<string> {
    return [...this.#failing.keys()];
  }

  /** The change as it is to be told, or null if an earlier run has told it. */
  admit(change: Change): Change | null {
    if (this.#settle(change)) return null;
    this.#told.push(...idsOf(change));
    this.#told.splice(0, this.#told.length - REMEMBERED);
    return this.#count(change);
  }

  /** The earlier run told this, though perhaps not yet. */
  replayed(happening: Happening): void {
    this.#settle(happening);
  }

  save(): SavedLedger {
    return { failing: [...this.#failing], told: this.#told };
  }

  #settle(happening: Happening): boolean {
    const known = this.#outstanding.size === 0 ? [] : idsOf(happening).filter((id) => this.#outstanding.has(id));
    for (const id of known) this.#outstanding.delete(id);
    return known.length > 0;
  }

  /** A run that resumed has not seen all repetitions: they are counted here. */
  #count(change: Change): Change {
    if (change.type === 'host') return change;
    const story = `${change.attempt.connection.key}|${change.attempt.subject}`;
    if (change.type === 'recovered') {
      this.#failing.delete(story);
      return change;
    }
    const times = change.type === 'repeated' ? (this.#failing.get(story) ?? change.attempt.repeats - 1) + 1 : 1;
    this.#failing.delete(story);
    this.#failing.set(story, times);
    if (this.#failing.size > MOST_FAILING) this.#failing.delete(this.#failing.keys().next().value ?? '');
    return change.type === 'repeated' && change.attempt.repeats !== times ? { ...change, attempt: withRepeats(change.attempt, times) } : change;
  }
}

/** The same attempt, counted otherwise. */
function withRepeats(attempt: Attempt, repeats: number): Attempt {
  return Object.create(attempt, { repeats: { value: repeats } }) as Attempt;
}

/**
 * What tells a change apart in any run: the line with which its attempt began, or that of its first failure, since a run that
 * resumed may not know one of them; of a repetition, when it ended.
 */
function idsOf(happening: Happening): string[] {
  if (happening.type === 'host') return [`host ${idOfLine(happening.entry.event.message.record.line)}`];
  const { attempt, type } = happening;
  const { key } = attempt.connection;
  if (type === 'repeated') return attempt.lastRepeat === null ? [] : [`again ${key} ${attempt.subject} ${attempt.lastRepeat}`];
  const verdict = type === 'recovered' ? 'up' : 'down';
  const lines = [attempt.entries[0], attempt.firstFailure].flatMap((entry) => (entry == null ? [] : [idOfLine(entry.event.message.record.line)]));
  return [...new Set(lines)].map((line) => `${verdict} ${attempt.subject} ${line}`);
}

/** Source and number alone would mean another line in each of the files that a log is rotated through. */
function idOfLine({ source, number, text }: SourceLine): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `${source}:${number}:${(hash >>> 0).toString(36)}`;
}
