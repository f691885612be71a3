import { isWanted } from './analyze-options.js';
import type { AnalyzeOptions } from './analyze-options.js';
import { ChangeReporter } from './change-reporter.js';
import { answerChecklist } from './checklist/index.js';
import type { Fillers } from './checklist/index.js';
import { fillCommand, fillProse } from './diagnosis/fill.js';
import { diagnoseTunnels, joinHostEntries } from './diagnosis/observed.js';
import { readZone } from './envelope/index.js';
import type { LocalTime } from './envelope/index.js';
import { Findings } from './findings.js';
import type { Following } from './following.js';
import type { Analysis } from './model/analysis.js';
import type { Attempt, Connection } from './model/attempt.js';
import { UsageError } from './model/problem.js';
import type { Product } from './model/product.js';
import type { Reach } from './model/progress.js';
import type { SourceLine } from './model/source-line.js';
import { Reader } from './reading.js';
import type { Reading } from './reading.js';
import { loadRules } from './rule-set.js';
import type { Rules } from './rule-set.js';
import { findInputs, noBytes } from './sources/index.js';
import type { FoundInputs } from './sources/index.js';
import { readInThread, taskForThread } from './threads/index.js';
import type { Task } from './threads/index.js';
import { Timeline } from './timeline/timeline.js';
import { hostIn, joinTunnels, networkIn } from './tunnels/index.js';

export type { AnalyzeOptions };

/** Milliseconds between checks for an idle live input. */
const TICK = 250;
/** Default number of attempts whose lines are kept; they take up to 40 kB each. */
const STORIES = 64;

/**
 * Reads inputs (paths, globs, directories, `-`) to the end and returns the analysis. @throws UsageError for invalid
 * options and rules.
 */
export async function analyze(inputs: readonly string[], options: AnalyzeOptions): Promise<Analysis> {
  const run = await createRun(options);
  return run.read(inputs);
}

/** Analyses lines in memory as those of a single source. */
export async function analyzeLines(lines: readonly string[], options: Omit<AnalyzeOptions, 'live'>, source = 'example'): Promise<Analysis> {
  const run = await createRun({ ...options, live: false });
  return run.takeAll(lines.map((text, index) => ({ source, number: index + 1, text })), source);
}

async function createRun(options: AnalyzeOptions): Promise<Run> {
  if (!Number.isFinite(options.now)) throw new UsageError(`Expected the option "now" in epoch milliseconds, got ${options.now}`);
  const zone = options.zone === undefined ? undefined : await readZone(options.zone);
  return new Run(options, zone, await loadRules(options.rules ?? [], options.peerProduct));
}

/** One run: events from reading build the timeline, which is then diagnosed. */
class Run {
  private readonly reader: Reader;
  private readonly timeline: Timeline;
  private readonly findings: Findings;
  private readonly changes: ChangeReporter;
  private idle = 0;
  private following: Following | null = null;

  constructor(
    private readonly options: AnalyzeOptions,
    private readonly zone: LocalTime | undefined,
    private readonly rules: Rules,
  ) {
    this.timeline = new Timeline(options.stories ?? STORIES);
    this.reader = new Reader(options, zone, rules.matcher, (event) => this.timeline.push(event));
    this.findings = new Findings(rules.diagnosis, this.timeline, this.reader.setups);
    this.changes = new ChangeReporter(options, this.timeline, this.findings);
  }

  async read(args: readonly string[]): Promise<Analysis> {
    const { follow, signal = new AbortController().signal } = this.options;
    if (follow !== undefined) {
      const { Following } = await import('./following.js');
      return this.readHere(() => this.follow(new Following(args, follow, this.timeline, this.reader.filter, signal)));
    }
    const found = await findInputs(args);
    const there = taskForThread(found, this.options);
    return there === null ? this.readHere(() => this.readAll(found, signal)) : this.readThere(there.thread, there.task, signal);
  }

  /** Runs the lines of one source through all stages. */
  takeAll(lines: readonly SourceLine[], source: string): Promise<Analysis> {
    for (const line of lines) this.reader.take(line);
    return this.end([source]);
  }

  /** Ends reading and concludes the run. A short excerpt may be read once more, by its wording and context. */
  private end(names: readonly string[]): Promise<Analysis> {
    this.reader.end();
    const lines = this.following !== null || (this.options.live === true && this.reader.relevant > 0) ? null : this.reader.worthAnother();
    if (lines === null) return this.conclude(this.reader.finish(), names);
    const again = new Run(this.options, this.zone, this.rules);
    again.reader.takeAgain(lines, this.reader);
    again.reader.end();
    return again.conclude(again.reader.finish(), names);
  }

  /** Functions that fill a tunnel's values into the checklist's texts. */
  private fillersFor({ host }: Connection): Fillers {
    const command: Fillers['command'] = (template, facts, side) => {
      const filled = fillCommand(template, facts);
      return side === 'here' ? this.reader.setups.command(host, filled) : filled;
    };
    return { prose: fillProse, command, hostIn, networkIn };
  }

  private productAt({ attempts }: Connection, failing: Attempt | undefined): Product | null {
    const attempt = failing ?? attempts.at(-1);
    return attempt === undefined ? null : (this.findings.productOf(attempt)?.product ?? null);
  }

  private async conclude(reading: Reading, sources: readonly string[]): Promise<Analysis> {
    const { setups } = this.reader;
    setups.noteAll(reading.setups);
    this.timeline.finish();
    await this.tell();
    const logged = this.timeline.allConnections();
    const { tunnels, hostProblems } = joinTunnels(logged, reading.observations);
    for (const { connection, gateway } of tunnels) if (gateway?.observations.some(({ format }) => format === 'stroke-status') === true) setups.noteStarter(connection.host);
    const tunnelOf = new Map(tunnels.map((tunnel) => [tunnel.connection, tunnel]));
    const connections = [...new Set([...logged, ...tunnelOf.keys()])].filter((connection) => isWanted(connection, this.options));
    const hostFailures = this.findings.hostFailures();
    await this.findings.recogniseAll(connections, logged, hostFailures, tunnelOf);
    const unexplained = hostProblems.filter(({ event }) => !this.timeline.hostEntries().explains(event));
    const observed = await diagnoseTunnels(tunnels, unexplained, this.findings.diagnosis);
    const hostEntries = joinHostEntries(await this.findings.hostEntries(), observed.host);
    return {
      connections,
      findingsOf: (attempt) => this.findings.explain(attempt, hostFailures, tunnelOf.get(attempt.connection)),
      counterpartOf: (attempt) => this.findings.counterpartOf(attempt),
      unheardBy: (attempt) => this.findings.unheardBy(attempt),
      productOf: (attempt) => this.findings.productOf(attempt),
      tunnelOf: (connection) => tunnelOf.get(connection),
      observedOf: (connection) => observed.of.get(connection) ?? [],
      checklistOf: (connection, failing) => answerChecklist({ connection, failing, tunnel: tunnelOf.get(connection), hostEntries, product: this.productAt(connection, failing) }, this.fillersFor(connection)),
      hostEntries,
      coverage: {
        ...reading.coverage,
        gaps: this.timeline.hostEntries().gaps.map(({ kind, message: { record } }) => ({ event: kind, source: record.line.source, line: record.line.number, time: record.time === null ? null : new Date(record.time).toISOString(), text: record.line.text })),
      },
      inferred: reading.inferred,
      problems: [...this.rules.problems, ...reading.problems, ...(this.following?.problems ?? [])],
      sources,
      first: reading.first, last: reading.last, firstLine: reading.firstLine,
    };
  }

  /** Reads in this thread, to the end; `read` returns the names of the inputs read. */
  private async readHere(read: () => Promise<readonly string[]>): Promise<Analysis> {
    const ticking = this.options.live === true ? setInterval(() => this.tick(), TICK) : undefined;
    return this.end(await read().finally(() => clearInterval(ticking)));
  }

  /** Reads in a second thread. */
  private async readThere(thread: URL, task: Task, signal: AbortSignal): Promise<Analysis> {
    const batches = readInThread(thread, task, signal, (event) => this.timeline.push(event));
    for (let batch = await batches.next(); ; batch = await batches.next()) {
      if (batch.done === true) return this.conclude(batch.value.reading, batch.value.names);
      this.changes.tellProgress(batch.value);
    }
  }

  private async readAll(found: FoundInputs, signal: AbortSignal): Promise<readonly string[]> {
    const { live = false, stdin = noBytes(), journal } = this.options;
    const onReach = (reach: Reach): void => this.changes.tellProgress(reach);
    const batches = this.reader.read(found, { stdin, isLive: live, signal, onReach, ...(journal === undefined ? {} : { journal }) });
    for (let batch = await batches.next(); ; batch = await batches.next()) {
      if (batch.done === true) return batch.value;
      this.idle = 0;
      if (live) await this.tell();
      else this.changes.tellProgress(batch.value);
    }
  }

  private async follow(following: Following): Promise<readonly string[]> {
    this.following = following;
    await following.read(this.reader.intake, () => {
      this.idle = 0;
      return this.tell();
    });
    return following.paths;
  }

  /** Lets time pass while the live input is idle. */
  private tick(): void {
    this.idle += TICK;
    if (this.idle <= TICK || this.following?.isReplaying === true) return;
    this.reader.intake.settle();
    this.timeline.pause();
    const { reachedTime } = this.reader;
    if (reachedTime !== null) this.timeline.advance(reachedTime + this.idle);
    void this.tell();
  }

  private tell(): Promise<void> {
    return this.changes.tell(() => this.following?.told());
  }
}
