/** Compression formats that are undone before reading. */
export const PACKINGS = ['gzip', 'zstd', 'xz', 'bzip2', 'lz4', 'compress'] as const;
export type Packing = (typeof PACKINGS)[number];

/** What the first bytes reveal about a file or stream. */
export type Content =
  | { readonly type: 'text' }
  | { readonly type: 'utf-16le' | 'utf-16be' }
  | { readonly type: 'tar' }
  | { readonly type: 'zip' }
  /** A systemd journal file. */
  | { readonly type: 'journal' }
  | { readonly type: 'packed'; readonly packing: Packing }
  | { readonly type: 'not-text'; readonly what: string; readonly help: string };

const SIGNATURES: readonly (readonly [bytes: readonly number[], content: Content])[] = [
  [[0x1f, 0x8b], { type: 'packed', packing: 'gzip' }],
  [[0x1f, 0x9d], { type: 'packed', packing: 'compress' }],
  [[0x42, 0x5a, 0x68], { type: 'packed', packing: 'bzip2' }],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], { type: 'packed', packing: 'xz' }],
  [[0x28, 0xb5, 0x2f, 0xfd], { type: 'packed', packing: 'zstd' }],
  [[0x04, 0x22, 0x4d, 0x18], { type: 'packed', packing: 'lz4' }],
  [[0xff, 0xfe], { type: 'utf-16le' }],
  [[0xfe, 0xff], { type: 'utf-16be' }],
  [[0x50, 0x4b, 0x03, 0x04], { type: 'zip' }],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], { type: 'not-text', what: '7-Zip', help: 'Unpack it and pass the directory' }],
  [[0x4c, 0x50, 0x4b, 0x53, 0x48, 0x48, 0x52, 0x48], { type: 'journal' }],
  [[0x7f, 0x45, 0x4c, 0x46], { type: 'not-text', what: 'ELF program', help: 'Pass a log file' }],
];

/** The ustar magic, shared by GNU tar and POSIX, in the header of the first member. */
const USTAR = { at: 257, bytes: [0x75, 0x73, 0x74, 0x61, 0x72] } as const;

/** Bytes to pass to {@link classify}, if available. */
export const PROBE_BYTES = 8192;

/** Determines the type of a file or stream from its first bytes. */
export function classify(head: Buffer): Content {
  for (const [signature, content] of SIGNATURES) if (holds(head, signature, 0)) return content;
  if (holds(head, USTAR.bytes, USTAR.at)) return { type: 'tar' };
  return isBinary(head) ? { type: 'not-text', what: 'binary data', help: 'Pass a log file' } : { type: 'text' };
}

/** Could more bytes change the result of {@link classify}? A live text stream must not wait for them. */
export function isUndecided(head: Buffer): boolean {
  if (head.length >= USTAR.at + USTAR.bytes.length) return false;
  return head.length === 0 || head.includes(0) || SIGNATURES.some(([signature]) => head.length < signature.length && holds(head, signature.slice(0, head.length), 0));
}

function holds(bytes: Buffer, signature: readonly number[], at: number): boolean {
  return bytes.length >= at + signature.length && signature.every((byte, index) => bytes[at + index] === byte);
}

/** Control characters that do not occur in text. Crashes leave runs of NULs in logs, so those are allowed. */
const CONTROL = /[\x01-\x06\x0e-\x1a\x1c\x1d\x1f]/;

/** In most files one search finds none; where there are some, their number decides. */
function isBinary(bytes: Buffer): boolean {
  if (!CONTROL.test(bytes.toString('latin1'))) return false;
  let controls = 0;
  let others = 0;
  for (const byte of bytes) {
    if (byte === 0) continue;
    others++;
    if (byte < 0x20 && (byte < 0x07 || (byte > 0x0d && byte !== 0x1b && byte !== 0x1e))) controls++;
  }
  return controls > others / 20 || (others < bytes.length / 2 && controls > 0);
}
