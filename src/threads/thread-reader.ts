import { on } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import type { Event } from '../model/event.js';
import type { Reach } from '../model/progress.js';
import type { Reading } from '../reading.js';
import { EventUnpacker } from './event-unpacker.js';
import type { Answer, Order, Task } from './messages.js';

/**
 * Milliseconds after which signals and timers have their turn: a port hands over what has come meanwhile before that, without end where the
 * events come faster than they are taken.
 */
const TURN = 200;

/** What a thread has read. */
export interface ThreadReading {
  readonly reading: Reading;
  readonly names: readonly string[];
}

/**
 * Has a second thread read, from inputs to events; what this one does with the events goes on at the same time. `push` takes the
 * events, in the order in which they would come without a thread. Yields after each batch. `thread`: the file of reading-thread.ts.
 */
export async function* readInThread(thread: URL, task: Task, signal: AbortSignal, push: (event: Event) => void): AsyncGenerator<Reach, ThreadReading> {
  const worker = new Worker(thread, { workerData: task });
  const order = (what: Order): void => worker.postMessage(what);
  const stop = (): void => order('stop');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const unpacker = new EventUnpacker();
  let turned = performance.now();
  try {
    // An error in the thread is thrown here.
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
