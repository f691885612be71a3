import type { Score } from './score.js';

/** Figures for one table row. */
interface Figures {
  readonly logs: string;
  readonly failing: number;
  readonly healthy: number;
  readonly firstFailure: number;
  /** Logs that can show the cause, and how it is ranked. */
  readonly canKnow: number;
  readonly top1: number;
  readonly top3: number;
  /** Logs that cannot, and those whose ranking contains the true cause. */
  readonly cannotKnow: number;
  readonly listed: number;
  readonly undecided: number;
  readonly confidentlyWrong: number;
  readonly falseAlarms: number;
  /** Lines from IPsec daemons that no signature matches, and all of them. */
  readonly unknown: number;
  readonly lines: number;
}

const HEAD = ['', 'failing', 'first failure', 'can know', 'cause 1st', 'in top 3', 'cannot', 'cause listed', 'undecided', 'confidently wrong', 'healthy', 'false alarms', 'unknown lines'] as const;
const DIMENSIONS: readonly (readonly [string, (score: Score) => string])[] = [
  ['daemon', ({ log }) => log.daemon],
  ['version', ({ log }) => log.version],
  ['role', ({ role }) => role],
  ['cause', ({ log }) => log.truth ?? 'nothing wrong'],
];

/** All figures by daemon, version, role and cause, as text in columns. */
export function table(scores: readonly Score[]): string {
  const rows = DIMENSIONS.flatMap(([title, key]) => [[title], ...groups(scores, key).map(cells), ['']]);
  return align([[...HEAD], ...rows, cells(figures('all', scores))]);
}

/**
 * The figures by version as a Markdown table; the number of logs is rounded down to tens, so that one more sample
 * changes nothing.
 */
export function summary(scores: readonly Score[]): string {
  const rows = [...groups(scores, ({ log }) => log.version), figures('all', scores)].map((each) =>
    [each.logs, share(each.firstFailure, each.failing), share(each.top1, each.canKnow), share(each.top3, each.canKnow), share(each.listed, each.cannotKnow), `${each.confidentlyWrong}`, `${each.falseAlarms}`]);
  const count = Math.floor(scores.length / 10) * 10;
  const markdown = [['', 'first failure', 'cause first', 'in the first three', 'listed, where the log cannot tell', 'wrong but confident', 'false alarms'], ['---', ...Array<string>(6).fill('---:')], ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  return `Over the samples, ${count} logs and more:\n\n${markdown}`;
}

/** One line per deviation from the expectation. */
export function misses(scores: readonly Score[]): string[] {
  return scores.flatMap(({ log, misjudged, firstFailureRight, rank, falseAlarms, confidentlyWrong }) => [
    ...(misjudged === null ? [] : [`is ${misjudged}, not ${log.outcome}`]),
    ...(firstFailureRight === false ? ['first failure is another one'] : []),
    ...(firstFailureRight === true && log.accepted.length > 0 && (rank === null || (log.canKnow && rank > 0)) ? [`cause ${rank === null ? 'is not found' : `is number ${rank + 1}`}: ${(log.canKnow ? log.accepted : [log.truth]).join(', ')}`] : []),
    ...falseAlarms.map((alarm) => `false alarm, ${alarm}`),
    ...confidentlyWrong.map((cause) => `wrong but confident: ${cause}`),
  ].map((miss) => `${log.file}: ${miss}`));
}

/** Daemons of whose lines at least 0.5 % match no signature; files that also contain status outputs are excluded. */
export function unread(scores: readonly Score[]): string[] {
  return groups(scores.filter(({ log }) => !/status\.(?:log|txt)$/.test(log.file)), ({ log }) => log.daemon).filter(({ unknown, lines }) => unknown * 200 >= lines).map(({ logs, unknown, lines }) => `${logs}: ${unknown} of ${lines} lines are not understood`);
}

function groups(scores: readonly Score[], key: (score: Score) => string): Figures[] {
  const names = [...new Set(scores.map(key))].sort();
  return names.map((name) => figures(name, scores.filter((score) => key(score) === name)));
}

function figures(logs: string, scores: readonly Score[]): Figures {
  const count = (test: (score: Score) => boolean): number => scores.filter(test).length;
  const failing = count(({ log }) => log.firstFailure !== null);
  return {
    logs,
    failing,
    healthy: scores.length - failing,
    firstFailure: count(({ firstFailureRight }) => firstFailureRight === true),
    canKnow: count(({ log }) => log.firstFailure !== null && log.canKnow),
    top1: count(({ log, rank }) => log.canKnow && rank === 0),
    top3: count(({ log, rank }) => log.canKnow && rank !== null && rank < 3),
    cannotKnow: count(({ log }) => log.firstFailure !== null && !log.canKnow),
    listed: count(({ log, rank }) => !log.canKnow && rank !== null),
    undecided: count(({ log, undecided }) => log.firstFailure !== null && undecided),
    confidentlyWrong: count(({ confidentlyWrong }) => confidentlyWrong.length > 0),
    falseAlarms: count(({ falseAlarms }) => falseAlarms.length > 0),
    unknown: sum(scores.map(({ unknown }) => unknown)),
    lines: sum(scores.map(({ lines }) => lines)),
  };
}

function cells(each: Figures): string[] {
  return [`  ${each.logs}`, `${each.failing}`, share(each.firstFailure, each.failing), `${each.canKnow}`, share(each.top1, each.canKnow), share(each.top3, each.canKnow), `${each.cannotKnow}`, share(each.listed, each.cannotKnow), `${each.undecided}`, `${each.confidentlyWrong}`, `${each.healthy}`, `${each.falseAlarms}`, `${each.unknown} of ${each.lines}`];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Whole percent, rounded down, so that 100 % means all. */
function share(part: number, whole: number): string {
  return whole === 0 ? '-' : `${Math.floor((100 * part) / whole)} %`;
}

export function align(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(width(0)) : cell.padStart(width(column)))).join('  ').trimEnd()).join('\n');
}
