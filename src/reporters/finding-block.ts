import { CONFIDENCES } from '../model/cause.js';
import { describeKind, EVENT_KINDS } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';
import type { AttemptReport, ConnectionReport, CurrentProblem, Evidence, Finding, ObservedProblem } from '../model/report.js';
import { freshCheckLines, MOST_CAUSES } from './check-lines.js';
import type { FormatTime } from './clock.js';
import { hang, INNER, placeOf, TEXT, wrap } from './layout.js';
import type { Layout } from './layout.js';
import { befallsTraffic, clockWords, counted, outcomeWords } from './words.js';

/** `First failure`: time, meaning, and the line itself. */
export function firstFailureLines(attempt: AttemptReport, clock: FormatTime, layout: Layout): string[] {
  const { width, colors } = layout;
  const failure = attempt.firstFailure;
  if (failure === null) {
    return hang('  First failure', TEXT, `none seen; the attempt is ${outcomeWords(attempt)}`, width);
  }
  const label = isDeparture(attempt) ? '  Ended' : failure.visibleStartOnly ? '  First visible' : '  First failure';
  const time = clock(failure.time);
  return [
    ...hang(label, TEXT, [time, meaning(failure.event)].filter((part) => part !== '').join('  '), width, colors.bold),
    ...evidenceLines(failure, layout),
    ...caveats(attempt, layout).flatMap((caveat) => hang('', TEXT, caveat, width, colors.dim)),
  ];
}

/** `At the peer`: what the other gateway's log, if given, says about the same attempt. */
export function counterpartLines({ counterpart, unheardBy }: AttemptReport, clock: FormatTime, layout: Layout): string[] {
  if (unheardBy !== null) return hang('  At the peer', TEXT, unheardWords(unheardBy, clock), layout.width, layout.colors.bold);
  if (counterpart === null) return [];
  const { time, event, host, clockAhead } = counterpart;
  const words = [clock(time), host === '' ? '' : `${host}:`, meaning(event), clockWords(clockAhead)].filter((part) => part !== '');
  return [...hang('  At the peer', TEXT, words.join('  '), layout.width, layout.colors.bold), ...evidenceLines(counterpart, layout)];
}

function unheardWords({ host, first, last }: NonNullable<AttemptReport['unheardBy']>, clock: FormatTime): string {
  const when = first === null || last === null ? '' : ` (it covers ${clock(first)} to ${clock(last)})`;
  return `${host === '' ? 'its' : `${host}: the`} log has nothing about this attempt${when}`;
}

/** An established SA was taken down: worth reporting, but not a failure. */
export function isDeparture({ outcome, firstFailure }: AttemptReport): boolean {
  return outcome === 'closed' && firstFailure !== null;
}

/** The meaning of an event, as a clause. */
export function meaning(event: string): string {
  return event in EVENT_KINDS ? describeKind(event as EventKind).meaning : event;
}

/** `file:line  text`, wrapped with indentation. */
export function evidenceLines(evidence: Omit<Evidence, 'event'>, layout: Layout): string[] {
  const { width, colors } = layout;
  const { text } = evidence;
  return hang('', TEXT, `${placeOf(evidence, layout)}  ${shortened(text, 3 * (width - TEXT))}`, width, colors.dim);
}

function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

function caveats({ firstFailure, findings }: AttemptReport, layout: Layout): string[] {
  if (firstFailure === null) return [];
  const { visibleStartOnly, cutOff, unread, candidates } = firstFailure;
  return [
    ...(visibleStartOnly ? ['the log begins mid-negotiation or has a gap: something earlier may have failed'] : []),
    ...(cutOff ? ['the line is truncated: the missing part may say more'] : []),
    ...(unread === null || findings[0]?.confidence === 'certain' ? [] : [`a line of this attempt is not understood and may say why: ${placeOf(unread, layout)}  ${shortened(unread.text, layout.width)}`]),
    ...(candidates.length === 0 ? [] : [`the line names no connection; it may also belong to ${candidates.join(', ')}`]),
  ];
}

/** Observed problems shown per connection. */
const MOST_OBSERVED = 3;

/**
 * `Status shows`: problems that no log line states, with their causes, unless the best cause is already the best one of
 * something printed `above`.
 */
export function observedLines(observed: readonly ObservedProblem[], above: readonly Finding[], clock: FormatTime, layout: Layout, told: Set<string>): string[] {
  const more = observed.length - MOST_OBSERVED;
  const shown = observed.slice(0, MOST_OBSERVED);
  return [
    ...shown.flatMap((problem, index) => [
      ...hang('  Status shows', TEXT, [clock(problem.time), meaning(problem.event)].filter((part) => part !== '').join('  '), layout.width, layout.colors.bold),
      ...evidenceLines(problem, layout),
      ...(isToldBy([above, ...shown.slice(0, index).map(({ findings }) => findings)], problem.findings)
        ? hang('  Cause', TEXT, 'as above', layout.width)
        : [...causeLines(problem.findings, layout), ...freshCheckLines(problem.findings, layout, told)]),
    ]),
    ...(more > 0 ? hang('', TEXT, `and ${more} more (--format json)`, layout.width) : []),
  ];
}

/** Is the best finding also the best one of another problem, with at least the same confidence? */
function isToldBy(others: readonly (readonly Finding[])[], [best]: readonly Finding[]): boolean {
  return best !== undefined && others.some(([other]) => other?.cause === best.cause && CONFIDENCES.indexOf(other.confidence) <= CONFIDENCES.indexOf(best.confidence));
}

/** `Ended`: the line with which a connection that is down without a failure ended. */
export function endedLines({ ended }: ConnectionReport, clock: FormatTime, layout: Layout): string[] {
  if (ended === null) return [];
  const words = [clock(ended.time), meaning(ended.event)].filter((part) => part !== '');
  return [...hang('  Ended', TEXT, words.join('  '), layout.width, layout.colors.bold), ...evidenceLines(ended, layout)];
}

/** For a connection that is up: a line that may say otherwise. */
export function doubtLines({ doubt }: ConnectionReport, clock: FormatTime, layout: Layout): string[] {
  if (doubt === null) return [];
  const words = [clock(doubt.time), 'a line since then is not understood, but speaks of a failure'].filter((part) => part !== '');
  return [...hang('  Uncertain', TEXT, words.join('  '), layout.width, layout.colors.bold), ...evidenceLines(doubt, layout)];
}

/** `Cause`: ranked, with confidence and id; the best one is explained. `event`: that of the first failure. */
export function causeLines(findings: readonly Finding[], { width, colors }: Layout, event: string | null = null): string[] {
  const [best] = findings;
  if (best === undefined) return hang('  Cause', TEXT, event !== null && lacksReason(event) ? REASON_MISSING : UNEXPLAINED, width);
  const lines = findings.slice(0, MOST_CAUSES).flatMap((finding, index) => [
    ...causeLine(finding, index === 0 ? '  Cause' : '', width, colors),
    ...(finding === best && finding.explanation.replace(/\.$/, '') !== finding.title ? hang('', INNER + 1, finding.explanation, width) : []),
  ]);
  const more = findings.length - MOST_CAUSES;
  return more <= 0 ? lines : [...lines, ...hang('', TEXT, `and ${more} more (--format json)`, width)];
}

const UNEXPLAINED = 'unknown: no rule explains this event yet';
const REASON_MISSING = 'not in this log: this line says that it failed, not why; read what the daemon logged before it';

function lacksReason(event: string): boolean {
  return event in EVENT_KINDS && describeKind(event as EventKind).withoutReason === true;
}

function causeLine({ confidence, title, cause }: Finding, label: string, width: number, colors: Layout['colors']): string[] {
  const lines = wrap(title, width - INNER - 1);
  const last = lines.at(-1) ?? '';
  const fits = INNER + 1 + last.length + 2 + cause.length <= width;
  return [
    ...lines.map((line, index) => {
      const head = index === 0 ? `${label.padEnd(TEXT)}${confidence.padEnd(INNER + 1 - TEXT)}` : ' '.repeat(INNER + 1);
      return head + colors.bold(line) + (fits && index === lines.length - 1 ? `  ${colors.cyan(cause)}` : '');
    }),
    ...(fits ? [] : [' '.repeat(INNER + 1) + colors.cyan(cause)]),
  ];
}

/** `Not the cause`: what followed from the first failure. `Before that`: earlier failures of another kind. */
export function consequenceLines(attempt: AttemptReport, { attempts, failedOtherwise, retransmits }: CurrentProblem, { width, colors }: Layout): string[] {
  const more = befallsTraffic(attempt) ? 0 : attempts - failedOtherwise - 1;
  const earlier = failedOtherwise > 0 ? hang('  Before that', TEXT, `${counted(failedOtherwise, 'attempt')} failed differently (--timeline)`, width, colors.dim) : [];
  const parts = [more > 0 ? `${more} more attempt${more === 1 ? '' : 's'}` : '', retransmits > 0 ? `${retransmits} retransmission${retransmits === 1 ? '' : 's'}` : ''];
  const text = parts.filter((part) => part !== '').join(' and ');
  return [...earlier, ...(text === '' ? [] : hang('  Not the cause', TEXT, `${text} followed from it`, width, colors.dim))];
}
