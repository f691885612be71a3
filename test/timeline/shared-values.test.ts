import { expect, it } from 'vitest';

import type { EventKind } from '../../src/model/event-kinds.js';
import { SharedValues } from '../../src/timeline/values/shared-values.js';

it('keeps what is equal once, also where very much was kept since', () => {
  const shared = new SharedValues();
  const kinds = shared.list(['packet.sent', 'retransmit.sent']);
  expect(shared.list(['packet.sent', 'retransmit.sent'])).toBe(kinds);
  const before = shared.fields({ 'peer.id': 'east.example.com', 'ike.number': 7 }, undefined);
  expect(shared.fields({ 'peer.id': 'east.example.com', 'ike.number': 8 }, before)).toEqual({ 'peer.id': 'east.example.com', 'ike.number': 8 });
  for (let number = 0; number < 10_000; number++) {
    expect(shared.text(`peer ${number} "\u2028ü`)).toBe(`peer ${number} "\u2028ü`);
    shared.list(new Array<EventKind>(number % 5000).fill('retransmit.sent').slice(0, number % 50));
  }
  expect(shared.text('east.example.com')).toBe('east.example.com');
  expect(shared.list(['packet.sent', 'retransmit.sent'])).toEqual(kinds);
});
