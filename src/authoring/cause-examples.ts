import type { Cause, Example } from '../model/cause.js';
import type { Problem } from '../model/problem.js';
import type { Finding, Report } from '../model/report.js';

/** Runs log lines through the complete pipeline. */
export type AnalyzeLines = (lines: string[]) => Promise<Report>;

type Expectation = keyof Cause['examples'];

/** Finds the place of an example in its file. */
export type LocateExample = (cause: Cause, expectation: Expectation, index: number) => Problem['where'];

/**
 * Checks the examples of causes. In a `fires` example the cause must be the best finding of exactly one attempt (or of
 * one line that concerns the whole host); in a `silent` one it must be in no finding.
 */
export async function checkCauseExamples(causes: readonly Cause[], analyzeLines: AnalyzeLines, locate: LocateExample): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const cause of causes) {
    for (const expectation of ['fires', 'silent'] as const) {
      for (const [index, example] of cause.examples[expectation].entries()) {
        const report = await analyzeLines([...example.log]);
        const fault = expectation === 'fires' ? checkFires(cause, report) : checkSilent(cause, report);
        if (fault) problems.push({ ...problemOf(fault, expectation, example), where: locate(cause, expectation, index) });
      }
    }
  }
  return problems;
}

function checkFires({ id }: Cause, report: Report): string | null {
  const lists = findingLists(report);
  const first = lists.filter((findings) => findings[0]?.cause === id).length;
  if (first === 1) return null;
  return `Expected ${id} as the best finding of one attempt, got it for ${first} attempts; ${summary(lists, report)}`;
}

function checkSilent({ id }: Cause, report: Report): string | null {
  const lists = findingLists(report);
  const fired = lists.some((findings) => findings.some(({ cause }) => cause === id));
  return fired ? `Expected no finding of ${id}; ${summary(lists, report)}` : null;
}

/** The ranked findings of each failed attempt, each observed problem, and each line that concerns a host. */
function findingLists(report: Report): (readonly Finding[])[] {
  const attempts = report.connections.flatMap(({ attempts }) => attempts.filter(({ firstFailure }) => firstFailure !== null));
  const hostLines = new Map<string, Finding[]>();
  for (const finding of report.hostFindings) {
    const line = `${finding.source}:${finding.line}`;
    hostLines.set(line, [...(hostLines.get(line) ?? []), finding]);
  }
  const observed = report.connections.flatMap((connection) => connection.observed.map(({ findings }) => findings));
  return [...attempts.map(({ findings }) => findings), ...observed, ...hostLines.values()];
}

function summary(lists: readonly (readonly Finding[])[], report: Report): string {
  const found = lists.map((findings) => findings.map(({ cause, confidence }) => `${cause} (${confidence})`).join(', ') || 'nothing');
  const failures = report.connections.flatMap(({ attempts }) => attempts.flatMap(({ firstFailure }) => (firstFailure ? [firstFailure.event] : [])));
  const unknown = report.coverage.unknown.map(({ text }) => `"${text}"`);
  return [
    `first failures: ${failures.join(', ') || 'none'}`,
    `findings: ${found.join(' | ') || 'none'}`,
    ...(unknown.length > 0 ? [`not understood: ${unknown.join(', ')}`] : []),
  ].join('; ');
}

function problemOf(fault: string, expectation: Expectation, { name }: Example): Omit<Problem, 'where'> {
  const check = expectation === 'fires' ? 'example-silent' : 'example-fires';
  return { level: 'error', check, message: `${fault} (example "${name}")`, help: 'Correct the conditions of the cause or the lines of the example; a cause that this one is to outrank goes into its insteadOf.' };
}
