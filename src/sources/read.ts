import { statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { Readable } from 'node:stream';

import { EVERY_LINE } from '../model/line-filter.js';
import type { LineFilter } from '../model/line-filter.js';
import type { Problem } from '../model/problem.js';
import type { Layer, readArchive } from './archive.js';
import type { LineBatch } from './batch.js';
import { BlockLines } from './block-lines.js';
import { countBytes, decodeUtf16, intoBlocks, peek, probeFile, readPlain, readStored, type Bytes, type OnBytes } from './bytes.js';
import { readClog } from './clog.js';
import { classify } from './content.js';
import { STANDARD_INPUT } from './expand.js';
import { describeError, leftOut, notText, SourceError, truncatedLines } from './problems.js';
import { BarfSections, isBarf } from './sections.js';

export interface ReadOptions {
  /** Selects the relevant lines of a file. Text from standard input and pipes is not filtered. */
  readonly filter: LineFilter;
  /** What `-` stands for. */
  readonly stdin: Bytes;
  /** Called for everything that prevents an input from being read completely. */
  readonly onProblem: (problem: Problem) => void;
  /** Receives a source's modification time (epoch milliseconds) before its lines. */
  readonly onWritten?: (source: string, time: number) => void;
  /** Receives the number of bytes read, as stored. */
  readonly onBytes?: OnBytes;
  /** Receives the size of a file that has to be read a second time. */
  readonly onAgain?: OnBytes;
}

/** Nesting limit for archives and packings; deeper nesting is not accidental. */
export const MAX_DEPTH = 6;

/** Reads the relevant lines of one input. Never throws because of the input: errors are reported as problems. */
export async function* readInput(input: string, options: ReadOptions): AsyncGenerator<LineBatch> {
  try {
    if (input === STANDARD_INPUT) yield* readGrowing(input, countBytes(options.stdin, counter(options)), options);
    else if (writtenAt(input, options).isFile()) yield* readFile(input, options);
    else yield* readGrowing(input, readStored(input, counter(options)), options);
  } catch (error) {
    options.onProblem(describeError(input, error as NodeJS.ErrnoException));
  }
}

/** Reads the relevant lines of a byte stream, as if from a file of that name. Never throws. */
export function readBytes(name: string, bytes: Bytes, options: ReadOptions): AsyncGenerator<LineBatch> {
  return readLayer(name, { bytes, again: null }, 0, options);
}

/** Reads standard input or a named pipe; text is passed on line by line as it arrives. Never throws. */
export async function* readGrowing(name: string, stream: Bytes, options: ReadOptions): AsyncGenerator<LineBatch> {
  const { head, bytes } = await peek(stream, false);
  const { type } = classify(head);
  let cut = 0;
  try {
    // Modules that few runs need are loaded on demand: zlib, readline and others cost a tenth of the time to the first
    // answer.
    const { readStream } = await import('./stream-lines.js');
    if (type !== 'text') yield* readBytes(name, bytes, options);
    else for await (const batch of readStream(Readable.from(bytes, { objectMode: false }), name)) {
      cut += batch.cut ?? 0;
      yield batch;
    }
  } catch (error) {
    options.onProblem(describeError(name, error as NodeJS.ErrnoException));
  }
  truncatedLines(name, cut).forEach(options.onProblem);
}

async function* readFile(path: string, options: ReadOptions): AsyncGenerator<LineBatch> {
  const head = probeFile(path);
  const { type } = classify(head);
  if (type === 'text') {
    const circular = readClog(path);
    yield* readText(path, head, (reuse) => (circular === null ? readPlain(path, reuse, counter(options)) : intoBlocks(countBytes(Readable.from([circular]), counter(options)), reuse)), options);
  } else if (type === 'journal') {
    yield* (await import('./journal.js')).readJournalFiles([path], options);
  } else {
    const bytes = (): Bytes => readStored(path, counter(options));
    yield* readLayer(path, { bytes: bytes(), again: () => readAgain(path, bytes, options) }, 0, options);
  }
}

function writtenAt(path: string, { onWritten }: ReadOptions): Stats {
  const status = statSync(path);
  onWritten?.(path, status.mtimeMs);
  return status;
}

/** Reads a file a further time, and reports its size so that the progress stays right. */
export async function* readAgain(path: string, bytes: () => Bytes, { onAgain }: ReadOptions): AsyncGenerator<Buffer> {
  onAgain?.(statSync(path).size);
  yield* bytes();
}

/** Undoes one layer of packing after another, down to the text. */
export async function* readLayer(name: string, layer: Layer, depth: number, options: ReadOptions): AsyncGenerator<LineBatch> {
  const { head, bytes } = await peek(layer.bytes, true);
  const content = classify(head);
  const { again } = layer;
  try {
    if (depth > MAX_DEPTH) throw new SourceError('archive-bomb', `Stopped after ${MAX_DEPTH} archives in one another`, 'Unpack it and pass the files that matter');
    if (content.type === 'not-text') {
      options.onProblem(notText(name, content.what, content.help));
    } else if (content.type === 'text') {
      yield* readText(name, head, (reuse) => intoBlocks(bytes, reuse), options);
    } else if (content.type === 'journal') {
      throw new SourceError('not-text', 'Expected text, got a file of the systemd journal', 'Unpack it and pass it: journalctl reads files only');
    } else if (content.type === 'zip') {
      for (const log of await (await import('./containers.js')).openLayer(name, { bytes, again }, depth + 1, options)) yield* log;
    } else if (content.type === 'tar') {
      yield* (await import('./archive.js')).readArchive({ bytes, again }, memberReader(name, depth, options));
    } else if (content.type === 'packed') {
      const { packing } = content;
      const { unpack } = await import('./unpack.js');
      yield* readLayer(name, { bytes: unpack(packing, bytes), again: again === null ? null : () => unpack(packing, again()) }, depth + 1, options);
    } else {
      yield* readText(name, head, (reuse) => intoBlocks(decodeUtf16(bytes, content.type), reuse), options);
    }
  } catch (error) {
    options.onProblem(describeError(name, error as NodeJS.ErrnoException));
  }
}

function memberReader(archive: string, depth: number, options: ReadOptions): Parameters<typeof readArchive>[1] {
  return {
    read: (member, layer) => readLayer(`${archive}:${member}`, layer, depth + 1, options),
    leaveOut: (names) => {
      const problem = leftOut(archive, names);
      if (problem !== null) options.onProblem(problem);
    },
  };
}

async function* readText(name: string, head: Buffer, blocks: (reuse: () => Buffer) => Bytes, options: ReadOptions): AsyncGenerator<LineBatch> {
  const sections = isBarf(head.toString('latin1')) ? new BarfSections(name) : null;
  const lines = new BlockLines(name, sections === null ? options.filter : EVERY_LINE);
  let cut = 0;
  const take = (batches: readonly LineBatch[]): readonly LineBatch[] => {
    for (const batch of batches) cut += batch.cut ?? 0;
    return sections === null ? batches : batches.map((batch) => sections.take(batch));
  };
  try {
    for await (const block of blocks(() => lines.space())) yield* take(lines.push(block));
  } catch (error) {
    options.onProblem(describeError(name, error as NodeJS.ErrnoException));
  }
  yield* take([lines.finish()]);
  if (sections !== null) yield { lines: [], sections: sections.finish(), scanned: 0, bytes: 0 };
  truncatedLines(name, cut).forEach(options.onProblem);
}

/** The options' byte counter, or one that does nothing. */
export function counter({ onBytes }: ReadOptions): OnBytes {
  return onBytes ?? (() => undefined);
}
