import type { AttemptReport, ConnectionReport } from '../model/report.js';
import type { FormatTime } from './clock.js';
import { isDeparture, meaning } from './finding-block.js';
import { hang, placeOf } from './layout.js';
import type { Layout } from './layout.js';
import { counted, exchangeWords, nameWords, outcomeWords, routeWords, subjectWords } from './words.js';

type Entry = AttemptReport['timeline'][number];

/** Consecutive retransmissions with the packets they send, or a single entry. */
interface Step {
  readonly entry: Entry;
  readonly last: Entry;
  readonly retransmits: number;
}

/**
 * The complete history of a connection: each attempt with its lines, the first failure marked, retransmissions folded.
 */
export function timelineLines(connection: ConnectionReport, clock: FormatTime, layout: Layout): string[] {
  if (connection.attempts.length === 0) {
    return [];
  }
  const title = [nameWords(connection), routeWords(connection, 'unknown')].filter((word) => word !== '').join('   ');
  const { omittedAttempts } = connection;
  const omitted = omittedAttempts > 0 ? [`  ${counted(omittedAttempts, 'attempt')} between the first and the latest ones omitted`] : [];
  return ['', layout.colors.bold(title), ...omitted, ...[...connection.attempts].sort(byBeginning).flatMap((attempt) => attemptLines(attempt, clock, layout))];
}

/** A Child SA may be known to the connection before its IKE SA, which is assigned to it once it is up. */
function byBeginning({ timeline: [one] }: AttemptReport, { timeline: [other] }: AttemptReport): number {
  if (one === undefined || other === undefined) return 0;
  const [time, another] = [Date.parse(one.time ?? ''), Date.parse(other.time ?? '')];
  if (time !== another && !Number.isNaN(time - another)) return time - another;
  return one.source === other.source ? one.line - other.line : 0;
}

function attemptLines(attempt: AttemptReport, clock: FormatTime, layout: Layout): string[] {
  const sources = [...new Set(attempt.timeline.map(({ source }) => source))];
  const words = [
    subjectWords(attempt),
    exchangeWords(attempt),
    outcomeWords(attempt),
    attempt.repeats > 1 ? `the first of ${counted(attempt.repeats, 'identical attempt')}` : '',
    attempt.omittedEntries > 0 ? `${counted(attempt.omittedEntries, 'line')} omitted` : '',
    sources.length === 1 ? `lines from ${sources[0]?.replace(layout.directory, '')}` : '',
  ];
  const place = sources.length === 1 ? ({ line }: Entry) => String(line) : (entry: Entry) => placeOf(entry, layout);
  const width = attempt.timeline.reduce((most, entry) => Math.max(most, place(entry).length), 0);
  return [
    '',
    ...hang('  ', 2, words.filter((word) => word !== '').join(' · '), layout.width, layout.colors.underline),
    ...folded(attempt.timeline).flatMap((step) => stepLines(step, attempt, place(step.entry).padStart(width), clock, layout)),
  ];
}

function folded(entries: readonly Entry[]): Step[] {
  const steps: Step[] = [];
  for (const entry of entries) {
    const previous = steps.at(-1);
    const again = entry.event === 'retransmit.sent';
    if (previous !== undefined && previous.retransmits > 0 && (again || entry.event === 'packet.sent')) {
      steps[steps.length - 1] = { ...previous, last: entry, retransmits: previous.retransmits + (again ? 1 : 0) };
    } else {
      steps.push({ entry, last: entry, retransmits: again ? 1 : 0 });
    }
  }
  return steps;
}

function stepLines({ entry, last, retransmits }: Step, attempt: AttemptReport, place: string, clock: FormatTime, { width, colors }: Layout): string[] {
  const { firstFailure } = attempt;
  const failed = firstFailure !== null && firstFailure.line === entry.line && firstFailure.source === entry.source;
  const label = `  ${failed ? '✗' : ' '} ${place}  ${clock(entry.time)}`.trimEnd();
  const indent = label.length + 2;
  const until = retransmits > 1 ? `  (${counted(retransmits, 'retransmission')} up to line ${last.line}${last.time === null ? '' : `, ${clock(last.time)}`})` : '';
  const paint = failed ? colors.red : entry.role === 'milestone' ? colors.bold : entry.role === 'detail' ? colors.dim : undefined;
  return [
    ...hang(label, indent, entry.text + until, width, paint),
    ...(failed ? hang('', indent, `↑ ${isDeparture(attempt) ? 'ended' : 'first failure'}: ${meaning(entry.event)}`, width, colors.bold) : []),
  ];
}
