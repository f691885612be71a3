import { clean } from '../report/clean.js';
import { isErrorTerminal, isOutputTerminal, standardError, standardOutput } from './standard-streams.js';

/** Milliseconds before a live run says that it waits: input that is there at once gets its report without it. */
const AFTER = 1000;

/**
 * Says on a terminal that a live run is at work, if it has printed nothing else by then: where nothing fails, the screen
 * would stay empty. `output`: the file that receives the changes.
 */
export function tellWaiting(doing: string, output?: string): { stop(): void } {
  if (!isErrorTerminal()) return { stop: () => undefined };
  const where = output === undefined ? 'appear here' : `go to ${output}`;
  const text = `ipsec-logwatch: ${clean(doing)}\n  Failures, stalls and recoveries ${clean(where)} as they happen; Ctrl-C sums up.\n`;
  const timer = setTimeout(() => standardError().write(text), AFTER);
  return { stop: () => clearTimeout(timer) };
}

/** A terminal echoes Ctrl-C; what follows begins on a line of its own. */
export function endEchoedLine(): void {
  if (isOutputTerminal()) standardOutput().write('\n');
}
