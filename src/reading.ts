import type { AnalyzeOptions } from './analyze-options.js';
import { UnknownMessages } from './coverage/unknown-messages.js';
import { HostSetups } from './diagnosis/host-setups.js';
import type { KnownSetups } from './diagnosis/host-setups.js';
import { createDialects } from './dialects/index.js';
import { createEnvelopeReader, isMarkedUp, isRelay, splitEscaped, splitJoined, splitSwallowed } from './envelope/index.js';
import type { LocalTime } from './envelope/index.js';
import { findSentence } from './excerpt/bare-sentences.js';
import { Excerpt } from './excerpt/excerpt.js';
import type { Mended } from './excerpt/excerpt-line.js';
import { Intake } from './intake/intake.js';
import { LogSpan } from './log-span.js';
import type { Analysis } from './model/analysis.js';
import { isMarkedAsCut } from './model/cut-marks.js';
import type { DaemonMessage } from './model/daemon-message.js';
import type { Event } from './model/event.js';
import type { LineFilter } from './model/line-filter.js';
import type { LogRecord } from './model/log-record.js';
import type { Observation } from './model/observation.js';
import type { Problem } from './model/problem.js';
import type { Reach } from './model/progress.js';
import type { Coverage } from './model/report.js';
import type { SourceLine } from './model/source-line.js';
import type { Rules } from './rule-set.js';
import { createSnapshotReader, hasUndated, outdatedOutputs, withSnapshots } from './snapshots/index.js';
import { openInputs } from './sources/index.js';
import type { Bytes, FoundInputs, JournalQuery, LineBatch } from './sources/index.js';
import { TimeWindow } from './time-window.js';

/** Limit on how often a repeated line is passed on; more would not change the result. */
const MAX_UNFOLDED = 16;

/** The options that concern reading. */
export type ReadingOptions = Pick<AnalyzeOptions, 'now' | 'present' | 'year' | 'fileTimes' | 'since' | 'until'>;

/** The results of reading other than events; plain data. */
export interface Reading extends Pick<Analysis, 'inferred' | 'problems' | 'first' | 'last' | 'firstLine'> {
  readonly coverage: Omit<Coverage, 'gaps'>;
  readonly observations: readonly Observation[];
  readonly setups: KnownSetups;
}

export interface ReadInputs {
  /** What `-` stands for. */
  readonly stdin: Bytes;
  readonly journal?: readonly string[];
  readonly isLive: boolean;
  readonly signal: AbortSignal;
  /** Receives the progress, also within a batch of lines. */
  readonly onReach: (reach: Reach) => void;
}

/**
 * The first half of a run: from inputs to events in chronological order. Assigning events to SAs and attempts is up to
 * the timeline.
 */
export class Reader {
  readonly intake: Intake;
  readonly filter: LineFilter;
  /** As far as read. */
  readonly setups = new HostSetups();
  private readonly envelopes;
  /** The envelope reader whose inferences are reported. */
  private described;
  private readonly dialects = createDialects();
  private readonly snapshots = createSnapshotReader();
  private readonly unknown = new UnknownMessages();
  private readonly excerpt = new Excerpt();
  private readonly window: TimeWindow;
  private readonly problems: Problem[] = [];
  private readonly counts = { lines: 0, relevant: 0, understood: 0 };
  /** Modification times of files, by source. */
  private readonly written = new Map<string, number>();
  private readonly span = new LogSpan();

  /** `push` receives the events. */
  constructor(
    private readonly options: ReadingOptions,
    zone: LocalTime | undefined,
    private readonly matcher: Rules['matcher'],
    private readonly push: (event: Event) => void,
  ) {
    const { year, now, present, fileTimes } = options;
    this.window = new TimeWindow(options.since, options.until);
    this.envelopes = createEnvelopeReader({ now, present, year, zone, lastWritten: fileTimes === true ? (source) => this.written.get(source) : undefined });
    this.described = this.envelopes;
    this.filter = withSnapshots(this.envelopes.filter, this.snapshots);
    this.intake = new Intake({
      reader: this.envelopes,
      takeStatus: (line) => this.takeStatus(line),
      onScanned: (lines) => { this.counts.lines += lines; },
      take: (record, log) => this.takeRecord(record, log),
    });
  }

  /** Time of the latest record. */
  get reachedTime(): number | null {
    return this.span.last;
  }

  /** Number of lines about IPsec. */
  get relevant(): number {
    return this.counts.relevant;
  }

  /** Reads inputs to the end and returns their names; yields after each batch of lines. */
  async *read(found: FoundInputs, { stdin, journal, isLive, signal, onReach }: ReadInputs): AsyncGenerator<Reach, readonly string[]> {
    const { since, until } = this.options;
    const query: JournalQuery | null = journal === undefined ? null : { units: journal, ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
    const { names, groups, progress } = openInputs(found, query, {
      filter: this.filter, stdin, isLive,
      onProblem: (problem) => this.problems.push(problem),
      onWritten: (source, time) => this.written.set(source, time),
      onProgress: () => onReach(progress()),
    });
    let read = 0;
    for await (const logs of groups) {
      for await (const _batch of this.batches(logs, read)) {
        yield progress();
        if (signal.aborted) return names;
      }
      read += logs.length;
    }
    return names;
  }

  /** Takes one line of the only source. */
  take(line: SourceLine): void {
    this.counts.lines += 1;
    this.intake.take(line);
  }

  /**
   * The mended lines of a short input whose meaning does not follow from their form alone; null if a second reading is
   * not worthwhile.
   */
  worthAnother(): readonly Mended[] | null {
    const dialects = createDialects();
    const eventOf = (record: LogRecord): Event | null => {
      const message = dialects.read(record);
      return message === null ? null : this.matcher.match(message);
    };
    return this.excerpt.mend(this.matcher, (text, source) => this.envelopes.stamp(text, source), eventOf);
  }

  /** Takes mended lines, after another reader has read the input the normal way. */
  takeAgain(lines: readonly Mended[], before: Reader): void {
    this.described = before.envelopes;
    this.excerpt.forget();
    const rest = lines.filter(({ line }) => !this.takeStatus(line));
    for (const { records, title } of rest) {
      if (title !== null) this.takeTitle(title);
      else this.countOnce(() => records.forEach((record) => this.takeRecord(record, null)));
    }
    this.counts.lines = before.counts.lines;
    this.problems.push(...before.problems);
  }

  /** Ends the input. */
  end(): void {
    this.intake.end();
  }

  /** The results; call after `end`. */
  finish(): Reading {
    const { first, last, firstLine } = this.span;
    const observations = this.snapshots.finish();
    const unseen = this.counts.relevant === 0 ? this.window.problem() : null;
    return {
      coverage: { ...this.counts, unknown: this.unknown.list(), unknownOmitted: this.unknown.omitted },
      observations,
      inferred: [...this.span.concerned(this.described.inferred()), ...(last !== null && hasUndated(observations) ? ['date of status outputs: end of the log'] : [])],
      problems: [...this.problems, ...outdatedOutputs(observations, last), ...(unseen === null ? [] : [unseen])],
      setups: this.setups.known(),
      first, last, firstLine,
    };
  }

  /** Takes the batches of one log, or of several merged by time. `read`: number of logs read before them. */
  private async *batches(logs: readonly AsyncIterable<LineBatch>[], read: number): AsyncGenerator<void> {
    const [only] = logs;
    if (logs.length > 1 || only === undefined) yield* this.intake.merge(logs);
    else for await (const batch of only) yield this.intake.push(batch, read === 0 ? null : read, false);
  }

  /** A title into which several lines were joined counts as one line. */
  private takeTitle({ first, tag, others }: NonNullable<Mended['title']>): void {
    const { relevant, understood } = this.counts;
    const event = findSentence(first, this.matcher, { at: 0, isWhole: false });
    if (event !== undefined) this.takeRecord({ ...event.message.record, tag }, null);
    for (const other of others) this.intake.take(other);
    this.counts.relevant = relevant + 1;
    this.counts.understood = understood + 1;
  }

  private takeStatus(line: SourceLine): boolean {
    this.excerpt.keep(line);
    if (!this.snapshots.take(line)) return false;
    this.setups.noteStatus(line.text);
    this.excerpt.noteStatus();
    this.counts.relevant += 1;
    this.counts.understood += 1;
    return true;
  }

  /** `log`: index of the log that the record is from, if there are several. */
  private takeRecord(record: LogRecord, log: number | null): void {
    if (!this.window.holds(record.time)) return this.excerpt.forget();
    this.counts.relevant += 1;
    this.span.note(record);
    const escaped = splitEscaped(record) ?? (this.excerpt.isLikely ? splitSwallowed(record) : null);
    if (escaped !== null) {
      this.takeJoined(escaped, log);
      return;
    }
    const message = this.dialects.read(record);
    if (message !== null) this.setups.note(message);
    if (message === null || this.intake.isDouble(message, log)) {
      this.excerpt.note(record, null, null);
      this.counts.understood += 1;
      return;
    }
    const event = this.understand(message);
    const joined = event === null && (this.excerpt.isLikely || isUnstamped(record)) ? splitJoined(record) : null;
    if (joined === null) this.excerpt.note(record, message, event);
    if (event === null) {
      if (joined !== null) this.takeJoined(joined, log);
      else if (isRelay(record.program)) this.counts.relevant -= 1;
      else if (!this.unknown.add(message)) this.counts.understood += 1;
      else if (isOfLog(message)) this.push({ kind: 'log.unread', fields: {}, signature: '', message });
      return;
    }
    this.counts.understood += 1;
    for (let times = Math.min(record.repeats, MAX_UNFOLDED); times > 0; times -= 1) this.push(event);
  }

  /** Splits what was one line into several. */
  private takeJoined({ first, others }: NonNullable<ReturnType<typeof splitJoined>>, log: number | null): void {
    this.counts.relevant -= 1;
    this.countOnce(() => {
      this.takeRecord(first, log);
      for (const line of others) this.intake.take(line);
    });
  }

  /** Counts the parts of one line as one, which is understood if all of them are. */
  private countOnce(takeParts: () => void): void {
    const { relevant, understood } = this.counts;
    takeParts();
    const parts = this.counts.relevant - relevant;
    if (parts <= 1) return;
    const isUnderstood = this.counts.understood - understood >= parts;
    this.counts.relevant = relevant + 1;
    this.counts.understood = understood + (isUnderstood ? 1 : 0);
  }

  /** The meaning of a message, either as it stands, or with damage, masks or a cut end taken into account. */
  private understand(message: DaemonMessage): Event | null {
    const said = this.matcher.match(message);
    if (said !== null && !isMarkedAsCut(message.text) && !hasUnreadPrefix(message) && !isMarkedUp(message.text)) return said;
    const repaired = this.repair(message.record);
    if (said !== null && repaired === null && !isMarkedAsCut(message.text)) return said;
    const whole = repaired === null ? null : this.matcher.match(repaired);
    if (repaired !== null && whole !== null && !isMarkedAsCut(repaired.text)) return whole;
    return (said ?? whole) === null ? this.matcher.matchMasked(message) ?? this.matcher.matchCut(message) : this.matcher.matchCut(repaired ?? message) ?? whole ?? said;
  }

  /** The message without the changes made by pages and programs. */
  private repair(record: LogRecord): DaemonMessage | null {
    const repaired = this.envelopes.repair(record);
    return repaired === null ? null : this.dialects.read(repaired);
  }
}

/** pluto's quoted connection name and SA number were damaged by quoting, so they were not read as a prefix. */
function hasUnreadPrefix({ daemon, text, connectionName, saNumber }: DaemonMessage): boolean {
  return daemon === 'pluto' && connectionName === null && saNumber === null && (text.startsWith('"') || text.startsWith('“') || text.startsWith('&quot;'));
}

/** In a log, what follows a stamp is one line: a peer may have put the beginning of another into an identity. */
const isUnstamped = ({ time, pid }: LogRecord): boolean => time === null && pid === null;

/** Written by a daemon: remarks next to a log have no stamp and name no SA. */
function isOfLog({ record: { time, pid }, thread, group, saNumber }: DaemonMessage): boolean {
  return time !== null || pid !== null || thread !== null || group !== null || saNumber !== null;
}
