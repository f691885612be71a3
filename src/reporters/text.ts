import type { ConnectionState, HostFinding, OpenReport } from '../model/report.js';
import { freshCheckLines } from './check-lines.js';
import { checklistLines } from './checklist-lines.js';
import { clockFor, period } from './clock.js';
import type { FormatTime } from './clock.js';
import { columnsFor, connectionLines } from './connection-block.js';
import { digestsOf } from './connection-digest.js';
import type { ConnectionDigest } from './connection-digest.js';
import { causeLines, evidenceLines } from './finding-block.js';
import { alikeLines, gatherAlike } from './group-by-failure.js';
import type { Alike } from './group-by-failure.js';
import { flow, forSources, hang, placeOf, TEXT } from './layout.js';
import type { Layout } from './layout.js';
import { timelineLines } from './timeline.js';
import { counted, grouped } from './words.js';

export interface TextOptions {
  readonly layout: Layout;
  /** Print the lines of every attempt. */
  readonly timeline: boolean;
  /** Print the debugging checklist below each connection. */
  readonly checklist: boolean;
  /** List messages that no signature understands. */
  readonly unknown: boolean;
  /** The connections are filtered by name or peer. */
  readonly chosen?: boolean;
}

const ORDER: Readonly<Record<ConnectionState, number>> = { failing: 0, unknown: 1, down: 2, up: 3 };

/** Working connections listed individually; more are only counted. */
const MOST_QUIET = 20;

/**
 * Causes shown below other failures: an unreadable file may not be needed, and an unknown keyword is ignored. If
 * something fails because of them, its own failure says so.
 */
const LESSER: ReadonlySet<string> = new Set(['config/secrets-unreadable', 'config/unknown-keyword']);

/** Up to this many connections need no summary. */
const MOST_AT_A_GLANCE = 4;

/** The text report, in pieces: what was read, what is wrong (worst first), what works. No consecutive blank lines. */
export function* renderText(report: OpenReport, options: TextOptions): Generator<string> {
  let isBlank = false;
  for (const line of textLines(report, { ...options, layout: forSources(options.layout, report.sources) })) {
    if (line !== '') yield `${isBlank ? '\n' : ''}${line}\n`;
    isBlank = line === '';
  }
}

function* textLines(report: OpenReport, options: TextOptions): Generator<string> {
  const { layout, timeline } = options;
  const clock = clockFor(report.first, report.last);
  if (report.coverage.relevant === 0) {
    yield* emptyLines(report, layout);
    return;
  }
  const briefs = digestsOf(report);
  yield* headerLines(report, briefs, layout);
  yield '';
  const isLesser = ({ cause, doubtful }: HostFinding): boolean => doubtful || LESSER.has(cause);
  const fails = briefs.some(({ isWrong }) => isWrong) || report.hostFindings.some((finding) => !isLesser(finding));
  const isLess = (finding: HostFinding): boolean => fails && isLesser(finding);
  const told = new Set<string>();
  yield* hostLines(report.hostFindings.filter((finding) => !isLess(finding)), clock, layout, told);
  yield* connectionsLines(report, briefs, clock, options, told);
  yield* hostLines(report.hostFindings.filter(isLess), clock, layout, told);
  if (timeline) for (const connection of report.connections) yield* timelineLines(connection, clock, layout);
  yield* coverageLines(report, options);
}

/** Source name of this host's journal. */
const JOURNAL = 'journal';

function emptyLines({ coverage, sources, problems }: OpenReport, { width }: Layout): string[] {
  if (problems.some(({ check }) => check === 'outside-of-time')) return hang('', 0, `nothing to show from ${sourceWords(sources)}`, width);
  const hint = sources.includes(JOURNAL)
    ? "The journal has nothing for these units or this time. List the units: systemctl list-units --all '*swan*' '*ipsec*' '*racoon*'. If the daemon logs to files, pass them: /var/log/syslog, /var/log/auth.log, /var/log/secure, /var/log/daemon.log"
    : 'Pass the log that charon, pluto or racoon writes to: /var/log/syslog, /var/log/auth.log, /var/log/secure, /var/log/daemon.log or a file named in strongswan.conf or ipsec.conf. For this host\'s journal: ipsec-logwatch --journal. Logs of other vendors\' IKE daemons are not read; the log of their peer may be';
  return [
    ...hang('', 0, `no line from charon, pluto or racoon found in ${counted(coverage.lines, 'line')} of ${sourceWords(sources)}`, width),
    ...hang('', 2, hint, width),
  ];
}

function sourceWords(sources: readonly string[]): string {
  const names = sources.map((source) => (source === '-' ? 'standard input' : source));
  return names.length <= 2 ? names.join(' and ') || 'no input' : `${names[0]} and ${names.length - 1} more files`;
}

function headerLines(report: OpenReport, briefs: readonly ConnectionDigest[], { width, colors }: Layout): string[] {
  const { coverage, sources } = report;
  const when = [period(report.first, report.last), inferredWords(report.inferred)].filter((part) => part !== '').join(' ');
  const parts = [
    sourceWords(sources),
    `${counted(coverage.lines, 'line')}, ${grouped(coverage.relevant)} of them IPsec`,
    connectionsWords(briefs),
    when,
  ];
  return flow(parts, ' · ', 0, width).flatMap((line) => hang('', 0, line, width, colors.dim));
}

/** States the number of failing connections if there are too many to count at a glance. */
function connectionsWords(briefs: readonly ConnectionDigest[]): string {
  const failing = briefs.filter(({ isWrong }) => isWrong).length;
  return `${counted(briefs.length, 'connection')}${briefs.length <= MOST_AT_A_GLANCE || failing === 0 ? '' : `, ${grouped(failing)} of them failing`}`;
}

/** `zone: UTC` becomes `(no zone in the log, read as UTC)`. */
function inferredWords(inferred: readonly string[]): string {
  const pairs = inferred.map((each) => each.split(': '));
  const missing = [...new Set(pairs.map(([what]) => `no ${what}`))].join(', ').replace(/, (?=[^,]*$)/, ' and ');
  return pairs.length === 0 ? '' : `(${missing} in the log, read as ${pairs.map(([, value]) => value).join(', ')})`;
}

function* connectionsLines(report: OpenReport, all: readonly ConnectionDigest[], clock: FormatTime, { layout, checklist, chosen }: TextOptions, told: Set<string>): Generator<string> {
  if (report.connections.length === 0) {
    const reason = chosen === true ? 'no connection to show: none matches --connection or --peer' : 'no negotiation to show: no line says that one started here, or that a request from a peer arrived';
    yield* hang('', 0, reason, layout.width);
    return;
  }
  const columns = columnsFor(all);
  const shown = function* ({ index }: ConnectionDigest, others: readonly ConnectionDigest[]): Generator<string> {
    const connection = report.connections.at(index);
    if (connection === undefined) return;
    yield* connectionLines(connection, columns, clock, layout, told);
    yield* alikeLines(others, layout);
    if (checklist) yield* checklistLines(connection, layout);
  };
  const failing = all.filter(({ isWrong }) => isWrong).sort(worstFirst);
  // With --checklist, every connection is shown with its own.
  const groups = checklist ? failing.map((connection): Alike => [connection]) : gatherAlike(failing);
  for (const [connection, ...others] of groups) {
    yield* shown(connection, others);
    yield '';
  }
  const quiet = all.filter(({ isWrong }) => !isWrong).sort((one, other) => ORDER[one.state] - ORDER[other.state]);
  for (const connection of quiet.slice(0, MOST_QUIET)) yield* shown(connection, []);
  const hidden = quiet.length - MOST_QUIET;
  if (hidden > 0) yield `  and ${counted(hidden, 'more connection')} that ${hidden === 1 ? 'does' : 'do'} not fail (--connection NAME shows one)`;
}

/** Whole tunnels before single Child SAs, then by number of failures; of equals, what is configured before strangers. */
function worstFirst(one: ConnectionDigest, other: ConnectionDigest): number {
  return Number(one.failsChildOnly) - Number(other.failsChildOnly) || other.failed - one.failed || Number(one.isUnnamed) - Number(other.isUnnamed);
}

/** Findings about the host, grouped by line. `told`: advice printed so far. */
export function hostLines(findings: readonly HostFinding[], clock: FormatTime, layout: Layout, told: Set<string>): string[] {
  const heads = findings.filter((finding, index) => findings.findIndex((other) => sameLine(finding, other)) === index);
  const groups = heads.map((head) => findings.filter((finding) => sameLine(finding, head)));
  return groups.flatMap((group, index) => {
    if (groups.slice(0, index).some((earlier) => sameProblem(earlier, group))) return [];
    const also = groups.slice(index + 1).flatMap((later) => (sameProblem(group, later) ? later.slice(0, 1) : []));
    return [...hostHead(group, also, clock, layout), ...causeLines(group, layout), ...freshCheckLines(group, layout, told), ''];
  });
}

/** Do two lines of a host say the same: of several addresses that one port is taken, of several files that none loads? */
function sameProblem([one, ...others]: readonly HostFinding[], [other, ...rest]: readonly HostFinding[]): boolean {
  return one !== undefined && other !== undefined && others.length === 0 && rest.length === 0
    && one.host === other.host && one.cause === other.cause && one.confidence === other.confidence && one.doubtful === other.doubtful
    && one.explanation === other.explanation && JSON.stringify(one.remedies) === JSON.stringify(other.remedies);
}

function sameLine(one: HostFinding, other: HostFinding): boolean {
  return one.line === other.line && one.source === other.source;
}

/** Lines of one problem that are quoted. */
const MOST_QUOTED = 3;

function hostHead([finding]: readonly HostFinding[], also: readonly HostFinding[], clock: FormatTime, layout: Layout): string[] {
  const { colors, width } = layout;
  if (finding === undefined) return [];
  const more = also.length - MOST_QUOTED + 1;
  const times = finding.repeats > 1 ? `${finding.repeats} times` : '';
  const when = finding.time === null ? times : `${times === '' ? '' : `${times}, first `}at ${clock(finding.time)}`;
  const paint = (text: string): string => colors.bold(finding.doubtful ? colors.yellow(text) : colors.red(text));
  const head = [`${finding.doubtful ? '?' : '✗'} whole host${finding.host === '' ? '' : ` ${finding.host}`}`, when].filter((part) => part !== '');
  return [
    ...flow(head, '   ', 4, width).map(paint),
    ...[finding, ...also.slice(0, MOST_QUOTED - 1)].flatMap((each) => evidenceLines(each, layout)),
    ...(more > 0 ? hang('', TEXT, `and ${counted(more, 'more line')}`, width) : []),
  ];
}

function coverageLines({ coverage }: OpenReport, { layout, unknown }: TextOptions): string[] {
  const { width, colors } = layout;
  const missed = coverage.relevant - coverage.understood;
  const gaps = coverage.gaps.flatMap((gap) => hang('', 0, `gap in the log at ${placeOf(gap, layout)}: ${gap.text}`, width, colors.yellow));
  if (missed <= 0) {
    const all = unknown ? hang('', 0, 'every IPsec line was understood', width, colors.dim) : [];
    return gaps.length + all.length === 0 ? [] : ['', ...gaps, ...all];
  }
  const hint = unknown ? '' : ' (--unknown lists them)';
  const list = unknown ? coverage.unknown.flatMap((each) => hang(`  ${String(each.count).padStart(6)}×`, 11, `${each.daemon}  ${each.text}  ${placeOf(each, layout)}`, width)) : [];
  const rest = unknown && coverage.unknownOmitted > 0 ? [`  and ${counted(coverage.unknownOmitted, 'line')} of rarer kinds`] : [];
  return ['', ...gaps, ...hang('', 0, `${counted(missed, 'IPsec line')} not understood${hint}`, width, colors.dim), ...list, ...rest];
}
