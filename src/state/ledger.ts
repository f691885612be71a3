import type { Attempt } from '../model/attempt.js';
import type { Change, Happening } from '../model/change.js';
import type { SourceLine } from '../model/source-line.js';

/** What a ledger saves for the next run. */
export interface SavedLedger {
  /** Failing stories, `<key of the connection>|<subject>`, and how often each was reported so far. */
  readonly failing: readonly (readonly [story: string, times: number])[];
  /** Ids of the most recently reported changes. */
  readonly told: readonly string[];
}

/** Ids remembered. Older changes recur while lines are re-read, where they are muted anyway. */
const REMEMBERED = 1000;
const MOST_FAILING = 20_000;

/**
 * Knows what was reported, so that a resumed run does not report it again. This matters for changes that the earlier
 * run reported because its input was idle: the lines that lead to them come only now.
 */
export class Ledger {
  private readonly stories: Map<string, number>;
  private readonly told: string[];
  /** Reported by the earlier run, and not encountered again since. */
  private readonly outstanding: Set<string>;

  constructor(saved: SavedLedger | null) {
    this.stories = new Map(saved?.failing);
    this.told = [...(saved?.told ?? [])];
    this.outstanding = new Set(this.told);
  }

  /** Stories currently reported as failing. */
  get failing(): Iterable<string> {
    return [...this.stories.keys()];
  }

  /** The change to report, or null if an earlier run has reported it. */
  admit(change: Change): Change | null {
    if (this.settle(change)) return null;
    this.told.push(...idsOf(change));
    this.told.splice(0, this.told.length - REMEMBERED);
    return this.count(change);
  }

  /**
   * Marks a change that follows from re-read lines: it was the earlier run's to report, so it is not awaited any more.
   */
  replayed(happening: Happening): void {
    this.settle(happening);
  }

  save(): SavedLedger {
    return { failing: [...this.stories], told: this.told };
  }

  private settle(happening: Happening): boolean {
    const known = this.outstanding.size === 0 ? [] : idsOf(happening).filter((id) => this.outstanding.has(id));
    for (const id of known) this.outstanding.delete(id);
    return known.length > 0;
  }

  /** Counts repetitions across runs, as a resumed run has not seen all of them. */
  private count(change: Change): Change {
    if (change.type === 'host') return change;
    const story = `${change.attempt.connection.key}|${change.attempt.subject}`;
    if (change.type === 'recovered') {
      this.stories.delete(story);
      return change;
    }
    const times = change.type === 'repeated' ? (this.stories.get(story) ?? change.attempt.repeats - 1) + 1 : 1;
    this.stories.delete(story);
    this.stories.set(story, times);
    if (this.stories.size > MOST_FAILING) this.stories.delete(this.stories.keys().next().value ?? '');
    return change.type === 'repeated' && change.attempt.repeats !== times ? { ...change, attempt: withRepeats(change.attempt, times) } : change;
  }
}

/** The same attempt with another count. */
function withRepeats(attempt: Attempt, repeats: number): Attempt {
  return Object.create(attempt, { repeats: { value: repeats } }) as Attempt;
}

/**
 * Ids that identify a change in any run: by the attempt's first line and by its first failure, since a resumed run may
 * not know one of them; for a repetition, by the time it ended.
 */
function idsOf(happening: Happening): string[] {
  if (happening.type === 'host') return [`host ${idOfLine(happening.entry.event.message.record.line)}`];
  const { attempt, type } = happening;
  const { key } = attempt.connection;
  if (type === 'repeated') return attempt.lastRepeat === null ? [] : [`again ${key} ${attempt.subject} ${attempt.lastRepeat}`];
  const verdict = type === 'recovered' ? 'up' : type === 'stalled' ? 'silent' : 'down';
  const lines = [attempt.entries[0], attempt.firstFailure].flatMap((entry) => (entry == null ? [] : [idOfLine(entry.event.message.record.line)]));
  return [...new Set(lines)].map((line) => `${verdict} ${attempt.subject} ${line}`);
}

/** Includes a hash of the text: source and line number alone are ambiguous once a log is rotated. */
function idOfLine({ source, number, text }: SourceLine): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `${source}:${number}:${(hash >>> 0).toString(36)}`;
}
