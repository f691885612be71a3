import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import wabt from 'wabt';

import { HINTS } from '../../src/envelope/formats/programs.js';
import { borrowScanner, NUMBERS, TextScanner, VectorScanner, type LineScanner } from '../../src/sources/line-scanner.js';
import { LINE_SCANNER } from '../../src/sources/line-scanner.wasm.js';

const SOURCE = new URL('../../src/sources/line-scanner.wat', import.meta.url);
/** A simple pseudo-random generator with the same numbers in every run. */
const numbers = (seed: number) => (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff);

describe('the line scanner', () => {
  it('is what line-scanner.wat says (npx vitest run test/sources/line-scanner -u writes it)', async () => {
    const { parseWat } = await wabt();
    const { buffer } = parseWat('line-scanner.wat', readFileSync(SOURCE, 'utf8'), { simd: true }).toBinary({});
    const text = `/** Compiled from line-scanner.wat. */\nexport const LINE_SCANNER =\n  '${Buffer.from(buffer).toString('base64')}';\n`;
    await expect(text).toMatchFileSnapshot('../../src/sources/line-scanner.wasm.ts');
    expect(Buffer.from(LINE_SCANNER, 'base64').equals(Buffer.from(buffer))).toBe(true);
  });

  it('finds the same lines as a regular expression, wherever the words stand', () => {
    expect(borrowScanner()).toBeInstanceOf(VectorScanner);
    const scanners = [borrowScanner(), new TextScanner()];
    for (let seed = 1; seed <= 200; seed++) {
      const block = randomBlock(seed);
      const [vector, text] = scanners.map((scanner) => findAll(scanner, block, seed % 10 === 0 ? null : HINTS));
      expect(vector, `seed ${seed}`).toEqual(text);
    }
  });

  it('knows which lines are printable ASCII', () => {
    const scanner = borrowScanner();
    const lines = ['', 'plain', 'longer than sixteen bytes, and plain', 'a\ttab behind sixteen bytes or so: \t', 'b\r', '\u00fcber', '\u0000', 'plain again'];
    const length = scanner.block.write(`${lines.join('\n')}\n`);
    const count = scanner.find(null, 0, length);
    expect(Array.from({ length: count }, (_, index) => scanner.found[NUMBERS * index + 3])).toEqual([1, 1, 1, 0, 0, 0, 0, 1]);
  });
});

/**
 * Lines of all lengths, some with a complete or truncated word, the rest from a few letters so that beginnings of words
 * abound.
 */
function randomBlock(seed: number): Buffer {
  const next = numbers(seed);
  const pick = <T>(items: ArrayLike<T>): T => items[(next() >> 8) % items.length] as T;
  const lines = Array.from({ length: 200 }, () => {
    const filler = Array.from({ length: (next() >> 8) % 70 }, () => pick('aochrnpltisew ,=50\u0000\u00e9')).join('');
    const { word } = pick(HINTS);
    return (next() >> 8) % 3 > 0 ? filler : `${filler}${(next() >> 8) % 2 > 0 ? word : word.slice(1)}${pick('xcp ')}`;
  });
  return Buffer.from(`${lines.join('\n')}\n`);
}

function findAll(scanner: LineScanner, block: Buffer, hints: typeof HINTS | null): number[][] {
  block.copy(scanner.block);
  const lines: number[][] = [];
  for (let at = 0, before = 0; at < block.length; at = scanner.position, before += scanner.newlines) {
    const count = scanner.find(hints, at, block.length);
    for (let index = 0; index < count; index++) {
      const [start, end, newlines] = scanner.found.subarray(NUMBERS * index);
      lines.push([start as number, end as number, before + (newlines as number)]);
    }
  }
  return lines;
}
