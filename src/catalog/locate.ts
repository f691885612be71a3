/** Path of a value in JSON: object keys and list indices, from the outside in. */
export type JsonPath = readonly PropertyKey[];

const SPACE = /[\s,:]/;

/**
 * The line (from 1) of the value at `path`, or of the innermost existing part of the path.
 *
 * @param text valid JSON
 */
export function lineOfPath(text: string, path: JsonPath): number {
  let at = skipSpace(text, 0);
  for (const key of path) {
    const next = text[at] === '{' ? findKey(text, at, String(key)) : text[at] === '[' ? findIndex(text, at, Number(key)) : -1;
    if (next < 0) break;
    at = next;
  }
  return lineAt(text, at);
}

/** The line of the first occurrence of `value` as a JSON string, as a value or a key; null if there is none. */
export function lineOfString(text: string, value: string): number | null {
  const at = text.indexOf(JSON.stringify(value));
  return at < 0 ? null : lineAt(text, at);
}

/** The line at which nesting exceeds `limit`, in text that may not be valid JSON; null if it never does. */
export function lineOfDepth(text: string, limit: number): number | null {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = skipString(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > limit) return lineAt(text, at);
  }
  return null;
}

/** The line (from 1) of an offset in the text. */
export function lineAt(text: string, at: number): number {
  let line = 1;
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) line += 1;
  return line;
}

function findKey(text: string, open: number, key: string): number {
  const quoted = JSON.stringify(key);
  let at = skipSpace(text, open + 1);
  while (at < text.length && text[at] !== '}') {
    const end = skipValue(text, at);
    const value = skipSpace(text, end);
    if (text.slice(at, end) === quoted) return value;
    at = skipSpace(text, skipValue(text, value));
  }
  return -1;
}

function findIndex(text: string, open: number, index: number): number {
  let at = skipSpace(text, open + 1);
  for (let count = 0; count < index && text[at] !== ']' && at < text.length; count += 1) at = skipSpace(text, skipValue(text, at));
  return text[at] === ']' ? -1 : at;
}

/** Also skips commas and colons between values. */
function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && SPACE.test(text[at] as string)) at += 1;
  return at;
}

/** The index after the value that begins at `from`. */
function skipValue(text: string, from: number): number {
  if (text[from] === '"') return skipString(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '"') at = skipString(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (depth === 0 && SPACE.test(character)) return at;
    if (depth < 0) return at;
    if (depth === 0 && (character === '}' || character === ']')) return at + 1;
  }
  return text.length;
}

function skipString(text: string, quote: number): number {
  let at = quote + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
