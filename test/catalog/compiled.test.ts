import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { compiledCauses, compiledSignatures, compileRules } from '../../src/catalog/compiled.js';
import { loadCauses, loadSignatures } from '../../src/catalog/load.js';
import { BUILT_IN_RULES } from '../../src/package-files.js';
import { CAUSE, rulesDirectory, SIGNATURES } from './support.js';

let compiled: string;

beforeEach(() => { compiled = mkdtempSync(join(tmpdir(), 'compiled-')); });
afterEach(() => rmSync(compiled, { recursive: true }));

describe('compiled rules', () => {
  it('are those of the files, without examples', () => {
    const places = { source: BUILT_IN_RULES, compiled };
    compileRules(places);
    const signatures = loadSignatures(BUILT_IN_RULES, 'racoon');
    expect(compiledSignatures(places, 'racoon').map((each) => ({ ...each, file: join(BUILT_IN_RULES, each.file) }))).toEqual(signatures.map((each) => ({ ...each, examples: [] })));
    expect(compiledCauses(places)).toEqual(JSON.parse(JSON.stringify(loadCauses(BUILT_IN_RULES).map((each) => ({ ...each, examples: { fires: [], silent: [] } })))));
  });

  it('are left aside where there are none, and once a rule is changed or added', () => {
    const places = { source: rulesDirectory({ 'signatures/charon/ike-auth.json': SIGNATURES, 'causes/auth/no-key.json': CAUSE }), compiled };
    const areCompiled = (): readonly boolean[] => [compiledSignatures(places, 'charon')[0]?.examples.length === 0, compiledCauses(places)[0]?.examples.fires.length === 0];
    expect(areCompiled()).toEqual([false, false]);
    compileRules(places);
    expect(areCompiled()).toEqual([true, true]);
    const later = statSync(join(compiled, 'causes.json')).mtimeMs / 1000 + 1;
    utimesSync(join(places.source, 'signatures/charon/ike-auth.json'), later, later);
    writeFileSync(join(places.source, 'causes/auth/other.json'), JSON.stringify(CAUSE));
    utimesSync(join(places.source, 'causes/auth'), later, later);
    expect(areCompiled()).toEqual([false, false]);
  });
});
