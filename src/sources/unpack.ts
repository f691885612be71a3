import * as zlib from 'node:zlib';

import { BLOCK_BYTES, countBytes, type Bytes } from './bytes.js';
import type { Packing } from './content.js';
import { damaged, endless, SourceError } from './problems.js';
import { ProgramError, runProgram } from './program.js';

/** Formats that Node can unpack itself; zstd only in newer releases. */
const IN_NODE: Partial<Record<Packing, (() => zlib.Gunzip) | undefined>> = {
  gzip: () => zlib.createGunzip({ chunkSize: BLOCK_BYTES }),
  zstd: (zlib as { createZstdDecompress?: (options: zlib.ZlibOptions) => zlib.Gunzip }).createZstdDecompress?.bind(null, { chunkSize: BLOCK_BYTES }),
};

/** The program that unpacks standard input to standard output in bounded memory, and its Debian package. */
const PROGRAMS: Readonly<Record<Packing, { readonly program: string; readonly package: string; readonly variables?: readonly string[] }>> = {
  gzip: { program: 'gzip', package: 'gzip' },
  compress: { program: 'gzip', package: 'gzip' },
  zstd: { program: 'zstd', package: 'zstd' },
  xz: { program: 'xz', package: 'xz-utils', variables: ['XZ_DEFAULTS=--memlimit-decompress=256MiB'] },
  bzip2: { program: 'bzip2', package: 'bzip2' },
  lz4: { program: 'lz4', package: 'lz4' },
};

interface Limit {
  readonly factor: number;
  readonly bytes: number;
}

/**
 * Logs compress to between a tenth and a thirtieth. Growth by more than `factor`, beyond `bytes`, is a decompression
 * bomb.
 */
const BOMB: Limit = { factor: 1000, bytes: 1 << 30 };

/** Packed bytes passed to the decoder at a time. */
const STEP = 1 << 14;

/**
 * Unpacks a stream. @throws SourceError if the content is damaged or truncated, is a decompression bomb, or needs a
 * program that is missing.
 */
export async function* unpack(packing: Packing, packed: Bytes, bomb: Limit = BOMB): AsyncGenerator<Buffer> {
  let taken = 0;
  let given = 0;
  const pieces = decode(packing, countBytes(packed, (count) => { taken += count; }));
  for await (const piece of pieces) {
    given += piece.length;
    if (given > bomb.bytes && given > taken * bomb.factor) throw endless(bomb.factor);
    yield piece;
  }
}

function decode(packing: Packing, packed: Bytes): Bytes {
  const create = IN_NODE[packing];
  return create === undefined ? decodeByProgram(packing, packed) : decodeInNode(create(), packed);
}

/**
 * Feeds the decoder in small steps: all output of a step is passed on before the next one can fail, and is small at any
 * compression ratio.
 */
async function* decodeInNode(decoder: zlib.Gunzip, packed: Bytes): AsyncGenerator<Buffer> {
  const ready: Buffer[] = [];
  let failure: Error | null = null;
  let wake = (): void => undefined;
  decoder.on('data', (piece: Buffer) => ready.push(piece)).on('error', (error) => { failure = error; wake(); }).on('end', () => wake());
  const settled = async (act: () => void): Promise<Buffer[]> => {
    await new Promise<void>((resolve) => { wake = resolve; act(); });
    return ready.splice(0);
  };
  try {
    for await (const piece of packed) {
      for (let at = 0; at < piece.length && failure === null; at += STEP) yield* await settled(() => decoder.write(piece.subarray(at, at + STEP), () => wake()));
      if (failure !== null) break;
    }
    if (failure === null) yield* await settled(() => decoder.end());
    if (failure !== null) throw damaged((failure as Error).message);
  } finally {
    decoder.destroy();
  }
}

async function* decodeByProgram(packing: Packing, packed: Bytes): AsyncGenerator<Buffer> {
  const { program, variables = [], ...known } = PROGRAMS[packing];
  try {
    yield* runProgram(program, ['-dc'], { input: packed, variables });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    if (!error.isMissing) throw damaged(error.message);
    throw new SourceError('missing-program', `Cannot unpack without the program ${program}`, `Install it (Debian, Ubuntu: apt install ${known.package}), or unpack the file elsewhere`);
  }
}
