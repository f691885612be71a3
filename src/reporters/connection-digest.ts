import type { ConnectionReport, ConnectionState, OpenReport } from '../model/report.js';
import { nameWords, routeWords } from './words.js';

/** The data needed to sort, align and group connections; with very many of them, nothing else is kept. */
export interface ConnectionDigest {
  /** Index in the report. */
  readonly index: number;
  readonly name: string;
  /** No connection of the configuration: a request that none accepts, perhaps from a stranger, or a daemon without names. */
  readonly isUnnamed: boolean;
  readonly route: number;
  readonly host: string;
  readonly state: ConnectionState;
  /** It is failing, or a status output shows that its traffic does. */
  readonly isWrong: boolean;
  readonly failsChildOnly: boolean;
  /** Number of consecutive failed attempts. */
  readonly failed: number;
  /** Equal for connections that fail with the same event and the same causes. */
  readonly story: string;
}

/** Reads each connection of a report once. */
export function digestsOf({ connections }: OpenReport): ConnectionDigest[] {
  const stories = new Map<string, string>();
  const hosts = new Map<string, string>();
  return Array.from(connections, (connection, index) => {
    const { problem, attempts, observed, state, host } = connection;
    const isWrong = problem !== null || observed.length > 0;
    return {
      index,
      name: nameWords(connection),
      isUnnamed: connection.name === null,
      route: routeWords(connection, 'unknown').length,
      host: shared(hosts, host),
      state,
      isWrong,
      failsChildOnly: problem !== null && attempts[problem.attempt]?.subject === 'child',
      failed: problem?.attempts ?? 0,
      story: isWrong ? shared(stories, storyOf(connection)) : '',
    };
  });
}

/** Shares one string among equal ones. */
function shared(known: Map<string, string>, text: string): string {
  const same = known.get(text);
  if (same === undefined) known.set(text, text);
  return same ?? text;
}

/** A connection with observed problems is grouped with no other, because those are its own. */
function storyOf(connection: ConnectionReport): string {
  const { host, daemon, name, peer, state, problem, attempts, observed } = connection;
  const attempt = problem === null ? undefined : attempts[problem.attempt];
  if (attempt === undefined || observed.length > 0) return JSON.stringify([host, daemon, name, peer.address]);
  const causes = attempt.findings.map(({ cause, confidence }) => [cause, confidence]);
  return JSON.stringify([host, daemon, state, attempt.subject, attempt.role, attempt.exchange, attempt.outcome, attempt.firstFailure?.event, causes]);
}
