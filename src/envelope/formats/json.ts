const CONTROLS = /[\u0000-\u001f]/;

/**
 * Parses a single-line JSON object. Raw control characters inside strings, which charon's own JSON log contains, become
 * blanks. Null if it is not an object.
 */
export function parseObject(text: string): Record<string, unknown> | null {
  const value = tryParse(text);
  return value !== null || !CONTROLS.test(text) ? value : tryParse(text.replace(/[\u0000-\u001f]/g, ' '));
}

/** The value as text. A field that occurs twice is an array in the journal's JSON; its first value counts. */
export function stringOf(value: unknown): string | null {
  // No recursion: the nesting is the sender's
  let first: unknown = value;
  while (Array.isArray(first)) first = first[0];
  return typeof first === 'string' ? first : typeof first === 'number' ? String(first) : null;
}

/** Removes terminal colours and the trailing line end, which survive inside JSON strings. */
export function plainText(text: string): string {
  const plain = text.includes('\u001b[') ? text.replace(/\u001b\[[0-9;?]{0,20}[A-Za-z]/g, '') : text;
  return plain.trimEnd();
}

/** The value as an integer, also if it is a decimal string; null for anything else. */
export function integerOf(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : null;
}

function tryParse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
