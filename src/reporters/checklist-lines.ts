import { CHECK_STAGES } from '../model/checklist.js';
import type { CheckStage, Verdict } from '../model/checklist.js';
import type { CheckReport, ConnectionReport } from '../model/report.js';
import { hang, placeOf } from './layout.js';
import type { Layout, Paint } from './layout.js';
import { SIDE_WORDS } from './words.js';

/** Columns at which questions and answers begin. */
const QUESTION = 4;
const ANSWER = 6;
const COMMAND = 15;

const MARKS: Readonly<Record<Verdict, string>> = { good: '✓', wrong: '✗', unknown: '?' };

/**
 * The checklist of one connection: each question, its answer with the line behind it, and commands that would answer
 * it.
 */
export function checklistLines({ checklist }: ConnectionReport, layout: Layout): string[] {
  const told = new Set<string>();
  return (Object.keys(CHECK_STAGES) as CheckStage[]).flatMap((stage) => {
    const checks = checklist.filter((check) => check.stage === stage);
    const common = commonWords(checks);
    const title = common === null ? CHECK_STAGES[stage].title : `${CHECK_STAGES[stage].title} (${common})`;
    return checks.length === 0 ? [] : ['', ...hang('', 2, title, layout.width, layout.colors.bold), ...checks.flatMap((check) => checkLines(check, common, told, layout))];
  });
}

/** An answer common to all questions of a stage is printed once. */
function commonWords(checks: readonly CheckReport[]): string | null {
  const [first] = checks;
  return first !== undefined && checks.every(({ verdict, says, evidence }) => verdict === 'unknown' && evidence === null && says === first.says) ? first.says : null;
}

function checkLines({ verdict, question, says, evidence, commands }: CheckReport, common: string | null, told: Set<string>, layout: Layout): string[] {
  const { width, colors } = layout;
  const paint = painter(verdict, colors);
  return [
    ...hang(`  ${MARKS[verdict]}`, QUESTION, question, width, paint),
    ...says === common ? [] : hang('', ANSWER, evidence === null ? says : `${says}  ${placeOf(evidence, layout)}`, width),
    ...(evidence === null ? [] : quoted(evidence, told, layout)),
    ...commands.flatMap((command) => commandLines(command, told, layout)),
  ];
}

function painter(verdict: Verdict, colors: Layout['colors']): Paint {
  if (verdict === 'good') return colors.green;
  return verdict === 'wrong' ? (text) => colors.bold(colors.red(text)) : colors.yellow;
}

/** A command is explained where it first occurs; further down it is listed alone. */
function commandLines({ side, tells, command }: CheckReport['commands'][number], told: Set<string>, { width, colors }: Layout): string[] {
  const label = `${' '.repeat(ANSWER)}${SIDE_WORDS[side]}`.padEnd(COMMAND);
  const known = told.has(`${command} ${tells}`);
  told.add(`${command} ${tells}`);
  if (command === null) return known ? [] : hang(label, COMMAND, tells, width);
  return [label + colors.green(command), ...(known ? [] : hang('', COMMAND, tells, width))];
}

/** A line that answers several questions is quoted once. */
function quoted(evidence: NonNullable<CheckReport['evidence']>, told: Set<string>, layout: Layout): string[] {
  const place = placeOf(evidence, layout);
  const known = told.has(place);
  told.add(place);
  return known ? [] : hang('', ANSWER, shortened(evidence.text, layout.width - ANSWER), layout.width, layout.colors.dim);
}

/** One terminal line is enough to recognise the log line. */
function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
