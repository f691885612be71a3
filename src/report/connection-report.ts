import type { Analysis } from '../model/analysis.js';
import type { Connection, Endpoint } from '../model/attempt.js';
import type { ConnectionReport, ConnectionSummary, CurrentProblem } from '../model/report.js';
import { reportAttempt } from './attempt-report.js';
import type { Stories } from './attempt-report.js';
import { clean, cleanOrNull } from './clean.js';
import { failingRun, failureTime, stateOf, stateSince } from './connection-state.js';
import type { FailingRun } from './connection-state.js';
import type { TimePrinter } from './time.js';

/** One connection with its state, what is wrong with it now, and all its attempts. */
export function reportConnection(connection: Connection, analysis: Analysis, print: TimePrinter, stories: Stories): ConnectionReport {
  const { attempts } = connection;
  const run = failingRun(attempts);
  const state = stateOf(attempts, run);
  return {
    ...summarise(connection),
    state,
    since: print(stateSince(attempts, state, run)),
    rekeys: connection.rekeys,
    omittedAttempts: connection.omittedAttempts,
    problem: currentProblem(connection, run, print),
    attempts: attempts.map((attempt) => reportAttempt(attempt, analysis.findingsOf(attempt), print, stories)),
  };
}

/** Which tunnel on which gateway. */
export function summarise({ name, daemon, host, local, peer }: Connection): ConnectionSummary {
  return { name: cleanOrNull(name), daemon, host: clean(host), local: endpoint(local), peer: endpoint(peer) };
}

function endpoint({ address, id }: Readonly<Endpoint>): ConnectionReport['local'] {
  return { address: cleanOrNull(address), id: cleanOrNull(id) };
}

function currentProblem({ attempts }: Connection, run: FailingRun, print: TimePrinter): CurrentProblem | null {
  const [first] = run;
  const latest = run.at(-1);
  if (first === undefined || latest === undefined) {
    return null;
  }
  return {
    attempt: attempts.indexOf(latest),
    attempts: run.reduce((sum, { repeats }) => sum + repeats, 0),
    retransmits: run.reduce((sum, { retransmits }) => sum + retransmits, 0),
    since: print(failureTime(first)),
    last: print(latest.lastRepeat ?? failureTime(latest)),
  };
}
