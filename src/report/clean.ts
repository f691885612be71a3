import { redact } from './redact.js';
import { sanitize } from './sanitize.js';

/**
 * Number of cached texts: titles, remedies and commands recur with every attempt, and cleaning runs two dozen patterns.
 */
const REMEMBERED = 2_000;
/** Longer texts are log lines, which do not recur. */
const LONGEST_REMEMBERED = 1_000;
const remembered = new Map<string, string>();

/** Makes text from a log safe to display: withholds key material, then escapes whatever a terminal would interpret. */
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

/** Like {@link clean}, for values that may be missing. */
export function cleanOrNull(text: string | number | null | undefined): string | null {
  return text === null || text === undefined || text === '' ? null : clean(String(text));
}
