import type { CheckAnswer } from '../model/checklist.js';
import type { CheckReport } from '../model/report.js';
import { clean } from './clean.js';
import { sanitize } from './sanitize.js';
import type { TimePrinter } from './time.js';

/** Connections whose checklist is reported; it is as long as the rest of a connection's report. */
export type Checklists = 'all' | 'failing' | 'none';

/** The checklist's answers, safe to display. */
export function reportChecklist(answers: readonly CheckAnswer[], print: TimePrinter): CheckReport[] {
  // Without rest properties, which are slow
  return answers.map(({ item, stage, question, verdict, says, evidence, commands }) => ({
    item,
    stage,
    question,
    verdict,
    says: clean(says),
    evidence: evidence === null ? null : { source: sanitize(evidence.line.source), line: evidence.line.number, time: print(evidence.time), text: clean(evidence.text) },
    commands: commands.map(({ side, tells, command }) => ({ side, tells: clean(tells), command: command === null ? null : clean(command) })),
  }));
}
