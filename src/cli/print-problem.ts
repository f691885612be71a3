import type { Problem } from '../model/problem.js';
import { cleanProblem } from '../report/build-report.js';
import { standardError } from './standard-streams.js';

/** The problem and its place, with the advice on a second line. */
function problemText(problem: Problem): string {
  const { message, where, help } = cleanProblem(problem);
  const said = where === null || (where.line === null && message.includes(where.file));
  const place = said ? '' : ` (${where.file}${where.line === null ? '' : `:${where.line}`})`;
  return `ipsec-logwatch: ${message}${place}\n${help === '' ? '' : `  ${help}\n`}`;
}

/** Prints problems with inputs and rules to standard error, apart from the report. */
export function printProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) standardError().write(problems.map(problemText).join(''));
}
