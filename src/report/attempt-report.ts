import type { Attempt, TimelineEntry } from '../model/attempt.js';
import type { Counterpart, GatewayLog } from '../model/counterpart.js';
import { describeKind } from '../model/event-kinds.js';
import type { PeerProduct } from '../model/product.js';
import type { AttemptReport, CounterpartReport, Finding, FirstFailure } from '../model/report.js';
import { cleanName, cleanNameOrNull } from './clean.js';
import { cleanFinding, evidenceOf, unreadLineOf } from './evidence.js';
import type { TimePrinter } from './time.js';

/** Whether attempts are reported with their lines, which make up most of a report. */
export type Stories = 'all' | 'none';

/** The results of an attempt's diagnosis. */
export interface Found {
  readonly findings: readonly Finding[];
  readonly counterpart?: Counterpart | undefined;
  readonly unheardBy?: GatewayLog | undefined;
  readonly product: PeerProduct | null;
}

/**
 * One attempt, cleaned for display. Expensive parts are computed on access: the text report uses them for few attempts.
 */
export function reportAttempt(attempt: Attempt, found: Found, print: TimePrinter, stories: Stories): AttemptReport {
  const { subject, role, exchange, purpose, reached, outcome, repeats, retransmits } = attempt;
  return {
    subject,
    child: subject === 'child' ? cleanNameOrNull(attempt.fields['child.name']) : null,
    role,
    exchange,
    purpose,
    started: print(attempt.started),
    ended: print(attempt.ended),
    reached,
    outcome,
    repeats,
    lastRepeat: print(attempt.lastRepeat),
    retransmits,
    get firstFailure() {
      return firstFailureOf(attempt, print);
    },
    get counterpart() {
      return counterpartOf(found, print);
    },
    get unheardBy() {
      return unheardBy(found, print);
    },
    get peerProduct() {
      const { product } = found;
      return product === null ? null : { id: product.product.id, title: product.product.title, by: product.by };
    },
    get findings() {
      return found.findings.map(cleanFinding);
    },
    omittedEntries: attempt.omittedEntries,
    get timeline() {
      return stories === 'none' ? [] : attempt.entries.map((entry) => timelineEntry(entry, print));
    },
  };
}

function firstFailureOf(attempt: Attempt, print: TimePrinter): FirstFailure | null {
  const { firstFailure, visibleStartOnly, unread, candidates } = attempt;
  if (firstFailure === null) {
    return null;
  }
  return Object.assign(evidenceOf(firstFailure.event, print), {
    visibleStartOnly,
    cutOff: firstFailure.event.fields['line.cut'] !== undefined,
    unread: unread === null ? null : unreadLineOf(unread, print),
    candidates: candidates.map(cleanName),
  });
}

function counterpartOf({ counterpart }: Found, print: TimePrinter): CounterpartReport | null {
  const failure = counterpart?.attempt.firstFailure;
  if (counterpart === undefined || failure == null) return null;
  const { attempt: { connection }, clockAhead } = counterpart;
  return { ...evidenceOf(failure.event, print), host: cleanName(connection.host), connection: cleanNameOrNull(connection.name), clockAhead: clockAhead === null ? null : clockAhead / 1000 };
}

function unheardBy({ unheardBy: log }: Found, print: TimePrinter): AttemptReport['unheardBy'] {
  return log === undefined ? null : { host: cleanName(log.host), first: print(log.first), last: print(log.last) };
}

function timelineEntry(entry: TimelineEntry, print: TimePrinter): AttemptReport['timeline'][number] {
  return { ...evidenceOf(entry.event, print), role: describeKind(entry.event.kind).role, link: entry.link };
}
