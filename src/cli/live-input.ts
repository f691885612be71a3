import { fstatSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';

/**
 * Input at this rate (bytes per window in milliseconds) is history being poured in, as with `zcat old.gz |` or at the
 * start of `tail -n 10000 -f x |`. No daemon logs that fast.
 */
const HISTORY = { bytes: 65_536, window: 250 } as const;

/** Standard input of a live run. */
export interface LiveInput {
  readonly stream: Readable;
  /** Ends the input as if it had reached its end: what was read is still analysed and summarised. */
  stop(): void;
}

/**
 * Wraps standard input so that Ctrl-C can end it. Calls `caughtUp` once, when the input slows down from history to
 * live.
 */
export function openLiveInput(stdin: Readable, caughtUp: () => void): LiveInput {
  const stream = new PassThrough({ highWaterMark: 1 << 20 });
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    if (bytes < HISTORY.bytes) {
      clearInterval(timer);
      stdin.off('data', count);
      caughtUp();
    }
    bytes = 0;
  };
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    timer ??= setInterval(look, HISTORY.window);
  };
  stdin.on('data', count);
  stdin.pipe(stream);
  stdin.once('end', () => clearInterval(timer));
  return {
    stream,
    stop() {
      clearInterval(timer);
      stdin.unpipe(stream);
      stdin.destroy();
      stream.end();
    },
  };
}

/** May more lines arrive while we run? True for pipes, sockets and terminals, false for a redirected file. */
export function mayGrow(fd: number): boolean {
  try {
    return !fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
