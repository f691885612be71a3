import { orderOf, turn } from '../envelope/index.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import type { Event } from '../model/event.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import type { Matcher } from './bare-sentences.js';
import { boundedMatcher } from './bounded-matcher.js';
import { tellEndsApart } from './ends.js';
import { isCutAt, widthOf } from './excerpt-line.js';
import type { ExcerptLine, Mended, ReadStamp } from './excerpt-line.js';
import { withoutLabels } from './labels.js';
import { Mending } from './mending.js';
import { placeAt, sidesIn } from './sides.js';

/** Longer inputs are logs, whose lines are mostly recognised by their format. */
const MAX_LINES = 250;
/** Of more lines than this, all are recognised by their format, unless a terminal has cut them off. */
const MAX_LOOSE_LINES = 100;
/** Limit on the text of an excerpt: each part is examined many times, and nobody pastes this much in so few lines. */
const MAX_CHARACTERS = 60_000;

/**
 * The lines of a short input. People paste a few lines of a log, without prefixes, broken, or mixed with text of their
 * own: where the format of a line does not tell what it is, its wording and the surrounding lines may.
 */
export class Excerpt {
  private readonly pieces = new Map<number, ExcerptLine>();
  private latest: ExcerptLine | null = null;
  /** Numbers of the first and last line that was recognised. */
  private first = 0;
  private last = 0;
  private characters = 0;
  private isLog = false;

  /** The input is not known to be a log so far. */
  get isLikely(): boolean {
    return !this.isLog;
  }

  keep(line: SourceLine): void {
    if (this.isLog) return;
    this.characters += line.text.length;
    if (this.pieces.size === MAX_LINES || this.characters > MAX_CHARACTERS || (this.latest !== null && line.source !== this.latest.line.source)) this.forget();
    else {
      // Several parts of one line have the same number
      this.latest = this.pieces.get(line.number) ?? { line, known: [], isStatus: false };
      this.pieces.set(line.number, this.latest);
    }
  }

  /** The last line kept belongs to a status output. */
  noteStatus(): void {
    if (this.latest !== null) this.latest.isStatus = true;
  }

  /** `message`: null for a copy of another; `event`: null if its meaning is unknown. */
  note(record: LogRecord, message: DaemonMessage | null, event: Event | null): void {
    if (this.isLog) return;
    const isUnderstood = message === null || (event !== null && event.fields['line.cut'] === undefined);
    const { number } = record.line;
    if (this.first === 0) this.first = number;
    this.last = number;
    this.pieces.get(number)?.known.push({ record, message, isUnderstood });
  }

  /** The input is a log, or only part of it is wanted: stop collecting. */
  forget(): void {
    this.isLog = true;
    this.pieces.clear();
    this.latest = null;
  }

  /**
   * All lines, interpreted by wording and context, in order of time, each with its host; null if that adds nothing to
   * the first reading. `eventOf`: the meaning of a line.
   */
  mend(matcher: Matcher, readStamp: ReadStamp, eventOf: (record: LogRecord) => Event | null): readonly Mended[] | null {
    const all = [...this.pieces.values()];
    const pieces = withoutLabels(all);
    const mend = (some: readonly ExcerptLine[]): readonly Mended[] | null => (all.length > MAX_LOOSE_LINES && !isCutAt(widthOf(pieces), pieces) ? null : new Mending(some, boundedMatcher(matcher, this.characters), matcher, readStamp).mend());
    const sides = sidesIn(pieces);
    const mended = sides.length === 0 ? this.inOrder(mend(pieces), pieces) : sides.flatMap((side) => placeAt(side.heading, inOrder(mend(side.pieces) ?? asRead(side.pieces))));
    const apart = sides.length === 0 ? tellEndsApart(mended ?? asRead(pieces), eventOf) : null;
    return withLabels(apart ?? mended, this.pieces);
  }

  private inOrder(mended: readonly Mended[] | null, pieces: readonly ExcerptLine[]): readonly Mended[] | null {
    if (this.first > this.last) return mended?.toReversed() ?? null;
    const read = mended ?? asRead(pieces);
    const ordered = inOrder(read);
    return ordered === read ? mended : ordered;
  }
}

/** The lines as the first reading took them. */
function asRead(pieces: readonly ExcerptLine[]): readonly Mended[] {
  return pieces.map(({ line, known }) => ({ line, title: null, records: known.map(({ record }) => record) }));
}

/** The lines with the oldest first; those of one second may be in order already. */
function inOrder(lines: readonly Mended[]): readonly Mended[] {
  return turn(lines, orderOf(lines.flatMap(({ records }) => records)), ({ records }) => records[0]?.time);
}

/** The report shows lines as they were pasted. */
function withLabels(mended: readonly Mended[] | null, pieces: ReadonlyMap<number, ExcerptLine>): readonly Mended[] | null {
  return mended?.map((each) => {
    const line = pieces.get(each.line.number)?.line ?? each.line;
    return line === each.line ? each : { ...each, line, records: each.records.map((record) => ({ ...record, line })) };
  }) ?? null;
}
