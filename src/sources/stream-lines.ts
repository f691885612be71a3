import { createInterface } from 'node:readline';
import { Transform, type Readable, type TransformCallback } from 'node:stream';

import { MAX_LINE_LENGTH, type SourceLine } from '../model/source-line.js';
import type { LineBatch } from './batch.js';
import { cleanLine } from './text.js';

/** Lines buffered before the stream is paused. */
const MAX_WAITING = 10_000;

/** Reads a stream line by line as it arrives; a batch is what arrived together. */
export async function* readStream(stream: Readable, source: string): AsyncGenerator<LineBatch> {
  const guard = new LineGuard();
  const reader = createInterface({ input: stream.pipe(guard), crlfDelay: Number.POSITIVE_INFINITY });
  stream.on('error', (error) => guard.destroy(error));
  let waiting: SourceLine[] = [];
  let number = 0;
  let told = { bytes: 0, cutLines: 0 };
  let isOver = false;
  let failure: Error | null = null;
  let wake = (): void => undefined;

  reader.on('line', (text) => {
    waiting.push({ source, number: ++number, text: apart(cleanLine(text)) });
    if (waiting.length >= MAX_WAITING) reader.pause();
    wake();
  });
  reader.on('close', () => { isOver = true; wake(); });
  reader.on('error', (error: Error) => { failure = error; isOver = true; wake(); });

  try {
    for (;;) {
      if (waiting.length === 0 && !isOver) await new Promise<void>((resolve) => { wake = resolve; });
      if (waiting.length > 0) {
        const lines = waiting;
        waiting = [];
        // Noted before the batch is taken, because the guard goes on meanwhile.
        const { bytes, cutLines } = guard;
        const batch = { lines, scanned: lines.length, bytes: bytes - told.bytes, cut: cutLines - told.cutLines };
        told = { bytes, cutLines };
        yield batch;
        if (!isOver) reader.resume();
      } else if (isOver) break;
    }
    if (failure !== null) throw failure as Error;
  } finally {
    reader.close();
    stream.unpipe(guard);
    guard.destroy();
  }
}

/** Copies the string: readline's lines are slices of their block, and each would keep the whole block in memory. */
function apart(text: string): string {
  return ` ${text}`.slice(1);
}

/**
 * Shields readline from over-long lines, which it would buffer without limit, and from lone carriage returns and
 * U+2028, which it takes for line ends, so that line numbers would differ from an editor's.
 */
class LineGuard extends Transform {
  bytes = 0;
  cutLines = 0;
  private column = 0;

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += bytes.length;
    const chunk = withoutOtherLineEnds(bytes);
    let from = 0;
    for (let start = 0; start < chunk.length; ) {
      const newline = chunk.indexOf(0x0a, start);
      const end = newline < 0 ? chunk.length : newline;
      const room = Math.max(0, MAX_LINE_LENGTH - this.column);
      if (end - start > room) {
        if (this.column <= MAX_LINE_LENGTH) this.cutLines++;
        if (start + room > from) this.push(chunk.subarray(from, start + room));
        from = end;
        this.column = MAX_LINE_LENGTH + 1;
      } else this.column += end - start;
      if (newline >= 0) this.column = 0;
      start = end + 1;
    }
    if (from < chunk.length) this.push(chunk.subarray(from));
    done();
  }
}

/**
 * Replaces carriage returns within lines, U+2028 and U+2029 by blanks. A carriage return at the end of the chunk is
 * dropped, since a newline may follow.
 */
function withoutOtherLineEnds(bytes: Buffer): Buffer {
  const chunk = bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
  for (let at = chunk.indexOf(0x0d); at >= 0; at = chunk.indexOf(0x0d, at + 1)) {
    if (chunk[at + 1] !== 0x0a) chunk[at] = 0x20;
  }
  for (const separator of ['\u2028', '\u2029']) {
    for (let at = chunk.indexOf(separator); at >= 0; at = chunk.indexOf(separator, at + 3)) chunk.fill(0x20, at, at + 3);
  }
  return chunk;
}
