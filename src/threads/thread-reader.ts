import { on } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import type { Event } from '../model/event.js';
import type { Reach } from '../model/progress.js';
import type { Reading } from '../reading.js';
import { EventUnpacker } from './event-unpacker.js';
import type { Answer, Instruction, Task } from './messages.js';

/**
 * Milliseconds after which to yield to signals and timers. A message port delivers everything that arrived before
 * yielding, without end if events come faster than they are taken.
 */
const TURN = 200;

/**
 * Bytecode that V8 may inline into one function, a sixth of its default. Both threads run at full load, so the compiler
 * takes its time from them; with less inlining, it needs a third less of it, and the code is as fast.
 */
const LESS_INLINING = '--max-inlined-bytecode-size-cumulative=150';

/** The result of the thread. */
export interface ThreadReading {
  readonly reading: Reading;
  readonly names: readonly string[];
}

/**
 * Runs the first half of the pipeline (inputs to events) in a second thread while this one processes the events. `push`
 * receives the events in the same order as without a thread. Yields the progress after each batch. `thread`: URL of the
 * compiled reading-thread.ts.
 */
export async function* readInThread(thread: URL, task: Task, signal: AbortSignal, push: (event: Event) => void): AsyncGenerator<Reach, ThreadReading> {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString(LESS_INLINING);
  const worker = new Worker(thread, { workerData: task });
  const order = (what: Instruction): void => worker.postMessage(what);
  const stop = (): void => order('stop');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const unpacker = new EventUnpacker();
  let turned = performance.now();
  try {
    // Rethrows errors of the thread.
    for await (const [answer] of on(worker, 'message', { close: ['exit'] }) as AsyncIterable<[Answer]>) {
      if (answer.type === 'end') return { reading: answer.reading, names: answer.names };
      unpacker.unpack(answer.events, push);
      order('taken');
      yield answer.reach;
      if (performance.now() - turned < TURN) continue;
      await setImmediate();
      turned = performance.now();
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
  throw new Error('the thread that reads has ended before its inputs');
}
