import { isDigit } from '../../model/digits.js';
import type { SourceLine } from '../../model/source-line.js';

/** Message length in RFC 6587 octet counting, which replaces line ends as separator. */
const COUNT = /(\d{1,5}) (?=<\d{1,3}>)/y;
/** An array of objects, at the top level or as the first member: `[{"log":`, `{"dmesg":[{"pri":`. */
const OBJECTS = /^(?:\{ ?"(\w{1,40})" ?: ?)?\[ ?\{/;

/**
 * Splits a line that holds several messages: a syslog stream with octet counts and no line ends, or a JSON array of log
 * entries. Null for a single message, which is decided from its first characters. Messages without a count are not
 * split: whoever can write into one could forge the header of another.
 */
export function splitLine(line: SourceLine): SourceLine[] | null {
  const first = line.text.charCodeAt(0);
  if (first === 0x7b || first === 0x5b) return splitJson(line);
  return isDigit(first) && line.text.charCodeAt(4) !== 0x2d ? splitFrames(line) : null;
}

function splitJson(line: SourceLine): SourceLine[] | null {
  const match = OBJECTS.exec(line.text);
  if (match === null) return null;
  try {
    const value: unknown = JSON.parse(line.text);
    const entries: unknown = match[1] === undefined ? value : (value as Record<string, unknown>)[match[1]];
    return Array.isArray(entries) ? entries.map((entry) => ({ ...line, text: JSON.stringify(entry) })) : null;
  } catch {
    return null;
  }
}

function splitFrames(line: SourceLine): SourceLine[] | null {
  const { text } = line;
  const frames: SourceLine[] = [];
  let at = 0;
  while (at < text.length) {
    COUNT.lastIndex = at;
    const count = COUNT.exec(text)?.[1];
    if (count === undefined) return null;
    const end = endOfOctets(text, COUNT.lastIndex, Number(count));
    frames.push({ ...line, text: text.slice(at, end) });
    at = end;
  }
  return frames.length > 1 ? frames : null;
}

/** The end of `octets` bytes of UTF-8, counted from `at`. */
function endOfOctets(text: string, at: number, octets: number): number {
  let end = at;
  for (let left = octets; left > 0 && end < text.length; end++) {
    const code = text.charCodeAt(end);
    left -= code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return end;
}
