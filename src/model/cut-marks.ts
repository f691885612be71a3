/** What pagers, databases and people put where they have cut off the rest. */
const CUT_MARKS = ['...', '>', '…'];

/** Does the text end as one that was cut off may? */
export function isMarkedAsCut(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last === 0x3e || last === 0x2026 || (last === 0x2e && text.endsWith('...'));
}

/** The mark with which the text ends; empty where there is none. */
export function cutMarkOf(text: string): string {
  return CUT_MARKS.find((mark) => text.endsWith(mark)) ?? '';
}
