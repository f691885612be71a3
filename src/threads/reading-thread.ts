import { workerData } from 'node:worker_threads';

import { readZone } from '../envelope/index.js';
import type { Reach } from '../model/progress.js';
import { Reader } from '../reading.js';
import { loadRules } from '../rule-set.js';
import { noBytes } from '../sources/index.js';
import { EventPacker } from './event-packer.js';
import type { Task } from './messages.js';
import { Outbox } from './outbox.js';

/** Events per batch, enough to make the cost of sending negligible. */
const ENOUGH = 2_000;
/** Milliseconds after which a smaller batch is sent, to keep the progress display current. */
const SOON = 100;

/** Entry point of the thread: performs its task and answers. */
await read(workerData as Task);

async function read({ found, rules, zone, ...options }: Task): Promise<void> {
  const { matcher } = await loadRules(rules);
  const packer = new EventPacker();
  const reader = new Reader(options, zone === null ? undefined : await readZone(zone), matcher, (event) => packer.add(event));
  const outbox = new Outbox();
  let sent = performance.now();
  const send = async (reach: Reach): Promise<void> => {
    sent = performance.now();
    await outbox.send({ type: 'events', events: packer.take(), reach });
  };
  let reach: Reach = { bytes: 0, total: null };
  const batches = reader.read(found, { stdin: noBytes(), isLive: false, signal: outbox.signal, onReach: (reached) => { reach = reached; } });
  let batch = await batches.next();
  for (; batch.done !== true; batch = await batches.next()) {
    if (packer.size >= ENOUGH || performance.now() - sent >= SOON) await send(batch.value);
  }
  reader.end();
  await send(reach);
  await outbox.send({ type: 'end', reading: reader.finish(), names: batch.value });
  outbox.close();
}
