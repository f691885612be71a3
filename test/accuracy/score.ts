import type { AttemptReport, ConnectionReport, Finding, Report } from '../../src/model/report.js';
import { UNEXPLAINED } from '../../src/report/host-findings.js';
import { outcomeOf } from '../samples.js';
import type { Expectation } from '../samples.js';

/** One log, and what is known of it from elsewhere. */
export interface LogCase {
  readonly file: string;
  readonly daemon: string;
  readonly version: string;
  /** What was wrong, whether this log can know it or not; null where nothing was. */
  readonly truth: string | null;
  /** This log can know the cause: it must be ranked first. Otherwise the true one must be in the ranking, wherever. */
  readonly canKnow: boolean;
  /** Causes of which each is right: the one that the log can know, or what is true of a log that cannot. */
  readonly accepted: readonly string[];
  /** Causes of other attempts in the same log. */
  readonly also: readonly string[];
  readonly never: readonly string[];
  /** How the connections stand at the end; null where nobody says. */
  readonly outcome: Expectation['outcome'] | null;
  /** A part of the first failure's line, and its number where that is known; null where nothing failed. */
  readonly firstFailure: Expectation['firstFailure'] | { readonly line: null; readonly text: string };
}

/** How the report of one log compares with what is known of it. */
export interface Score {
  readonly log: LogCase;
  readonly role: string;
  /** How the connections stand, where it is not as it should be. */
  readonly misjudged: Expectation['outcome'] | null;
  /** Null for a log in which nothing failed. */
  readonly firstFailureRight: boolean | null;
  /** Place of the cause that is looked for in the ranking, from 0; null where it is not there. */
  readonly rank: number | null;
  /** Nothing is claimed above "possible". */
  readonly undecided: boolean;
  /** Failures and causes claimed of a log in which nothing failed. */
  readonly falseAlarms: readonly string[];
  /** Causes that are wrong, or nothing that this log can know, and claimed as certain; or wrong, and claimed as likely and best. */
  readonly confidentlyWrong: readonly string[];
  /** Lines of IPsec daemons, and those of them that no signature claims. */
  readonly lines: number;
  readonly unknown: number;
}

/** Compares; the expectation is never consulted to choose among findings, only to judge them. */
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

/** What the first screen tells of a connection: its present problem; of one that has none, that attempts failed before. */
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

/** Of a log that cannot know the cause, no claim of it is certain. */
function isRight({ cause, confidence }: Finding, { accepted, truth, also, never, canKnow }: LogCase): boolean {
  if (never.includes(cause)) return false;
  return also.includes(cause) || ((accepted.includes(cause) || cause === truth) && (canKnow || confidence !== 'certain'));
}

function describe({ firstFailure }: AttemptReport): string {
  return `line ${firstFailure?.line}: ${firstFailure?.text}`;
}
