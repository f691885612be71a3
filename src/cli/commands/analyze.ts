import type { Analysis } from '../../model/analysis.js';
import type { Change } from '../../model/change.js';
import type { Progress } from '../../model/progress.js';
import type { OpenReport } from '../../model/report.js';
import type { AnalyzeOptions } from '../../pipeline.js';
import { buildChange, findsFailures, openReport } from '../../report/build-report.js';
import { cleanName } from '../../report/clean.js';
import { renderJson, renderNdjson } from '../../reporters/json.js';
import { layoutFor } from '../../reporters/layout.js';
import { renderText } from '../../reporters/text.js';
import { STATUS } from '../exit-status.js';
import { boundHeap } from '../heap.js';
import { mayGrow, openLiveInput } from '../live-input.js';
import { ndjsonOutput, textOutput } from '../live-output.js';
import type { LiveOutput } from '../live-output.js';
import type { Options } from '../options.js';
import { printProblems } from '../print-problem.js';
import { ProgressLine } from '../progress-line.js';
import { isErrorTerminal, isOutputTerminal, printPieces, standardError, standardOutput } from '../standard-streams.js';
import { endEchoedLine, tellWaiting } from '../waiting.js';

/** Attempts whose lines are kept with --timeline; earlier ones are only counted. */
const STORIES_TOLD = 100_000;

/** Analyses the inputs (`-` is standard input), prints the report, and returns the exit status. */
export async function runAnalyze(inputs: readonly string[], options: Options): Promise<number> {
  const { analyze } = await import('../../pipeline.js');
  boundHeap();
  const live = inputs.includes('-') && options.format !== 'json' && mayGrow(process.stdin.fd);
  const output = live ? liveOutput(options, (text) => void standardOutput().write(text), isOutputTerminal()) : null;
  const abort = new AbortController();
  const input = inputs.includes('-') ? openLiveInput(process.stdin, () => output?.caughtUp()) : null;
  const stop = (): void => {
    if (output !== null) endEchoedLine();
    input?.stop();
    abort.abort();
  };
  const tell = (change: Change): void => {
    waiting?.stop();
    output?.change(buildChange(change, options.zone ?? null));
  };
  process.once('SIGINT', stop);
  const waiting = live ? tellWaiting('reading standard input') : null;
  const progress = !live && isErrorTerminal() ? new ProgressLine(standardError(), () => performance.now()) : null;
  const analysis = await analyze(inputs, {
    ...analyzeOptions(options, abort.signal),
    ...(input === null ? {} : { stdin: input.stream }),
    ...(output === null ? {} : { live: true, onChange: tell }),
    ...(progress === null ? {} : { onProgress: (reached: Progress) => progress.update(reached) }),
  }).finally(() => progress?.stop());
  waiting?.stop();
  process.removeListener('SIGINT', stop);
  output?.finish();
  return conclude(analysis, options);
}

/** Output of a live run in the chosen format. `write` receives the text; `terminal`: it goes to a terminal. */
export function liveOutput(options: Options, write: (text: string) => void, terminal: boolean): LiveOutput {
  return options.format === 'ndjson' ? ndjsonOutput(write) : textOutput(layout(options, terminal), terminal, write);
}

function layout({ color }: Options, terminal = isOutputTerminal()): ReturnType<typeof layoutFor> {
  const { NO_COLOR, TERM } = process.env;
  return layoutFor(terminal ? standardOutput().columns : undefined, color && terminal && !NO_COLOR && TERM !== 'dumb');
}

/** The pipeline's options for this run, except where changes go. */
export function analyzeOptions(options: Options, signal: AbortSignal): AnalyzeOptions {
  const { rules, journal, connection, peer, peerProduct, since, until, zone, year, threads, timeline } = options;
  return {
    rules,
    now: Date.now(),
    present: Date.now,
    fileTimes: true,
    live: false,
    ...(timeline ? { stories: STORIES_TOLD } : {}),
    signal,
    ...(journal === undefined ? {} : { journal }),
    ...(connection === undefined ? {} : { connection }),
    ...(peer === undefined ? {} : { peer }),
    ...(peerProduct === undefined ? {} : { peerProduct }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(zone === undefined ? {} : { zone }),
    ...(year === undefined ? {} : { year }),
    ...(threads === undefined ? {} : { threads }),
  };
}

/** Problem checks that mean an input was not read. */
const UNREAD = new Set(['missing-input', 'unreadable-input', 'not-text', 'missing-program', 'damaged-archive', 'archive-bomb', 'archive-too-large', 'encrypted']);

/** Prints the results of the whole run, and returns the exit status. */
export async function conclude(analysis: Analysis, options: Options): Promise<number> {
  printProblems(analysis.problems);
  const readNothing = analysis.coverage.lines === 0 && analysis.problems.some(({ check }) => UNREAD.has(check));
  if (readNothing) {
    return STATUS.notRun;
  }
  const report = openReport(analysis, options.zone ?? null, options.timeline ? 'all' : 'none', checklistsFor(options));
  const filtered = options.connection ?? options.peer;
  if (filtered !== undefined && report.connections.length === 0 && report.coverage.relevant > 0) {
    standardError().write(`ipsec-logwatch: No connection in this log is called, or has as its peer, ${cleanName(filtered)}\n  Run without --connection and --peer to see which ones there are.\n`);
  }
  await printPieces(render(report, options));
  if (findsFailures(analysis)) return STATUS.failing;
  // If an input or a rule file was skipped, nobody can say that nothing fails.
  return analysis.problems.some(({ level }) => level === 'error') ? STATUS.notRun : STATUS.healthy;
}

/** JSON output includes the checklist for failing connections; text only on request. */
function checklistsFor({ checklist, format }: Options): 'all' | 'failing' | 'none' {
  return checklist ? 'all' : format === 'text' ? 'none' : 'failing';
}

function render(report: OpenReport, options: Options): Iterable<string> {
  switch (options.format) {
    case 'json':
      return renderJson(report);
    case 'ndjson':
      return renderNdjson(report);
    case 'text':
      return renderText(report, { layout: layout(options), timeline: options.timeline, checklist: options.checklist, unknown: options.unknown, chosen: (options.connection ?? options.peer) !== undefined });
  }
}
