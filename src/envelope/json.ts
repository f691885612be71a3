const CONTROLS = /[\u0000-\u001f]/;

/** Parses a JSON object of one line; raw control characters in strings, which charon's own JSON log has, become blanks. */
export function parseObject(text: string): Record<string, unknown> | null {
  const value = tryParse(text);
  return value !== null || !CONTROLS.test(text) ? value : tryParse(text.replace(/[\u0000-\u001f]/g, ' '));
}

export function stringOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
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
