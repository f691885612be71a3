import { redact } from './redact.js';
import { sanitize } from './sanitize.js';

/** Text from a log as it may be shown: without key material first, then without anything a terminal would obey. */
export function clean(text: string): string {
  return sanitize(redact(text));
}

/** As {@link clean}, for values that may be unknown. */
export function cleanOrNull(text: string | number | null | undefined): string | null {
  return text === null || text === undefined || text === '' ? null : clean(String(text));
}
