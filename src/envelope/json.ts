const CONTROLS = /[\u0000-\u001f]/;

/** Parses a JSON object of one line; raw control characters in strings, which charon's own JSON log has, become blanks. */
export function parseObject(text: string): Record<string, unknown> | null {
  const value = tryParse(text);
  return value !== null || !CONTROLS.test(text) ? value : tryParse(text.replace(/[\u0000-\u001f]/g, ' '));
}

/** A field that occurs twice is an array in the journal's JSON; the first counts. */
export function stringOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return stringOf(value[0]);
  return typeof value === 'number' ? String(value) : null;
}

/** What was escaped in JSON and so came through: the colours of terminals, the line end. */
export function plainText(text: string): string {
  const plain = text.includes('\u001b[') ? text.replace(/\u001b\[[0-9;?]{0,20}[A-Za-z]/g, '') : text;
  return plain.trimEnd();
}

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
