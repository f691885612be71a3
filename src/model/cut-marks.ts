/** What the values end with that were cut off. */
export const CUT_OFF = '…';

/** Marks that pagers, databases and people put where text was cut off. */
const CUT_MARKS = ['...', '>', CUT_OFF];

/** Does the text end with such a mark? */
export function isMarkedAsCut(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last === 0x3e || last === 0x2026 || (last === 0x2e && text.endsWith('...'));
}

/** The mark at the end of the text; empty if there is none. */
export function cutMarkOf(text: string): string {
  return CUT_MARKS.find((mark) => text.endsWith(mark)) ?? '';
}
