import { describe, expect, it } from 'vitest';

import type { Event } from '../../src/model/event.js';
import { EventPacker } from '../../src/threads/event-packer.js';
import { EventUnpacker } from '../../src/threads/event-unpacker.js';
import type { PackedEvents } from '../../src/threads/packed-events.js';

const FIELDS = { 'peer.address': '198.51.100.7', 'ike.number': 4_294_967_295 };

/** A charon line from syslog, and one from a container log with everything that a record can have. */
const plain = makeEvent({ number: 7, text: 'Nov 21 10:00:00 gw charon[811]: 07[IKE] <site|4294967295> deleting IKE_SA' }, '07[IKE] <site|4294967295> deleting IKE_SA', {});
const wrapped = makeEvent({ number: 2_000_000_000, text: '{"log":"deleting IKE_SA\\n","stream":"stdout"}' }, 'deleting IKE_SA', {
  time: null, inferred: ['date', 'zone'], host: '', program: '', pid: null, repeats: 3, tag: { thread: '07', group: 'IKE', connectionName: 'site', saNumber: 0 },
}, { connectionName: null, instance: 2, saNumber: null, peerAddress: '2001:db8::7', peerPort: 4500, thread: null, group: null });

describe('events that go from one thread to another', () => {
  it('are the same there, in their order', () => {
    const packer = new EventPacker();
    const unpacker = new EventUnpacker();
    for (const events of [[plain, wrapped, plain], [], [wrapped], [plain, wrapped]]) {
      events.forEach((event) => packer.add(event));
      expect(packer.size).toBe(events.length);
      expect(unpack(unpacker, packer.take())).toEqual(events);
    }
  });

  it('have in common what they had, and are sent what is known only once', () => {
    const packer = new EventPacker();
    [plain, { ...plain, message: { ...plain.message, thread: '08' } }].forEach((event) => packer.add(event));
    const packed = packer.take();
    expect(packed.meanings).toHaveLength(1);
    const [first, second] = unpack(new EventUnpacker(), packed);
    expect(second?.fields).toBe(first?.fields);
    packer.add(plain);
    expect(packer.take()).toMatchObject({ meanings: [], texts: [], inferred: [] });
  });

  it('do not make what is known grow without end', () => {
    const packer = new EventPacker();
    const unpacker = new EventUnpacker();
    const made = [0, 1].map((round) => Array.from({ length: 40_000 }, (_, index) => ({ ...plain, message: { ...plain.message, connectionName: `made-up-${round}-${index}` } })));
    for (const events of [...made, [plain]]) {
      events.forEach((event) => packer.add(event));
      const packed = packer.take();
      expect(packed.isFresh).toBe(events !== made[0]);
      expect(unpack(unpacker, packed).map(({ message }) => message.connectionName)).toEqual(events.map(({ message }) => message.connectionName));
    }
  });
});

function makeEvent(line: { number: number; text: string }, message: string, record: Partial<Event['message']['record']>, rest: Partial<Event['message']> = {}): Event {
  return {
    kind: 'ike.deleting',
    fields: FIELDS,
    signature: 'charon/deletion#ike.deleting',
    message: {
      record: { line: { source: 'auth.log', ...line }, time: 1_795_255_200_123, inferred: [], host: 'gw', program: 'charon', pid: 811, message, repeats: 1, tag: null, ...record },
      daemon: 'charon', text: 'deleting IKE_SA', connectionName: 'site', instance: null, saNumber: 4_294_967_295, peerAddress: null, peerPort: null, thread: '07', group: 'IKE',
      ...rest,
    },
  };
}

/** Unpacks after structured cloning, as between threads. */
function unpack(unpacker: EventUnpacker, packed: PackedEvents): Event[] {
  const events: Event[] = [];
  unpacker.unpack(structuredClone(packed), (event) => events.push(event));
  return events;
}
