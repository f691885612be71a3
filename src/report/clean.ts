import { redact } from './redact.js';
import { sanitize } from './sanitize.js';

/** Texts remembered: titles, remedies and commands come again with every attempt, and cleaning costs two dozen patterns. */
const REMEMBERED = 2_000;
/** What is longer than any of those is a line from a log, and comes once. */
const LONGEST_REMEMBERED = 1_000;
const remembered = new Map<string, string>();

/** Text from a log as it may be shown: without key material first, then without anything a terminal would obey. */
export function clean(text: string): string {
  const known = remembered.get(text);
  if (known !== undefined) {
    return known;
  }
  const cleaned = sanitize(redact(text));
  if (text.length <= LONGEST_REMEMBERED) {
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(text, cleaned);
  }
  return cleaned;
}

/** As {@link clean}, for values that may be unknown. */
export function cleanOrNull(text: string | number | null | undefined): string | null {
  return text === null || text === undefined || text === '' ? null : clean(String(text));
}
