import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { denseLines } from './dense.js';
import { mixedLines } from './mixed.js';
import { strangerLines } from './strangers.js';

export interface Corpus {
  readonly file: string;
  readonly bytes: number;
  readonly lines: number;
}

/** Length of a corpus: whichever limit is reached first. */
export interface Extent {
  readonly bytes?: number;
  readonly lines?: number;
}

const MAKERS = {
  mixed: mixedLines,
  dense: (seed: number) => denseLines(seed),
  strangers: strangerLines,
  tunnels5k: (seed: number) => denseLines(seed, 2_500),
  tunnels20k: (seed: number) => denseLines(seed, 10_000),
  tunnels100k: (seed: number) => denseLines(seed, 50_000),
};
export type CorpusKind = keyof typeof MAKERS;

const SEED = 4500;
const FINGERPRINT_LINES = 20_000;
const WRITE_CHARACTERS = 1 << 20;

/**
 * The corpus of a kind, reused from `directory` if it exists. The file name contains a hash of its first lines, so that
 * a changed generator or sample yields a new file instead of measuring an old one.
 */
export async function corpus(kind: CorpusKind, extent: Extent, directory: string): Promise<Corpus> {
  mkdirSync(directory, { recursive: true });
  const size = extent.lines === undefined ? `${Math.round((extent.bytes ?? 0) / 1e6)}mb` : `${extent.lines}lines`;
  const file = join(directory, `${kind}-${size}-${fingerprint(kind)}.log`);
  if (!existsSync(file)) await write(MAKERS[kind](SEED), extent, file);
  return describe(file);
}

/**
 * Size and line count of a file; reading it also brings it into the page cache, so that no contender pays for the disk.
 */
export async function describe(file: string): Promise<Corpus> {
  let lines = 0;
  for await (const block of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) lines++;
  }
  return { file, bytes: statSync(file).size, lines };
}

function fingerprint(kind: CorpusKind): string {
  const hash = createHash('sha256');
  const lines = MAKERS[kind](SEED);
  for (let count = 0; count < FINGERPRINT_LINES; count++) hash.update(lines.next().value);
  return hash.digest('hex').slice(0, 8);
}

/** Writes to a temporary file and renames it at the end, so that an aborted run leaves no short corpus behind. */
async function write(lines: Generator<string, never>, { bytes = Infinity, lines: count = Infinity }: Extent, file: string): Promise<void> {
  const part = `${file}.part`;
  const stream = createWriteStream(part);
  let batch = '';
  for (let written = 0, number = 0; written < bytes && number < count; number++) {
    const line = `${lines.next().value}\n`;
    written += line.length;
    batch += line;
    if (batch.length < WRITE_CHARACTERS) continue;
    if (!stream.write(batch, 'latin1')) await once(stream, 'drain');
    batch = '';
  }
  stream.end(batch, 'latin1');
  await once(stream, 'finish');
  renameSync(part, file);
}
