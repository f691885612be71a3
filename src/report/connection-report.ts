import type { Analysis, HostEntry } from '../model/analysis.js';
import type { Attempt, Connection, Endpoint } from '../model/attempt.js';
import type { ConnectionReport, ConnectionState, ConnectionSummary, CurrentProblem, Evidence, ObservedProblem } from '../model/report.js';
import { failureTime } from './attempt-failure.js';
import { reportAttempt } from './attempt-report.js';
import type { Found, Stories } from './attempt-report.js';
import { reportChecklist } from './checklist-report.js';
import type { Checklists } from './checklist-report.js';
import { cleanName, cleanNameOrNull } from './clean.js';
import { endOfNegotiation, endOfTunnel } from './connection-end.js';
import { observedState, stateOf, stateSince } from './connection-state.js';
import { cleanFinding, evidenceOf, unreadLineOf } from './evidence.js';
import { failingRun, othersOn, shownOf } from './failing-run.js';
import type { FailingRun } from './failing-run.js';
import type { TimePrinter } from './time.js';

/** One connection with its state, its current problem, and all its attempts. */
export function reportConnection(connection: Connection, analysis: Analysis, print: TimePrinter, stories: Stories, checklists: Checklists): ConnectionReport {
  const { attempts } = connection;
  const run = failingRun(attempts);
  const state = attempts.length > 0 ? stateOf(attempts, run) : observedState(analysis.tunnelOf(connection));
  const observed = analysis.observedOf(connection);
  return {
    ...summarise(connection, run.at(-1)),
    state,
    since: print(stateSince(attempts, state, run)),
    rekeys: connection.rekeys,
    omittedAttempts: connection.omittedAttempts,
    problem: currentProblem(connection, run, print),
    ended: run.length > 0 ? null : endedBy(state, attempts, print),
    doubt: state === 'up' ? doubtOf(attempts, print) : null,
    attempts: attempts.map((attempt) => reportAttempt(attempt, foundBy(analysis, attempt), print, stories)),
    observed: observed.map((each) => reportObserved(each, print)),
    checklist: checklists === 'all' || (checklists === 'failing' && (run.length > 0 || observed.length > 0)) ? reportChecklist(analysis.checklistOf(connection, run.at(-1)), print) : [],
  };
}

function endedBy(state: ConnectionState, attempts: readonly Attempt[], print: TimePrinter): Evidence | null {
  const event = state === 'down' ? endOfTunnel(attempts) : state === 'unknown' ? endOfNegotiation(attempts) : null;
  return event === null ? null : evidenceOf(event, print);
}

/** What came up later, a rekeyed SA for example, overcame what the line may have told. */
function doubtOf(attempts: readonly Attempt[], print: TimePrinter): ConnectionReport['doubt'] {
  const doubt = attempts.findLast(({ outcome }) => outcome === 'established')?.doubt ?? null;
  return doubt === null ? null : unreadLineOf(doubt, print);
}

function foundBy(analysis: Analysis, attempt: Attempt): Found {
  return {
    get findings() {
      return analysis.findingsOf(attempt);
    },
    get counterpart() {
      return analysis.counterpartOf(attempt);
    },
    get unheardBy() {
      return analysis.unheardBy(attempt);
    },
    get product() {
      return analysis.productOf(attempt);
    },
  };
}

/** Does the connection fail, or does a status output show that its traffic does? */
export function isWrong(connection: Connection, analysis: Analysis): boolean {
  return failingRun(connection.attempts).length > 0 || analysis.observedOf(connection).length > 0;
}

function reportObserved({ entry, findings }: HostEntry, print: TimePrinter): ObservedProblem {
  return { ...evidenceOf(entry.event, print), findings: findings.map(cleanFinding) };
}

/** Identifies a tunnel on a gateway. If clients share the connection, `attempt` selects the client. */
export function summarise({ name, daemon, host, local, peer }: Connection, attempt?: Attempt): ConnectionSummary {
  return { name: cleanNameOrNull(name), daemon, host: cleanName(host), local: endpoint(local), peer: endpoint(attempt === undefined ? peer : peerOf(attempt, peer)) };
}

function peerOf({ peerAddress, fields }: Attempt, peer: Readonly<Endpoint>): Pick<Endpoint, 'address' | 'id'> {
  const id = fields['peer.id'];
  const another = peerAddress !== null && peerAddress !== peer.address;
  return { address: peerAddress ?? peer.address, id: typeof id === 'string' ? id : another ? null : peer.id };
}

function endpoint({ address, id }: Readonly<Pick<Endpoint, 'address' | 'id'>>): ConnectionReport['local'] {
  return { address: cleanNameOrNull(address), id: cleanNameOrNull(id) };
}

const count = (attempts: readonly Attempt[]): number => attempts.reduce((sum, { repeats }) => sum + repeats, 0);

function currentProblem({ attempts }: Connection, run: FailingRun, print: TimePrinter): CurrentProblem | null {
  const [first] = run;
  const latest = run.at(-1);
  const shown = shownOf(run);
  if (first === undefined || latest === undefined || shown === undefined) {
    return null;
  }
  return {
    attempt: attempts.indexOf(shown),
    attempts: count(run),
    failedOtherwise: count(run.slice(0, run.indexOf(shown))),
    retransmits: run.slice(run.indexOf(shown)).reduce((sum, { retransmits }) => sum + retransmits, 0),
    ...othersOn(attempts, run),
    since: print(failureTime(first)),
    last: print(latest.lastRepeat ?? failureTime(latest)),
  };
}
