import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { readSamples } from '../samples.js';
import { DAEMONS } from './install.js';
import { allScenarios, overview, pairsOf } from './matrix.js';
import { readScenario, sidesOf } from './scenario.js';

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

  const samples = readSamples();
  it.each(allScenarios())('%s says of each log of which there is no sample what it lets one know', (name) => {
    const scenario = readScenario(name);
    const unsaid = [...pairsOf(name, 'pairs'), ...pairsOf(name, 'vm')].flatMap(({ west, east }) => {
      const pair = `${west}-${east}`;
      const said = [...(samples.get(`${name}-${pair}`)?.logs.map(({ host }) => host) ?? []), ...Object.keys(scenario.truth.logs?.[pair] ?? {})];
      const hosts = sidesOf(scenario).filter((side) => DAEMONS[side === 'east' ? east : west].kind !== 'iked');
      return hosts.filter((host) => !said.includes(host)).map((host) => `${pair} ${host}`);
    });
    expect(scenario.truth.cause === null ? [] : unsaid).toEqual([]);
    const causes = Object.values(scenario.truth.logs ?? {}).flatMap((logs) => Object.values(logs).flatMap(({ cause, among = [], also = [] }) => [cause ?? [], among, also].flat()));
    expect(causes.filter((cause) => !existsSync(`${CAUSES}${cause}.json`))).toEqual([]);
  });
});
