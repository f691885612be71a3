import { open } from 'node:fs/promises';

/** What FreeBSD's clog, in pfSense up to 2.4 and OPNsense up to 2021, has behind the text: `CLOG`, and wrap, next, max and lock as 32-bit numbers. */
const FOOTER = { magic: 'CLOG', bytes: 20 } as const;
/** They have half a megabyte, or some, as set. */
const MAX_BYTES = 64 << 20;

/** The text of a circular log in the order of time; null for any other file. @throws the file system's errors. */
export async function readClog(path: string): Promise<Buffer | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size < FOOTER.bytes || size > MAX_BYTES) return null;
    const { buffer } = await file.read(Buffer.alloc(FOOTER.bytes), 0, FOOTER.bytes, size - FOOTER.bytes);
    return isFooter(buffer) ? unwind(await file.readFile()) : null;
  } finally {
    await file.close();
  }
}

/** The same, of its bytes. What a wrapped log begins with is the rest of a line that was written over. */
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

/** In the byte order of the machine that wrote them: that in which they make sense. */
function numbersOf(footer: Buffer, size: number): readonly [wrap: number, next: number, max: number] {
  const little = [footer.readUInt32LE(4), footer.readUInt32LE(8), footer.readUInt32LE(12)] as const;
  const big = [footer.readUInt32BE(4), footer.readUInt32BE(8), footer.readUInt32BE(12)] as const;
  const [wrap, next, max] = little[1] <= size && little[2] <= size ? little : big;
  const end = Math.min(max, size - FOOTER.bytes);
  return [wrap, Math.min(next, end), end];
}
