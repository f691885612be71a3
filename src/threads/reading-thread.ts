import { Readable } from 'node:stream';
import { workerData } from 'node:worker_threads';

import { readZone } from '../envelope/index.js';
import type { Reach } from '../model/progress.js';
import { Reader } from '../reading.js';
import { loadRules } from '../rule-set.js';
import { EventPacker } from './event-packer.js';
import type { Task } from './messages.js';
import { Outbox } from './outbox.js';

/** Events sent at a time: enough that sending costs little for each. */
const ENOUGH = 2_000;
/** Milliseconds after which fewer are sent, for who watches how far the reading is. */
const SOON = 100;

/** Where the thread begins: reads what it was given to read, and answers. */
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
  const batches = reader.read(found, { stdin: Readable.from([]), isLive: false, signal: outbox.signal, onReach: (reached) => { reach = reached; } });
  let batch = await batches.next();
  for (; batch.done !== true; batch = await batches.next()) {
    if (packer.size >= ENOUGH || performance.now() - sent >= SOON) await send(batch.value);
  }
  reader.end();
  await send(reach);
  await outbox.send({ type: 'end', reading: reader.finish(), names: batch.value });
  outbox.close();
}
