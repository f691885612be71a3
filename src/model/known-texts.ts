/** Bits of the number of a place. A text that comes to the place of another one displaces it. */
const PLACE_BITS = 12;
/** Longer texts are lists and sentences, of which few come twice. */
const LONGEST = 40;

/**
 * Names and addresses that were cut out of lines lately, each once: whoever compares them or looks them up finds out by their
 * place in memory, and none of them keeps its line there.
 */
export class KnownTexts {
  private readonly known: string[] = new Array<string>(1 << PLACE_BITS).fill('');

  /** `text.slice(start, end)`. */
  take(text: string, start: number, end: number): string {
    const length = end - start;
    if (length <= 0 || length > LONGEST) return text.slice(start, end);
    let hash = length;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
    const place = Math.imul(hash, 0x9e3779b1) >>> (32 - PLACE_BITS);
    const known = this.known[place] as string;
    if (known.length === length && text.startsWith(known, start)) return known;
    return (this.known[place] = standAlone(text.slice(start, end)));
  }
}

/** An equal text that is no part of a longer one: whoever reads JSON makes new texts, everything shorter in words leaves a part of the old one. */
export function standAlone(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
