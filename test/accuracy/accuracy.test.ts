import { expect, it } from 'vitest';

import { coverCauses } from './coverage.js';
import { scoreSamples } from './logs.js';
import { misses, unread } from './table.js';

it('finds every first failure of the samples and its cause, lists the true one where the log cannot tell, and is never wrong and confident; what it reads, it understands', async () => {
  const scores = await scoreSamples();
  expect([...misses(scores), ...unread(scores)]).toEqual([]);
});

it('shows each cause by a sample or an example, of each daemon wherever its messages can tell it', async () => {
  const { causes, seen, gaps } = await coverCauses();
  const shown = new Set([...seen.keys()].map((key) => key.slice(0, key.indexOf(' '))));
  expect(causes.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  expect(gaps).toEqual([]);
});
