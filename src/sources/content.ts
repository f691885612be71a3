import { open } from 'node:fs/promises';

/** What the first bytes of a file tell about it. */
export type Content =
  | { readonly type: 'text' | 'gzip' | 'utf-16le' | 'utf-16be' }
  | { readonly type: 'not-text'; readonly what: string; readonly help: string };

const UNPACK = 'Unpack it and pass the text on standard input';

const SIGNATURES: readonly (readonly [bytes: readonly number[], what: string, help: string])[] = [
  [[0x42, 0x5a, 0x68], 'bzip2', `${UNPACK}: bzcat FILE | ipsec-logwatch -`],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz', `${UNPACK}: xzcat FILE | ipsec-logwatch -`],
  [[0x28, 0xb5, 0x2f, 0xfd], 'Zstandard', `${UNPACK}: zstdcat FILE | ipsec-logwatch -`],
  [[0x04, 0x22, 0x4d, 0x18], 'LZ4', `${UNPACK}: lz4cat FILE | ipsec-logwatch -`],
  [[0x50, 0x4b, 0x03, 0x04], 'zip', `${UNPACK}: unzip -p FILE | ipsec-logwatch -`],
  [[0x4c, 0x50, 0x4b, 0x53, 0x48, 0x48, 0x52, 0x48], 'systemd journal', 'Let journalctl print it: journalctl --file FILE -o json | ipsec-logwatch -'],
  [[0x7f, 0x45, 0x4c, 0x46], 'ELF program', 'Name a log file'],
];

const PROBE_BYTES = 8192;

/** @throws the file system's errors. */
export async function probeContent(path: string): Promise<Content> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, null);
    return classify(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function classify(bytes: Buffer): Content {
  if (startsWith(bytes, [0x1f, 0x8b])) return { type: 'gzip' };
  if (startsWith(bytes, [0xff, 0xfe])) return { type: 'utf-16le' };
  if (startsWith(bytes, [0xfe, 0xff])) return { type: 'utf-16be' };
  for (const [signature, what, help] of SIGNATURES) {
    if (startsWith(bytes, signature)) return { type: 'not-text', what, help };
  }
  return isBinary(bytes) ? { type: 'not-text', what: 'binary data', help: 'Name a log file' } : { type: 'text' };
}

/** Crashes leave runs of NULs in logs; other control characters don't occur in text. */
function isBinary(bytes: Buffer): boolean {
  let controls = 0;
  let others = 0;
  for (const byte of bytes) {
    if (byte === 0) continue;
    others++;
    if (byte < 0x20 && (byte < 0x07 || (byte > 0x0d && byte !== 0x1b && byte !== 0x1e))) controls++;
  }
  return controls > others / 20 || (others < bytes.length / 2 && controls > 0);
}

function startsWith(bytes: Buffer, signature: readonly number[]): boolean {
  return bytes.length >= signature.length && signature.every((byte, at) => bytes[at] === byte);
}
