import { MAX_LINE_LENGTH } from '../model/source-line.js';

/**
 * Decodes one line and removes what would disturb parsing: carriage return, NULs left by a crash, terminal colours, a
 * BOM.
 */
export function decodeLine(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, Math.min(end, start + MAX_LINE_LENGTH));
  return cleanLine(text);
}

/** The same clean-up as {@link decodeLine}, for decoded text. */
export function cleanLine(text: string): string {
  let clean = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (clean.charCodeAt(0) === 0xfeff) clean = clean.slice(1);
  if (clean.includes('\0')) clean = clean.replaceAll('\0', '');
  if (clean.includes('\r')) clean = clean.replaceAll('\r', ' ');
  return clean.includes('\u001b[') ? clean.replace(/\u001b\[[0-9;?]{0,20}[A-Za-z]/g, '') : clean;
}
