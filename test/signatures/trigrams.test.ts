import { expect, it } from 'vitest';

import { trigramOf, Trigrams } from '../../src/signatures/trigrams.js';
import type { UntilEdge } from '../../src/signatures/trie.js';

const TEXT = 'AES_GCM_16  {256,192,*128}  IKEv1:     ESP     IKEv2: ESP – “x”';
const holds = (trigrams: Trigrams, literal: string): boolean => trigrams.mayHold({ trigram: trigramOf(literal) } as UntilEdge);

it('trigrams rule out no literal that is in the text, and one that was in the text before', () => {
  const trigrams = new Trigrams();
  for (let from = 0; from < TEXT.length; from += 1) {
    for (let to = from + 1; to <= TEXT.length; to += 1) expect(holds(trigrams.of(TEXT), TEXT.slice(from, to))).toBe(true);
  }
  expect(holds(trigrams.of(TEXT), 'algorithms')).toBe(false);
  expect(holds(trigrams.of('another'), 'IKEv1')).toBe(false);
  expect(holds(trigrams.of(''), 'another')).toBe(false);
});
