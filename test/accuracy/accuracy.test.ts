import { expect, it } from 'vitest';

import { scoreSamples } from './logs.js';
import { misses } from './table.js';

it('finds every first failure of the samples and its cause, lists the true one where the log cannot tell, and is never wrong and confident', async () => {
  expect(misses(await scoreSamples())).toEqual([]);
});
