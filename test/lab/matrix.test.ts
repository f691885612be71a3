import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { DAEMONS } from './install.js';
import { allScenarios, overview, pairsOf } from './matrix.js';
import { readScenario } from './scenario.js';

const README = fileURLToPath(new URL('./README.md', import.meta.url));
const CAUSES = fileURLToPath(new URL('../../rules/causes/', import.meta.url));
/** The tables of the scenarios. */
const OVERVIEW = /<!-- scenarios -->\n[^]*?<!-- end of scenarios -->/;

describe('the scenarios of the laboratory', () => {
  it('are in its README (`npx vitest run test/lab -u` renews it)', async () => {
    const readme = readFileSync(README, 'utf8');
    expect(readme).toMatch(OVERVIEW);
    const renewed = readme.replace(OVERVIEW, () => `<!-- scenarios -->\n${overview()}\n<!-- end of scenarios -->`);
    await expect(renewed).toMatchFileSnapshot(README);
  });

  it.each(allScenarios())('%s names daemons and a cause that exist, and each pair once', (name) => {
    const { truth } = readScenario(name);
    const pairs = [...pairsOf(name, 'pairs'), ...pairsOf(name, 'vm')];
    expect(pairs.flatMap(({ west, east }) => [west, east]).filter((daemon) => !(daemon in DAEMONS))).toEqual([]);
    expect(new Set(pairs.map(({ west, east }) => `${west}-${east}`)).size).toBe(pairs.length);
    expect(truth.cause === null || existsSync(`${CAUSES}${truth.cause}.json`)).toBe(true);
  });
});
