import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

/**
 * Footer of FreeBSD's clog format (pfSense up to 2.4, OPNsense up to 2021): `CLOG`, then wrap, next, max and lock as
 * 32-bit numbers.
 */
const FOOTER = { magic: 'CLOG', bytes: 20 } as const;
/** Circular logs are half a megabyte by default; larger sizes can be configured. */
const MAX_BYTES = 64 << 20;

/** The text of a circular log in chronological order; null for any other file. @throws file system errors. */
export function readClog(path: string): Buffer | null {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size < FOOTER.bytes || size > MAX_BYTES) return null;
    const footer = Buffer.alloc(FOOTER.bytes);
    readSync(file, footer, { position: size - FOOTER.bytes });
    return isFooter(footer) ? unwind(readFileSync(file)) : null;
  } finally {
    closeSync(file);
  }
}

/** The same for bytes in memory. A wrapped log begins with the rest of an overwritten line, which is dropped. */
export function unwind(bytes: Buffer): Buffer | null {
  const footer = bytes.subarray(-FOOTER.bytes);
  if (!isFooter(footer)) return null;
  const [wrap, next, max] = numbersOf(footer, bytes.length);
  if (wrap === 0) return bytes.subarray(0, next);
  const text = Buffer.concat([bytes.subarray(next + 1, max), bytes.subarray(0, next)]);
  return text.subarray(text.indexOf(0x0a) + 1);
}

function isFooter(footer: Buffer): boolean {
  return footer.length === FOOTER.bytes && footer.toString('latin1', 0, FOOTER.magic.length) === FOOTER.magic;
}

/** The byte order is that of the machine that wrote the file; the one that gives plausible numbers is used. */
function numbersOf(footer: Buffer, size: number): readonly [wrap: number, next: number, max: number] {
  const little = [footer.readUInt32LE(4), footer.readUInt32LE(8), footer.readUInt32LE(12)] as const;
  const big = [footer.readUInt32BE(4), footer.readUInt32BE(8), footer.readUInt32BE(12)] as const;
  const [wrap, next, max] = little[1] <= size && little[2] <= size ? little : big;
  const end = Math.min(max, size - FOOTER.bytes);
  return [wrap, Math.min(next, end), end];
}
