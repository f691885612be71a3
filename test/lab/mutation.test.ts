import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { DAEMONS } from './install.js';
import { chosen, mutated } from './mutation.js';
import { gatewayOf } from './scenario.js';

const CAUSES = fileURLToPath(new URL('../../rules/causes/', import.meta.url));
const TABLE = fileURLToPath(new URL('./mutations/', import.meta.url));
const EVERYTHING = 10_000;

it('chooses each mutation once, the same ones for the same seed, with daemons that there are', () => {
  const once = chosen(7, 0, EVERYTHING);
  expect(chosen(7, 0, EVERYTHING)).toEqual(once);
  expect(new Set(once.map(({ name }) => name)).size).toBe(once.length);
  expect(once.flatMap(({ pair }) => [pair.west, pair.east]).filter((name) => !(name in DAEMONS))).toEqual([]);
  expect(chosen(8, 0, EVERYTHING).map(({ name }) => name)).not.toEqual(once.map(({ name }) => name));
});

it('has a name for each mutation of its own, also across files', () => {
  const files = readdirSync(TABLE).filter((file) => file !== 'bases.json');
  const names = files.flatMap((file) => Object.keys(JSON.parse(readFileSync(`${TABLE}${file}`, 'utf8')) as object));
  expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([]);
});

it('makes a scenario of each, in which one thing is changed and no word in braces is left', () => {
  for (const mutant of chosen(7, 0, EVERYTHING)) {
    const scenario = mutated(mutant);
    expect(JSON.stringify(scenario)).not.toMatch(/\{\w+\}/);
    expect(gatewayOf(scenario, mutant.side).tunnels, mutant.name).not.toHaveLength(0);
    expect(scenario.truth.cause === null || existsSync(`${CAUSES}${scenario.truth.cause}.json`), mutant.name).toBe(true);
  }
});
