import { expect, it } from 'vitest';

import { coverCauses } from './coverage.js';
import { scoreSamples } from './logs.js';
import { misses, unread } from './table.js';

it('finds every first failure of the samples and its cause, lists the true one if the log cannot tell, is never confidently wrong, and understands every message', async () => {
  const scores = await scoreSamples();
  expect([...misses(scores), ...unread(scores)]).toEqual([]);
});

it('covers each cause by a sample or an example, for each daemon whose messages can show it', async () => {
  const { causes, seen, gaps } = await coverCauses();
  const shown = new Set([...seen.keys()].map((key) => key.slice(0, key.indexOf(' '))));
  expect(causes.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  expect(gaps).toEqual([]);
});
