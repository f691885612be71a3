import { Readable } from 'node:stream';

import { isWanted } from './analyze-options.js';
import type { AnalyzeOptions } from './analyze-options.js';
import { answerChecklist } from './checklist/index.js';
import { UnknownMessages } from './coverage/unknown-messages.js';
import { fillCommand, fillProse } from './diagnosis/fill.js';
import { diagnoseTunnels } from './diagnosis/observed.js';
import { forStarter, showsStarter } from './diagnosis/starter-commands.js';
import { createDialects } from './dialects/index.js';
import { createEnvelopeReader, isRelay, readZone, splitEscaped, splitJoined } from './envelope/index.js';
import type { LocalTime } from './envelope/index.js';
import { Findings } from './findings.js';
import type { Following } from './following.js';
import { Intake } from './intake.js';
import { findSentence, LoneLines } from './lone-lines.js';
import type { Analysis } from './model/analysis.js';
import type { Event } from './model/event.js';
import type { LineFilter } from './model/line-filter.js';
import type { LogRecord } from './model/log-record.js';
import type { Problem } from './model/problem.js';
import type { SourceLine } from './model/source-line.js';
import { loadRules } from './rule-set.js';
import type { Rules } from './rule-set.js';
import { createSnapshotReader, hasUndated, outdatedOutputs, withSnapshots } from './snapshots/index.js';
import { openInputs } from './sources/index.js';
import type { JournalQuery, LineBatch } from './sources/index.js';
import { Telling } from './telling.js';
import { TimeWindow } from './time-window.js';
import { Timeline } from './timeline/timeline.js';
import { hostIn, joinTunnels, networkIn } from './tunnels/index.js';

export type { AnalyzeOptions };

/** Milliseconds between looks at an idle live input. */
const TICK = 250;
/** Attempts whose lines are kept unless asked otherwise; they take up to 40 kB each. */
const STORIES = 64;
/** How the checklist gets this tunnel's values into its texts. */
const FILLERS = { prose: fillProse, command: fillCommand, hostIn, networkIn };
const STARTER_FILLERS: typeof FILLERS = { ...FILLERS, command: (template, facts) => forStarter(fillCommand(template, facts)) };
/** A repeated line is pushed so often at most; more would not change the story. */
const MAX_UNFOLDED = 16;

/** Reads inputs (paths, globs, directories, `-`) to the end and says what happened. Throws UsageError for options and rules. */
export async function analyze(inputs: readonly string[], options: AnalyzeOptions): Promise<Analysis> {
  const run = await createRun(options);
  return run.read(inputs);
}

/** Analyzes lines that are in memory already, as those of one source. */
export async function analyzeLines(lines: readonly string[], options: Omit<AnalyzeOptions, 'live'>, source = 'example'): Promise<Analysis> {
  const run = await createRun({ ...options, live: false });
  lines.forEach((text, index) => run.take({ source, number: index + 1, text }));
  return run.conclude([source]);
}

async function createRun(options: AnalyzeOptions): Promise<Run> {
  const zone = options.zone === undefined ? undefined : await readZone(options.zone);
  return new Run(options, zone, await loadRules(options.rules));
}

/** One run: the stages in their order, and what they leave behind. */
class Run {
  private readonly envelopes;
  private readonly intake: Intake;
  private readonly dialects = createDialects();
  private readonly snapshots = createSnapshotReader();
  private readonly timeline: Timeline;
  private readonly unknown = new UnknownMessages();
  private readonly lone = new LoneLines();
  private readonly window: TimeWindow;
  private readonly findings: Findings;
  private readonly telling: Telling;
  private readonly matcher: Rules['matcher'];
  private readonly problems: Problem[];
  private readonly counts = { lines: 0, relevant: 0, understood: 0 };
  /** When files were last written. */
  private readonly written = new Map<string, number>();
  private first: number | null = null;
  private last: number | null = null;
  private firstLine: string | null = null;
  private idle = 0;
  private following: Following | null = null;

  constructor(
    private readonly options: AnalyzeOptions,
    private readonly zone: LocalTime | undefined,
    private readonly rules: Rules,
    /** What was read is read again, also by its wording alone. */
    private readonly isAgain = false,
  ) {
    const { diagnosis, matcher, problems } = rules;
    this.matcher = matcher;
    this.problems = [...problems];
    const { year, now, present, fileTimes } = options;
    this.timeline = new Timeline(options.stories ?? STORIES);
    this.findings = new Findings(diagnosis, this.timeline);
    this.telling = new Telling(options, this.timeline, this.findings);
    this.window = new TimeWindow(options.since, options.until);
    this.envelopes = createEnvelopeReader({ now, present, year, zone, lastWritten: fileTimes === true ? (source) => this.written.get(source) : undefined });
    this.intake = new Intake({
      reader: this.envelopes,
      takeStatus: (line) => this.takeStatus(line),
      onScanned: (lines) => { this.counts.lines += lines; },
      take: (record, log) => this.takeRecord(record, log),
    });
  }

  async read(args: readonly string[]): Promise<Analysis> {
    const { stdin = Readable.from([]), journal, since, until, follow, signal = new AbortController().signal } = this.options;
    const filter = withSnapshots(this.envelopes.filter, this.snapshots);
    const query = journal === undefined ? null : { units: journal, ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
    const ticking = this.options.live ? setInterval(() => this.tick(), TICK) : undefined;
    let names: readonly string[];
    try {
      if (follow === undefined) names = await this.readAll(args, query, filter, stdin);
      else names = await this.follow(new (await import('./following.js')).Following(args, follow, this.timeline, filter, signal));
    } finally {
      clearInterval(ticking);
    }
    return this.conclude(names);
  }

  /** One line through all stages. */
  take(line: SourceLine): void {
    this.counts.lines += 1;
    this.intake.take(line);
  }

  async conclude(sources: readonly string[]): Promise<Analysis> {
    this.intake.end();
    const lines = this.isAgain || this.following !== null || (this.options.live && this.counts.relevant > 0) ? null : this.lone.worthAnother(this.matcher);
    if (lines !== null) return this.again(lines).conclude(sources);
    this.timeline.finish();
    await this.tell();
    const logged = this.timeline.allConnections();
    const seen = this.snapshots.finish();
    this.problems.push(...outdatedOutputs(seen, this.last));
    const unseen = this.counts.relevant === 0 ? this.window.problem() : null;
    if (unseen !== null) this.problems.push(unseen);
    const { tunnels, hostProblems } = joinTunnels(logged, seen);
    for (const { connection, gateway } of tunnels) if (gateway?.observations.some(({ format }) => format === 'stroke-status') === true) this.findings.starters.add(connection.host);
    const tunnelOf = new Map(tunnels.map((tunnel) => [tunnel.connection, tunnel]));
    const connections = [...new Set([...logged, ...tunnelOf.keys()])].filter((connection) => isWanted(connection, this.options));
    const hostFailures = this.findings.hostFailures();
    await this.findings.recogniseAll(connections, logged, hostFailures, tunnelOf);
    const observed = await diagnoseTunnels(tunnels, hostProblems, this.findings.diagnosis);
    const hostEntries = [...(await this.findings.hostEntries()), ...observed.host];
    return {
      connections,
      findingsOf: (attempt) => this.findings.explain(attempt, hostFailures, tunnelOf.get(attempt.connection)),
      counterpartOf: (attempt) => this.findings.counterpartOf(attempt),
      unheardBy: (attempt) => this.findings.unheardBy(attempt),
      tunnelOf: (connection) => tunnelOf.get(connection),
      observedOf: (connection) => observed.of.get(connection) ?? [],
      checklistOf: (connection, failing) => answerChecklist({ connection, failing, tunnel: tunnelOf.get(connection), hostEntries }, this.findings.starters.has(connection.host) ? STARTER_FILLERS : FILLERS),
      hostEntries,
      coverage: {
        ...this.counts,
        unknown: this.unknown.list(),
        unknownOmitted: this.unknown.omitted,
        gaps: this.timeline.hostEntries().gaps.map(({ kind, message: { record } }) => ({ event: kind, source: record.line.source, line: record.line.number, time: record.time === null ? null : new Date(record.time).toISOString(), text: record.line.text })),
      },
      inferred: [...this.envelopes.inferred(), ...(this.last !== null && hasUndated(seen) ? ['date of status outputs: end of the log'] : [])],
      problems: this.problems,
      sources,
      first: this.first, last: this.last, firstLine: this.firstLine,
    };
  }

  /** The same lines once more: those that are not known by their form are read by their wording. */
  private again(lines: readonly SourceLine[]): Run {
    const run = new Run(this.options, this.zone, { ...this.rules, problems: this.problems }, true);
    for (const line of lines) {
      const { relevant } = run.counts;
      run.intake.take(line);
      const record = run.counts.relevant > relevant ? undefined : findSentence(line, run.matcher);
      if (record !== undefined) run.takeRecord(record, null);
    }
    run.counts.lines = this.counts.lines;
    return run;
  }

  private async readAll(args: readonly string[], query: JournalQuery | null, filter: LineFilter, stdin: Readable): Promise<readonly string[]> {
    const { live, signal } = this.options;
    const { names, groups, progress } = await openInputs(args, query, { filter, stdin, isLive: live, onProblem: (problem) => this.problems.push(problem), onWritten: (source, time) => this.written.set(source, time), onProgress: () => this.telling.tellProgress(progress()) });
    let read = 0;
    for await (const logs of groups) {
      for await (const _batch of this.batches(logs, read)) {
        this.idle = 0;
        if (live) await this.tell();
        else this.telling.tellProgress(progress());
        if (signal?.aborted === true) return names;
      }
      read += logs.length;
    }
    return names;
  }

  /** Takes batch by batch, of one log or of several that are read side by side; before them, so many were `read`. */
  private async *batches(logs: readonly AsyncIterable<LineBatch>[], read: number): AsyncGenerator<void> {
    const [only] = logs;
    if (logs.length > 1 || only === undefined) yield* this.intake.merge(logs);
    else for await (const batch of only) yield this.intake.push(batch, read === 0 ? null : read, false);
  }

  private async follow(following: Following): Promise<readonly string[]> {
    this.following = following;
    await following.read(this.intake, () => {
      this.idle = 0;
      return this.tell();
    });
    return following.paths;
  }

  private takeStatus(line: SourceLine): boolean {
    this.lone.keep(line);
    if (!this.snapshots.take(line)) return false;
    this.lone.note(line, false);
    this.counts.relevant += 1;
    this.counts.understood += 1;
    return true;
  }

  /** `log`: which of several logs the record is from. */
  private takeRecord(record: LogRecord, log: number | null): void {
    const { time } = record;
    if (!this.window.holds(time)) return this.lone.forget();
    this.lone.note(record.line, time !== null);
    this.counts.relevant += 1;
    if (time !== null) {
      this.first ??= time;
      this.firstLine ??= record.line.text;
      this.last = this.last === null || time > this.last ? time : this.last;
    }
    const escaped = splitEscaped(record);
    if (escaped !== null) {
      this.takeJoined(escaped, log);
      return;
    }
    const message = this.dialects.read(record);
    if (message !== null && showsStarter(message)) this.findings.starters.add(record.host);
    if (message === null || this.intake.isDouble(message, log)) {
      this.counts.understood += 1;
      return;
    }
    const event = this.matcher.match(message) ?? this.matchRepaired(record) ?? this.matcher.matchCut(message);
    if (event === null) {
      const joined = splitJoined(record);
      if (joined !== null) this.takeJoined(joined, log);
      else if (isRelay(record.program)) this.counts.relevant -= 1;
      else if (!this.unknown.add(message)) this.counts.understood += 1;
      return;
    }
    this.counts.understood += 1;
    for (let times = Math.min(record.repeats, MAX_UNFOLDED); times > 0; times -= 1) this.timeline.push(event);
  }

  /** What was one line is several. */
  private takeJoined({ first, others }: NonNullable<ReturnType<typeof splitJoined>>, log: number | null): void {
    this.counts.relevant -= 1;
    this.takeRecord(first, log);
    for (const line of others) this.intake.take(line);
  }

  /** A message that nothing understands may be damaged. */
  private matchRepaired(record: LogRecord): Event | null {
    const repaired = this.envelopes.repair(record);
    const message = repaired === null ? null : this.dialects.read(repaired);
    return message === null ? null : this.matcher.match(message);
  }

  /** The live input is idle: time passes. */
  private tick(): void {
    this.idle += TICK;
    if (this.idle <= TICK || this.following?.isReplaying === true) return;
    this.intake.settle();
    this.timeline.pause();
    if (this.last !== null) this.timeline.advance(this.last + this.idle);
    void this.tell();
  }

  private tell(): Promise<void> {
    return this.telling.tell(() => this.following?.told());
  }
}
