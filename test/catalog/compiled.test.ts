import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { compiledCauses, compiledSignatures, compileRules } from '../../src/catalog/compiled.js';
import { loadCauses, loadSignatures } from '../../src/catalog/load.js';
import { EVENT_KINDS } from '../../src/model/event-kinds.js';
import type { EventKind } from '../../src/model/event-kinds.js';
import { BUILT_IN_RULES } from '../../src/package-files.js';
import { CAUSE, rulesDirectory, SIGNATURES } from './support.js';

let compiled: string;

beforeEach(() => { compiled = mkdtempSync(join(tmpdir(), 'compiled-')); });
afterEach(() => rmSync(compiled, { recursive: true }));

describe('compiled rules', () => {
  it('are those of the files, without examples', () => {
    const places = { source: BUILT_IN_RULES, compiled };
    compileRules(places, JSON.stringify);
    const signatures = loadSignatures(BUILT_IN_RULES, 'racoon').map((each) => ({ ...each, file: relative(BUILT_IN_RULES, each.file) }));
    expect(JSON.parse(compiledSignatures(places, 'racoon') ?? '')).toEqual(signatures);
    const [causes, causesFor] = [loadCauses(BUILT_IN_RULES), compiledCauses(places)];
    for (const kind of Object.keys(EVENT_KINDS) as EventKind[]) {
      const concerned = causes.map(({ when, ...cause }) => ({ ...cause, when: when.filter(({ on }) => on.includes(kind)), examples: { fires: [], silent: [] } })).filter(({ when }) => when.length > 0);
      expect(causesFor(kind)).toEqual(JSON.parse(JSON.stringify(concerned)));
    }
  });

  it('are left aside where there are none, and once a rule is changed or added', () => {
    const places = { source: rulesDirectory({ 'signatures/charon/ike-auth.json': SIGNATURES, 'causes/auth/no-key.json': CAUSE }), compiled };
    const areCompiled = (): readonly boolean[] => [compiledSignatures(places, 'charon') !== null, compiledCauses(places)('auth.psk_missing')[0]?.examples.fires.length === 0];
    expect(areCompiled()).toEqual([false, false]);
    compileRules(places, JSON.stringify);
    expect(areCompiled()).toEqual([true, true]);
    const later = statSync(join(compiled, 'causes.jsonl')).mtimeMs / 1000 + 1;
    utimesSync(join(places.source, 'signatures/charon/ike-auth.json'), later, later);
    writeFileSync(join(places.source, 'causes/auth/other.json'), JSON.stringify(CAUSE));
    utimesSync(join(places.source, 'causes/auth'), later, later);
    expect(areCompiled()).toEqual([false, false]);
  });
});
