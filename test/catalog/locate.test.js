import { expect, test } from 'vitest';
import { lineOfPath, lineOfString } from '../../src/catalog/locate.js';
const TEXT = `{
  "a": ["x, \\"]}", { "b": 1,
    "c": [1, [2,
      3], "four"] }],
  "empty": {}, "d":
    "last"
}`;
test.each([
    [[], 1],
    [['a'], 2],
    [['a', 1, 'c'], 3],
    [['a', 1, 'c', 1, 1], 4],
    [['a', 1, 'c', 2], 4],
    [['empty'], 5],
    [['d'], 6],
    [['a', 1, 'missing'], 2],
    [['a', 9], 2],
])('%j is in line %i', (path, line) => {
    expect(lineOfPath(TEXT, path)).toBe(line);
});
test('strings are found as they are written in JSON', () => {
    expect(lineOfString(TEXT, 'x, "]}')).toBe(2);
    expect(lineOfString(TEXT, 'four')).toBe(4);
    expect(lineOfString(TEXT, 'fou')).toBeNull();
});
