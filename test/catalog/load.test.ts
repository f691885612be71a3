import { expect, test } from 'vitest';
import { loadCatalog, loadCheckedCatalog } from '../../src/catalog/load.js';
import { CAUSE, SIGNATURES, rulesDirectory } from './support.js';

/** Problems without their help, with paths relative to the directory. */
const problemsOf = async (files: Readonly<Record<string, unknown>>): Promise<object[]> => {
  const directory = rulesDirectory(files);
  const { problems } = await loadCheckedCatalog([directory]);
  return problems.map(({ check, message, where }) => ({ check, message, at: `${where?.file.slice(directory.length + 1)}:${where?.line}` }));
};

test('ids follow from the paths, and what a file may leave out is filled in', () => {
  const catalog = loadCatalog(rulesDirectory({ 'signatures/charon/ike-auth.json': SIGNATURES, 'causes/auth/no-key.json': CAUSE }));
  expect(catalog.signatures.map(({ id, daemon, set }) => [id, daemon, set])).toEqual([
    ['charon/ike-auth#auth.psk_missing', 'charon', {}],
    ['charon/ike-auth#auth.psk_missing~2', 'charon', { 'auth.method': 'psk' }],
  ]);
  expect(catalog.causes).toMatchObject([{ id: 'auth/no-key', frequency: 'occasional', insteadOf: [], askPeer: [], references: [] }]);
});

test('the check of shapes and references leaves sound rules as they are', async () => {
  const directory = rulesDirectory({ 'signatures/charon/ike-auth.json': SIGNATURES, 'causes/auth/no-key.json': CAUSE });
  const checked = await loadCheckedCatalog([directory]);
  expect(checked.problems).toEqual([]);
  expect(checked.catalog).toEqual(loadCatalog(directory));
});

test('a cause of a later directory replaces the one of the same id', async () => {
  const first = rulesDirectory({ 'causes/auth/no-key.json': CAUSE });
  const second = rulesDirectory({ 'causes/auth/no-key.json': { ...CAUSE, title: 'Ours' } });
  const { catalog } = await loadCheckedCatalog([first, second]);
  expect(catalog.causes.map(({ title }) => title)).toEqual(['Ours']);
});

test('broken files are named with line and reason, and the others are loaded', async () => {
  const directory = rulesDirectory({
    'signatures/charon/broken.json': '{\n  "signatures": [\n    {,\n  ]\n}\n',
    'signatures/charon/deep.json': '['.repeat(100_000),
    'signatures/charon/good.json': SIGNATURES,
    'signatures/isakmpd/phase1.json': SIGNATURES,
    'causes/auth/typo.json': { ...CAUSE, titel: 'x' },
    'causes/auth/good.json': { ...CAUSE, title: 'Good' },
  });
  const { catalog, problems } = await loadCheckedCatalog([directory]);
  expect(problems.map(({ check, where }) => `${check} ${where?.file.slice(directory.length + 1)}:${where?.line}`)).toEqual([
    'json-syntax signatures/charon/broken.json:3',
    'too-deep signatures/charon/deep.json:1',
    'unknown-daemon signatures/isakmpd/phase1.json:null',
    'shape causes/auth/typo.json:39',
  ]);
  expect(catalog.signatures).toHaveLength(2);
  expect(catalog.causes.map(({ title }) => title)).toEqual(['Good']);
});

test('a file without examples does not load', async () => {
  const [first] = SIGNATURES.signatures;
  expect(await problemsOf({
    'signatures/pluto/a.json': { signatures: [{ ...first, examples: [] }] },
    'causes/auth/a.json': { ...CAUSE, examples: { fires: CAUSE.examples.fires } },
  })).toMatchObject([{ check: 'shape', at: 'signatures/pluto/a.json:8' }, { check: 'shape', message: expect.stringContaining('examples.silent') }]);
});

test.each([
  ['shape', { remedies: [] }, 'Expected at least one, got an empty list (remedies)', 13],
  ['shape', { title: 7 }, 'Expected a text, got 7 (title)', 2],
  ['shape', { remedies: {} }, 'Expected a list, got an object (remedies)', 13],
  ['shape', { remedies: undefined }, 'Missing value (remedies)', 1],
  ['shape', { when: [{ on: ['auth.psk_mising'], confidence: 'certain' }] }, 'Unknown value "auth.psk_mising", did you mean "auth.psk_missing"? (when.0.on.0)', 8],
  ['trigger-role', { when: [{ on: ['ike.established'], confidence: 'certain' }] }, 'Expected an event that can be a first failure, got "ike.established" (milestone)', 8],
  ['shape', condition({ fact: 'peer.adress', operator: 'equal', value: 'x' }), 'Unknown value "peer.adress", did you mean "peer.address"? (when.0.conditions.fact)', 11],
  ['shape', condition({ all: [{ fact: 'peer.id', operator: 'equals', value: 'x' }] }), expect.stringContaining('Unknown value "equals"'), 14],
  ['shape', condition({ fact: 'peer.id', operator: 'equal', value: 'x', path: '$.x' }), 'Unknown key "path" (when.0.conditions.path)', 14],
  ['shape', condition({ all: [] }), expect.stringContaining('when.0.conditions.all'), 11],
  ['value-type', condition({ not: { fact: 'attempt.retransmits', operator: 'atLeast', value: '5' } }), 'Expected a number for "attempt.retransmits" atLeast, got "5"', 14],
  ['value-type', condition({ fact: 'attempt.role', operator: 'in', value: 'initiator' }), 'Expected a list for "attempt.role" in, got "initiator"', 13],
  ['operator-type', condition({ fact: 'attempt.before', operator: 'equal', value: 'x' }), expect.stringContaining('Unknown operator "equal"'), 12],
  ['unknown-placeholder', { explanation: 'No key for {peer}.' }, 'Unknown placeholder {peer}', 4],
  ['unknown-cause', { insteadOf: ['auth/nothing'] }, 'Unknown cause "auth/nothing" in "insteadOf"', 40],
  ['shape', { references: ['http://example.com/'] }, 'Expected an address that begins with https:// (references.0)', 40],
])('%s: %j', async (check, change, message, line) => {
  expect(await problemsOf({ 'causes/auth/a.json': { ...CAUSE, ...change } })).toEqual([{ check, message, at: `causes/auth/a.json:${line}` }]);
});

function condition(conditions: object): object {
  return { when: [{ on: ['auth.psk_missing'], conditions, confidence: 'certain' }] };
}

test('products must have signs and causes of their own, and say where their texts are from', async () => {
  const product = { title: 'Box', is: 'is a Box', vendorIds: ['0a0b0c0d*'], names: ['Box'], logs: [{ do: 'Show its log of {peer.name}.' }], examples: [{ name: 'a', log: ['a line'] }] };
  const texts = [{ causes: ['auth/none'], grep: 'refused', means: 'It refuses.' }];
  const problems = await problemsOf({
    'products/box.json': product,
    'products/crate.json': { ...product, vendorIds: ['0a0b..0d0e', '0a0b..0e'], names: ['Boxer'], examples: [] },
    'products/tin.json': { ...product, vendorIds: ['0a0b0c0d0'], names: ['Tin'], texts, logs: [{ do: 'Show {nothing}.' }] },
    'products/vat.json': { ...product, vendorIds: ['0a0b-c0d'] },
  });
  expect(problems).toMatchObject([
    { check: 'shape', at: 'products/vat.json:5' },
    { check: 'shared-sign', message: 'Expected a sign of this product only, but "0a0b..0d0e" may also be one of box', at: 'products/crate.json:5' },
    { check: 'shared-sign', message: 'Expected a sign of this product only, but "Boxer" may also be one of box', at: 'products/crate.json:9' },
    { check: 'no-example', at: 'products/crate.json:4' },
    { check: 'unknown-cause', at: 'products/tin.json:26' },
    { check: 'unknown-placeholder', at: 'products/tin.json:12' },
    { check: 'shared-sign', at: 'products/tin.json:5' },
    { check: 'no-reference', at: 'products/tin.json:23' },
  ]);
});
