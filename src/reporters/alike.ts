import type { ConnectionReport } from '../model/report.js';
import { TEXT } from './finding-block.js';
import { hang } from './layout.js';
import type { Layout } from './layout.js';
import { counted, nameWords } from './words.js';

/** Connections that fail alike and are shown one by one; of more, one is, and the others are named below it. */
const MOST_ALIKE = 3;
/** Names that stand below it. */
const MOST_NAMES = 40;

/** Connections of which the first is shown and the others fail as it does. */
export type Alike = readonly [ConnectionReport, ...ConnectionReport[]];

/** Puts connections together that fail with the same event and are explained by the same causes, in the order of their first ones. */
export function gatherAlike(failing: readonly ConnectionReport[]): Alike[] {
  const groups = new Map<string, [ConnectionReport, ...ConnectionReport[]]>();
  for (const connection of failing) {
    const key = storyOf(connection);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [connection]);
    else group.push(connection);
  }
  return [...groups.values()].flatMap((group): Alike[] => (group.length > MOST_ALIKE ? [group] : group.map((connection) => [connection])));
}

/** The names of those that fail as the one above them does. */
export function alikeLines(others: readonly ConnectionReport[], { width, colors }: Layout): string[] {
  if (others.length === 0) return [];
  const names = others.slice(0, MOST_NAMES).map(nameWords).join(', ');
  const rest = others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} more` : '';
  return [
    ...hang('  Likewise', TEXT, `${counted(others.length, 'more connection')} (--connection NAME shows one):`, width, colors.bold),
    ...hang('', TEXT, names + rest, width),
  ];
}

/** What was observed of a connection is its own: such a one is alike to none. */
function storyOf(connection: ConnectionReport): string {
  const { host, daemon, name, peer, state, problem, attempts, observed } = connection;
  const attempt = problem === null ? undefined : attempts[problem.attempt];
  if (attempt === undefined || observed.length > 0) return JSON.stringify([host, daemon, name, peer.address]);
  const causes = attempt.findings.map(({ cause, confidence }) => [cause, confidence]);
  return JSON.stringify([host, daemon, state, attempt.subject, attempt.role, attempt.exchange, attempt.outcome, attempt.firstFailure?.event, causes]);
}
