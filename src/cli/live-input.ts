import { fstatSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';

/**
 * Input that brings at least so many bytes in such a window (milliseconds) is history that is being poured in, as with
 * `zcat old.gz |` or the start of `tail -n 10000 -f x |`. No daemon logs that fast.
 */
const HISTORY = { bytes: 65_536, window: 250 } as const;

/** Standard input of a live run. */
export interface LiveInput {
  readonly stream: Readable;
  /** Ends the input as if it had ended by itself: what was read is still analysed and summed up. */
  stop(): void;
}

/** Wraps standard input so that Ctrl-C can end it, and calls `caughtUp` once, as soon as it is no longer history. */
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

/** May more lines come while we run? True for pipes, sockets and terminals, false for a redirected file. */
export function mayGrow(fd: number): boolean {
  try {
    return !fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
