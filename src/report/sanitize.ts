/** Longest text of a log line shown in a report, in UTF-16 code units. */
const MAX_SHOWN = 2_000;

/**
 * Control characters (C0, DEL, C1), line separators, and characters that reorder, hide or tag text: soft hyphen, Arabic
 * letter mark, zero-width and bidirectional formatting, interlinear annotation, byte order mark, tag characters, lone
 * surrogates.
 */
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/**
 * Makes untrusted text safe to print: escape sequences and invisible characters become visible escapes such as `\x1b`
 * or `\u{202e}`, a tab becomes a blank, and text longer than `limit` ends in an ellipsis.
 */
export function sanitize(text: string, limit = MAX_SHOWN): string {
  return shorten(text, limit).replace(INVISIBLE, visible);
}

function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

function visible(character: string): string {
  if (character === '\t') {
    return ' ';
  }
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
