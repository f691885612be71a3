import { redact } from './redact.js';
import { sanitize } from './sanitize.js';

/**
 * Number of texts after which those not used since are forgotten: titles, remedies and commands recur with every
 * attempt, and cleaning runs four dozen patterns.
 */
const REMEMBERED = 2_000;
/** Longer texts are log lines, which do not recur. */
const LONGEST_REMEMBERED = 1_000;
let recent = new Map<string, string>();
let former: ReadonlyMap<string, string> = recent;

/** Makes text from a log safe to display: withholds key material, then escapes whatever a terminal would interpret. */
export function clean(text: string): string {
  const known = recent.get(text);
  if (known !== undefined) return known;
  const cleaned = former.get(text) ?? sanitize(redact(text));
  if (text.length <= LONGEST_REMEMBERED) {
    if (recent.size >= REMEMBERED) [former, recent] = [recent, new Map<string, string>()];
    recent.set(text, cleaned);
  }
  return cleaned;
}

/** A name such as `1001` or `cafe`. As a line of a log, it could be the end of a dump. */
const FEW_DIGITS = /^[0-9a-f]{4,8}$/;

/** Like {@link clean}, for the name of a connection or host, and for an address or identity. */
export function cleanName(name: string): string {
  return FEW_DIGITS.test(name) ? name : clean(name);
}

/** Like {@link cleanName}, for a name that may be missing. */
export function cleanNameOrNull(name: string | number | null | undefined): string | null {
  return name === null || name === undefined || name === '' ? null : cleanName(String(name));
}
