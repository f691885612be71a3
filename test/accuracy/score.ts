import type { AttemptReport, ConnectionReport, Finding, Report } from '../../src/model/report.js';
import { UNEXPLAINED } from '../../src/report/host-findings.js';
import { outcomeOf } from '../samples.js';
import type { Expectation } from '../samples.js';

/** A log, and what is known about it from elsewhere. */
export interface LogCase {
  readonly file: string;
  readonly daemon: string;
  readonly version: string;
  /** What was wrong, whether or not this log can show it; null if nothing was. */
  readonly truth: string | null;
  /**
   * The log can show the cause, which must then be ranked first. Otherwise the true cause must be anywhere in the
   * ranking.
   */
  readonly canKnow: boolean;
  /** Causes that all count as correct: what the log can show, or what is true of a log that cannot. */
  readonly accepted: readonly string[];
  /** Causes of other attempts in the same log. */
  readonly also: readonly string[];
  readonly never: readonly string[];
  /** State of the connections at the end; null if not stated. */
  readonly outcome: Expectation['outcome'] | null;
  /** Part of the first failure's line, and its number if known; null if nothing failed. */
  readonly firstFailure: Expectation['firstFailure'] | { readonly line: null; readonly text: string };
}

/** Comparison of a log's report with what is known about it. */
export interface Score {
  readonly log: LogCase;
  readonly role: string;
  /** The reported state of the connections, if it is wrong. */
  readonly misjudged: Expectation['outcome'] | null;
  /** Null for a log without failures. */
  readonly firstFailureRight: boolean | null;
  /** Rank of the expected cause, from 0; null if it is not listed. */
  readonly rank: number | null;
  /** No claim is stronger than "possible". */
  readonly undecided: boolean;
  /** Failures and causes claimed for a log without failures. */
  readonly falseAlarms: readonly string[];
  /**
   * Causes claimed as certain that are wrong or cannot be known from this log, and wrong causes claimed as likely and
   * ranked first.
   */
  readonly confidentlyWrong: readonly string[];
  /** Lines from IPsec daemons, and how many of them no signature matches. */
  readonly lines: number;
  readonly unknown: number;
}

/** Compares a report with the expectation, which only judges findings and never selects them. */
export function score(report: Report, log: LogCase): Score {
  const failed = report.connections.flatMap(({ attempts }) => attempts).filter(({ firstFailure }) => firstFailure !== null);
  const attempt = report.connections.flatMap(shownAttempts).find(({ firstFailure }) => isMeant(firstFailure, log));
  const host = report.hostFindings.filter((finding) => isMeant(finding, log));
  const observed = report.connections.flatMap((connection) => connection.observed);
  const shown = observed.find((problem) => isMeant(problem, log));
  const findings = attempt?.findings ?? shown?.findings ?? host;
  const wanted = log.canKnow || log.truth === null ? log.accepted : [log.truth];
  const rank = findings.findIndex(({ cause }) => wanted.includes(cause));
  const healthy = log.firstFailure === null;
  return {
    log,
    role: attempt?.role ?? (host.length > 0 ? 'host' : report.connections[0]?.attempts[0]?.role ?? 'none'),
    misjudged: log.outcome === null || log.outcome === outcomeOf(report) ? null : outcomeOf(report),
    firstFailureRight: healthy ? null : attempt !== undefined || shown !== undefined || host.length > 0,
    rank: rank < 0 ? null : rank,
    undecided: findings.every(({ confidence }) => confidence === 'possible'),
    falseAlarms: healthy ? [...failed.map(describe), ...[...observed, ...report.hostFindings.filter(({ doubtful }) => !doubtful)].map(({ line, text }) => `line ${line}: ${text}`)] : [],
    confidentlyWrong: [...[...failed, ...observed].flatMap((each) => confident(each.findings)), ...confident(report.hostFindings)].filter((claim) => !isRight(claim, log)).map(({ cause }) => cause),
    lines: report.coverage.relevant,
    unknown: report.coverage.relevant - report.coverage.understood,
  };
}

/**
 * What the first screen shows of a connection: its current problem or, if it has none, that earlier attempts failed.
 */
function shownAttempts({ problem, attempts }: ConnectionReport): readonly AttemptReport[] {
  return problem === null ? attempts : attempts.slice(problem.attempt, problem.attempt + 1);
}

function isMeant(claim: { readonly line: number; readonly text: string } | null, { firstFailure }: LogCase): boolean {
  if (claim === null || firstFailure === null) return false;
  return firstFailure.line === null ? claim.text.includes(firstFailure.text) : claim.line === firstFailure.line;
}

function confident(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ confidence, cause }, index) => cause !== UNEXPLAINED && (confidence === 'certain' || (confidence === 'likely' && index === 0)));
}

/** If the log cannot show the cause, no certain claim is right. */
function isRight({ cause, confidence }: Finding, { accepted, truth, also, never, canKnow }: LogCase): boolean {
  if (never.includes(cause)) return false;
  return also.includes(cause) || ((accepted.includes(cause) || cause === truth) && (canKnow || confidence !== 'certain'));
}

function describe({ firstFailure }: AttemptReport): string {
  return `line ${firstFailure?.line}: ${firstFailure?.text}`;
}
