import type { Analysis } from '../model/analysis.js';
import type { Connection } from '../model/attempt.js';
import type { Change } from '../model/change.js';
import type { Problem } from '../model/problem.js';
import type { ChangeReport, ConnectionReport, ConnectionReports, Coverage, OpenReport, Report } from '../model/report.js';
import { reportAttempt } from './attempt-report.js';
import type { Stories } from './attempt-report.js';
import type { Checklists } from './checklist-report.js';
import { clean } from './clean.js';
import { isWrong, reportConnection, summarise } from './connection-report.js';
import { failsHost, needsOf, reportHostEntry } from './host-findings.js';
import { sanitize } from './sanitize.js';
import { printerFor, timePrinter } from './time.js';

/**
 * Builds the complete report, safe to display: key material is withheld, control characters are made visible, times are
 * in the log's zone. `zone`: the zone that the user gave for stamps without one.
 */
export function buildReport(analysis: Analysis, zone: string | null = null, stories: Stories = 'all', checklists: Checklists = 'failing'): Report {
  const report = openReport(analysis, zone, stories, checklists);
  return { ...report, connections: [...report.connections] };
}

/** Like {@link buildReport}, for very many connections: each is built on access and not kept. */
export function openReport(analysis: Analysis, zone: string | null, stories: Stories, checklists: Checklists): OpenReport {
  const print = timePrinter(analysis, zone);
  const isNeeded = needsOf(analysis);
  return {
    version: 1,
    sources: analysis.sources.map((source) => sanitize(source)),
    first: print(analysis.first),
    last: print(analysis.last),
    inferred: analysis.inferred.map((each) => sanitize(each)),
    connections: reportsOf(analysis.connections, (connection) => reportConnection(connection, analysis, print, stories, checklists)),
    hostFindings: analysis.hostEntries.flatMap((entry) => reportHostEntry(entry, print, isNeeded)),
    coverage: cleanCoverage(analysis.coverage),
    problems: analysis.problems.map(cleanProblem),
  };
}

/** Is anything failing, on a connection or a host? */
export function findsFailures(analysis: Analysis): boolean {
  const isNeeded = needsOf(analysis);
  return analysis.hostEntries.some((entry) => failsHost(entry, isNeeded)) || analysis.connections.some((connection) => isWrong(connection, analysis));
}

function reportsOf(connections: readonly Connection[], report: (connection: Connection) => ConnectionReport): ConnectionReports {
  return {
    length: connections.length,
    at: (index) => connections.slice(index, index + 1).map(report)[0],
    *[Symbol.iterator]() {
      for (const connection of connections) yield report(connection);
    },
  };
}

/** A change of a live run, safe to display. `zone`: the zone that the user gave for stamps without one. */
export function buildChange(change: Change, zone: string | null): ChangeReport {
  if (change.type === 'host') {
    const print = printerFor(zone, change.entry.event.message.record.line.text);
    return { type: 'host', findings: reportHostEntry({ ...change, repeats: 1 }, print, () => false) };
  }
  const { findings, product } = change.type === 'recovered' ? { findings: [], product: null } : change;
  const { attempt } = change;
  const print = printerFor(zone, attempt.entries[0]?.event.message.record.line.text ?? null);
  // A repeated or recovered change had its lines reported the first time.
  const stories = change.type === 'failed' || change.type === 'stalled' ? 'all' : 'none';
  return { type: change.type, connection: summarise(attempt.connection, attempt), attempt: reportAttempt(attempt, { findings, product }, print, stories) };
}

/** A problem with an input or a rule file, safe to display: file names and quoted text are untrusted. */
export function cleanProblem({ level, check, message, where, help }: Problem): Problem {
  const place = where === null ? null : { file: sanitize(where.file), line: where.line };
  return { level, check, message: clean(message), where: place, help: clean(help) };
}

function cleanCoverage(coverage: Coverage): Coverage {
  return {
    lines: coverage.lines,
    relevant: coverage.relevant,
    understood: coverage.understood,
    unknown: coverage.unknown.map((each) => ({ ...each, text: clean(each.text), source: sanitize(each.source) })),
    unknownOmitted: coverage.unknownOmitted,
    gaps: coverage.gaps.map((gap) => ({ ...gap, text: clean(gap.text), source: sanitize(gap.source) })),
  };
}
