import { EVENT_KINDS } from '../model/event-kinds.js';
import type { AttemptReport, ConnectionReport, CurrentProblem } from '../model/report.js';
import { freshCheckLines } from './check-lines.js';
import type { FormatTime } from './clock.js';
import type { ConnectionDigest } from './connection-digest.js';
import { causeLines, consequenceLines, counterpartLines, doubtLines, endedLines, firstFailureLines, observedLines } from './finding-block.js';
import { flow } from './layout.js';
import type { Layout, Paint } from './layout.js';
import { befallsTraffic, counted, exchangeWords, ikeStands, nameWords, routeWords, subjectWords } from './words.js';

/** Widths of the first two columns, shared by all connections of a report. */
export interface Columns {
  readonly name: number;
  readonly route: number;
  /** Logs of several gateways were read, so each connection names its host. */
  readonly hosts: boolean;
}

const WIDEST = { name: 24, route: 33 } as const;

/** Column widths that fit all connections, ignoring exceptionally long names. */
export function columnsFor(connections: readonly ConnectionDigest[]): Columns {
  const widest = (lengths: number[], limit: number): number => lengths.reduce((most, length) => (length <= limit ? Math.max(most, length) : most), 0);
  return {
    name: widest(connections.map(({ name }) => name.length), WIDEST.name),
    route: widest(connections.map(({ route }) => route), WIDEST.route),
    hosts: new Set(connections.map(({ host }) => host)).size > 1,
  };
}

/** A failing connection: head line and problem; any other: one line. `told`: advice printed so far. */
export function connectionLines(connection: ConnectionReport, columns: Columns, clock: FormatTime, layout: Layout, told: Set<string>): string[] {
  const { problem } = connection;
  const attempt = problem === null ? undefined : connection.attempts[problem.attempt];
  if (problem === null || attempt === undefined) {
    return [
      ...headLines(connection, columns, 'unknown', quietWords(connection, clock), layout),
      ...endedLines(connection, clock, layout),
      ...doubtLines(connection, clock, layout),
      ...observedLines(connection.observed, [], clock, layout, told),
    ];
  }
  return [
    ...headLines(connection, columns, attempt.role, [exchangeWords(attempt), failingWords(connection, attempt, problem, clock)], layout),
    ...firstFailureLines(attempt, clock, layout),
    ...counterpartLines(attempt, clock, layout),
    ...causeLines(attempt.findings, layout, attempt.firstFailure?.event),
    ...freshCheckLines(attempt.findings, layout, told),
    ...consequenceLines(attempt, problem, layout),
    ...observedLines(connection.observed, attempt.findings, clock, layout, told),
  ];
}

function headLines(connection: ConnectionReport, columns: Columns, role: AttemptReport['role'], words: string[], { width, colors }: Layout): string[] {
  const name = `${mark(connection)} ${nameWords(connection).padEnd(columns.name)}`;
  const route = connection.name === null && connection.local.address === null ? '' : routeWords(connection, role).padEnd(columns.route);
  const host = columns.hosts && connection.host !== '' ? `on ${connection.host}` : '';
  const [first = '', ...rest] = flow([name, route, ...words, host], '  ', 4, width);
  return [painter(connection, colors)(first.trimEnd()), ...rest.map((line) => line.trimEnd())];
}

function mark({ state, problem, attempts, observed }: ConnectionReport): string {
  const stalled = problem !== null && attempts[problem.attempt]?.outcome === 'stalled';
  if (problem === null && observed.length > 0) return '✗';
  return state === 'up' ? '✓' : stalled ? '…' : problem !== null ? '✗' : '?';
}

function painter({ state, problem, observed }: ConnectionReport, colors: Layout['colors']): Paint {
  if (problem === null && observed.length > 0) return (text) => colors.bold(colors.red(text));
  return state === 'up' ? colors.green : problem !== null ? (text) => colors.bold(colors.red(text)) : colors.yellow;
}

const LAST_RESORTS: ReadonlySet<string> = new Set(Object.entries(EVENT_KINDS).flatMap(([kind, entry]) => ('lastResort' in entry ? [kind] : [])));

/** The event shown is not a silence, but the only line that hints at trouble. */
function isLastResort({ firstFailure }: AttemptReport): boolean {
  return firstFailure !== null && LAST_RESORTS.has(firstFailure.event);
}

/** What the peer's repeated requests mean, instead of a silence. */
const REPEATED_BY_PEER: Readonly<Partial<Record<string, string>>> = { 'retransmit.received': 'our answers get lost', 'retransmit.unanswered': 'not answered here' };

/** `failing since 10:02:11, 14 attempts`, naming what fails if it is not the IKE SA. */
function failingWords(connection: ConnectionReport, attempt: AttemptReport, { since, attempts, othersUp, othersFailing }: CurrentProblem, clock: FormatTime): string {
  const what = attempt.subject === 'child' ? `${befallsTraffic(attempt) ? 'traffic of the ' : ''}${subjectWords(attempt)} ` : '';
  const stalled = attempt.outcome === 'stalled';
  const from = since === null ? '' : ` since ${clock(since)}`;
  const count = attempts > 1 ? `, ${counted(attempts, befallsTraffic(attempt) ? 'time' : 'attempt')}` : '';
  const others = othersUp > 0 ? `; ${counted(othersUp, 'other client')} ${othersUp === 1 ? 'is' : 'are'} up` : '';
  const too = othersFailing > 0 ? `; ${counted(othersFailing, 'other client')} ${othersFailing === 1 ? 'fails' : 'fail'} too (--timeline)` : '';
  const silent = stalled && !isLastResort(attempt);
  const repeated = silent ? REPEATED_BY_PEER[attempt.firstFailure?.event ?? ''] : undefined;
  const state = repeated ?? (silent ? 'no answer' : stalled ? 'not finished' : connection.state === 'down' ? 'down' : 'failing');
  return `${what}${state}${from}${count}${silent && repeated === undefined ? ', still trying' : ''}${attempt.subject === 'child' && ikeStands(connection) ? ', the IKE SA is up' : ''}${others}${too}`;
}

/** Describes a connection that is not failing. */
function quietWords({ state, since, rekeys, attempts, observed }: ConnectionReport, clock: FormatTime): string[] {
  const from = since === null ? '' : ` since ${clock(since)}`;
  const failed = attempts.reduce((sum, { firstFailure, repeats }) => sum + (firstFailure === null ? 0 : repeats), 0);
  const before = failed === 0 ? '' : `, after ${counted(failed, 'failure')} (--timeline)`;
  switch (state) {
    case 'up':
      return [exchangeName(attempts), `up${from}${rekeys > 0 ? `, rekeyed ${rekeys}×` : ''}${before}${observed.length > 0 ? ', but traffic may not flow' : ''}`];
    case 'down':
      return [exchangeName(attempts), `down${from}${before === '' ? ', no failure' : before}`];
    default:
      return [state === 'failing' ? 'does not come up' : unfinishedWords(attempts)];
  }
}

/** Describes a negotiation that neither succeeded nor failed. */
function unfinishedWords(attempts: readonly AttemptReport[]): string {
  const latest = attempts.at(-1);
  const child = latest?.subject === 'child' ? `${subjectWords(latest)} ` : '';
  switch (latest?.outcome) {
    case 'log-ends':
      return `in progress when the log ends${againWords(attempts)}`;
    case 'interrupted':
      return `${child}still being negotiated when the daemon stopped${againWords(attempts)}`;
    case 'closed':
      return `${child}taken down before it was up`;
    default:
      return 'no negotiation in this log';
  }
}

/** A single retransmission is no failure, but may be the start of one. */
function againWords(attempts: readonly AttemptReport[]): string {
  const sent = attempts.reduce((sum, { outcome, retransmits }) => (outcome === 'log-ends' || outcome === 'interrupted' ? sum + retransmits : sum), 0);
  return sent === 0 ? '' : `, after ${counted(sent, 'retransmission')}`;
}

function exchangeName(attempts: readonly AttemptReport[]): string {
  const ike = attempts.findLast(({ subject, exchange }) => subject === 'ike' && exchange !== 'unknown');
  return ike === undefined ? '' : exchangeWords({ ...ike, role: 'unknown', purpose: 'create' });
}
