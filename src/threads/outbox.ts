import { parentPort } from 'node:worker_threads';

import { MOST_WAITING } from './messages.js';
import type { Answer, Instruction } from './messages.js';

/** The thread's side of the channel: sends answers, receives orders. */
export class Outbox {
  private readonly stopping = new AbortController();
  private waiting = 0;
  private onTaken: (() => void) | null = null;

  constructor() {
    parentPort?.on('message', (order: Instruction) => this.hear(order));
  }

  /** Aborted when the receiver wants no more. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Sends an answer; waits while too many are unacknowledged. */
  async send(answer: Answer): Promise<void> {
    parentPort?.postMessage(answer, answer.type === 'events' ? [answer.events.numbers.buffer, answer.events.times.buffer] : []);
    this.waiting += 1;
    while (this.waiting >= MOST_WAITING && !this.signal.aborted) await new Promise<void>((resolve) => { this.onTaken = resolve; });
  }

  close(): void {
    parentPort?.removeAllListeners('message');
  }

  private hear(order: Instruction): void {
    if (order === 'stop') this.stopping.abort();
    else this.waiting -= 1;
    this.onTaken?.();
    this.onTaken = null;
  }
}
