import { CommanderError } from 'commander';
import { UsageError } from '../model/problem.js';
import { clean } from '../report/clean.js';
import { runAnalyze } from './commands/analyze.js';
import { runRules } from './commands/rules.js';
import { STATUS } from './exit-status.js';
import { readOptions } from './options.js';
import type { RawOptions } from './options.js';
import { printProblems } from './print-problem.js';
import { createProgram } from './program.js';
import { standardError, standardOutput } from './standard-streams.js';

export { isAllWritten } from './standard-streams.js';

/**
 * Runs the command with its arguments (without node and script) and returns an exit status of STATUS. `onAnalyzed` is
 * called after an analysis has been printed.
 */
export async function main(argv: string[], onAnalyzed = (): void => {}): Promise<number> {
  tellBugs();
  let status: number = STATUS.notRun;
  const program = createProgram({ analyze, rules: runRules }, (result) => {
    status = result;
  });
  try {
    await throwOnError(program).parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    return statusOf(error);
  }

  async function analyze(inputs: readonly string[], raw: RawOptions): Promise<number> {
    const result = await analyzeOrUsage(inputs, raw);
    onAnalyzed();
    return result;
  }

  async function analyzeOrUsage(inputs: readonly string[], raw: RawOptions): Promise<number> {
    const options = await readOptions(raw, Date.now());
    if (options.follow) return (await import('./commands/follow.js')).runFollow(inputs, options);
    if (inputs.length > 0 || options.journal !== undefined) {
      return runAnalyze(inputs, options);
    }
    if (process.stdin.isTTY !== true) {
      return runAnalyze(['-'], options);
    }
    standardError().write('Usage: ipsec-logwatch [options] [FILE|GLOB|DIR|-]...\n  Pass a log file, or pipe a log into it; ipsec-logwatch --help shows examples.\n');
    return STATUS.notRun;
  }
}

/** Makes commander and its subcommands throw instead of exiting the process. */
function throwOnError(program: ReturnType<typeof createProgram>): ReturnType<typeof createProgram> {
  program
    .exitOverride()
    .configureOutput({ writeOut: (text) => standardOutput().write(text), writeErr: (text) => standardError().write(text), outputError: (text, write) => write(`${text.replace(/^error: /, 'ipsec-logwatch: ').trimEnd()}\n  ipsec-logwatch --help lists the options.\n`) })
    .commands.forEach((command) => throwOnError(command));
  return program;
}

/**
 * Help and version are not errors; wrong usage is reported in one line; anything else is a bug, see {@link tellBugs}.
 */
function statusOf(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? STATUS.healthy : STATUS.notRun;
  }
  if (error instanceof UsageError) {
    standardError().write(`ipsec-logwatch: ${clean(error.message)}\n`);
    printProblems(error.problems);
    return STATUS.notRun;
  }
  throw error;
}

/**
 * Reports a bug with its stack. Exits with `notRun`, because Node's status for uncaught errors is 1, which means that
 * something is failing.
 */
function tellBugs(): void {
  process.on('uncaughtException', ({ stack, message }) => {
    const lines = (stack ?? message).split('\n').map((line) => clean(line));
    standardError().write(`ipsec-logwatch: internal error; please report it with these lines and the input:\n${lines.join('\n')}\n`);
    process.exit(STATUS.notRun);
  });
}
