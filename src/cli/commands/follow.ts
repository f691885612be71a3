import type { Change } from '../../model/change.js';
import { UsageError } from '../../model/problem.js';
import { buildChange } from '../../report/build-report.js';
import { boundHeap } from '../heap.js';
import { Keeper } from '../keeper.js';
import type { Options } from '../options.js';
import { printProblems } from '../print-problem.js';
import { isOutputTerminal } from '../standard-streams.js';
import { endEchoedLine, tellWaiting } from '../waiting.js';
import { analyzeOptions, conclude, liveOutput } from './analyze.js';

/** Follows the inputs until Ctrl-C or SIGTERM, prints a summary, and returns the exit status. */
export async function runFollow(inputs: readonly string[], options: Options): Promise<number> {
  if (inputs.length === 0 || inputs.includes('-')) {
    throw new UsageError('Expected files, patterns or directories with --follow; standard input is followed without it');
  }
  const { analyze } = await import('../../pipeline.js');
  boundHeap();
  const abort = new AbortController();
  const keeper = new Keeper(options, () => abort.abort());
  const resume = keeper.resume();
  const output = liveOutput(options, (text) => keeper.tell(text), options.output === undefined && isOutputTerminal());
  // Changes since the last run are news and reported one by one; those before the first run are history.
  if (resume !== null) output.caughtUp();
  const stop = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGINT') endEchoedLine();
    abort.abort();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const waiting = tellWaiting(`following ${inputs.join(' ')}`, options.output);
  const analysis = await analyze(inputs, {
    ...analyzeOptions(options, abort.signal),
    live: true,
    onChange: (change: Change) => {
      const admitted = keeper.admit(change);
      if (admitted === null) return;
      if (options.output === undefined) waiting.stop();
      output.change(buildChange(admitted, options.zone ?? null));
    },
    follow: {
      resume,
      onReplayed: (happening) => keeper.replayed(happening),
      onTold: (places) => keeper.told(places),
      onEnd: (places) => keeper.end(places),
      onCaughtUp: () => {
        output.caughtUp();
        keeper.caughtUp();
      },
      onProblem: (problem) => printProblems([problem]),
    },
  });
  process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
  waiting.stop();
  output.finish();
  await keeper.close();
  return conclude(analysis, options);
}
