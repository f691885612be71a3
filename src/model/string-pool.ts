/** Bits of a slot number. A text in an occupied slot evicts the previous one. */
const PLACE_BITS = 12;
/** Longer texts are lists and sentences, which seldom recur. */
const LONGEST = 40;

/**
 * Interns names and addresses recently cut out of lines: equal texts become the same string, which is fast to compare
 * and look up, and does not keep its line in memory.
 */
export class StringPool {
  private readonly known: string[] = new Array<string>(1 << PLACE_BITS).fill('');

  /** Interned equivalent of `text.slice(start, end)`. */
  take(text: string, start: number, end: number): string {
    const length = end - start;
    if (length <= 0 || length > LONGEST) return text.slice(start, end);
    let hash = length;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
    const place = Math.imul(hash, 0x9e3779b1) >>> (32 - PLACE_BITS);
    const known = this.known[place] as string;
    if (known.length === length && text.startsWith(known, start)) return known;
    return (this.known[place] = copyString(text.slice(start, end)));
  }
}

/**
 * A copy that does not share memory with a longer string. A JSON round trip creates a new string; any shorter
 * expression would leave a slice of the original.
 */
export function copyString(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
