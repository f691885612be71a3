import type { Event } from '../model/event.js';
import { reworded } from '../model/lazy-finding.js';
import type { Evidence, Finding } from '../model/report.js';
import { clean } from './clean.js';
import { sanitize } from './sanitize.js';
import type { TimePrinter } from './time.js';

/** The line behind an event: where it stands, when it was written, and its words without the envelope. */
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

/** The same of a line that means nothing that is known. */
export function lineOf(event: Event, print: TimePrinter): Omit<Evidence, 'event'> {
  const { event: _kind, ...line } = evidenceOf(event, print);
  return line;
}

/** A finding whose placeholders were filled from the log, as it may be shown. */
export function cleanFinding(finding: Finding): Finding {
  return reworded(finding, {
    title: clean(finding.title),
    explanation: clean,
    remedies: (remedies) => remedies.map(({ side, do: action, command }) => ({ side, do: clean(action), command: command === null ? null : clean(command) })),
    askPeer: (asked) => asked.map(({ for: daemon, grep, means }) => ({ for: daemon, grep: clean(grep), means: clean(means) })),
  });
}
