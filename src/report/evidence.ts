import type { Event } from '../model/event.js';
import { reworded } from '../model/lazy-finding.js';
import type { Evidence, Finding } from '../model/report.js';
import { clean } from './clean.js';
import { sanitize } from './sanitize.js';
import type { TimePrinter } from './time.js';

/** The line behind an event: its place, its time, and its text without the envelope. */
export function evidenceOf(event: Event, print: TimePrinter): Evidence {
  const { line, time, message } = event.message.record;
  return {
    event: event.kind,
    source: sanitize(line.source),
    line: line.number,
    time: print(time),
    get text() {
      return clean(message);
    },
  };
}

/** The same for a line that no signature understands. */
export function unreadLineOf(event: Event, print: TimePrinter): Omit<Evidence, 'event'> {
  const { event: _kind, ...line } = evidenceOf(event, print);
  return line;
}

/** A finding, safe to display: its placeholders were filled with values from the log. */
export function cleanFinding(finding: Finding): Finding {
  return reworded(finding, {
    title: clean(finding.title),
    explanation: clean,
    remedies: (remedies) => remedies.map(({ side, do: action, command }) => ({ side, do: clean(action), command: command === null ? null : command.split('\n').map(clean).join('\n') })),
    askPeer: (asked) => asked.map(({ for: daemon, grep, means }) => ({ for: daemon, grep: clean(grep), means: clean(means) })),
  });
}
