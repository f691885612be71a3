import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintCatalog } from '../../src/authoring/lint.js';
import { showRule } from '../../src/authoring/show.js';
import { testCatalog } from '../../src/authoring/test-catalog.js';
import { loadCatalog } from '../../src/catalog/load.js';
import type { Finding, Report } from '../../src/model/report.js';
import { CAUSE, SIGNATURES, rulesDirectory } from '../catalog/support.js';

const RULES = { 'signatures/charon/ike-auth.json': SIGNATURES, 'causes/auth/no-key.json': CAUSE };

/** A report with failed attempts, each with findings for these causes. */
function report(...attempts: string[][]): Report {
  const failed = attempts.map((causes) => ({ firstFailure: { event: 'auth.psk_missing' }, findings: causes.map((cause) => ({ cause }) as Finding) }));
  return { connections: [{ attempts: failed, observed: [] }], hostFindings: [], coverage: { unknown: [] } } as unknown as Report;
}

const run = async (answers: Readonly<Record<string, Report>>) => {
  const analyzeLines = async ([line = '']: string[]): Promise<Report> => answers[line] ?? report();
  const { problems } = await testCatalog({ directories: [rulesDirectory(RULES)], ids: [], update: false, analyzeLines });
  return problems.map(({ check, where }) => [check, where?.line]);
};

test('an example fires when its cause is the best finding of exactly one attempt, and is silent when it is in none', async () => {
  const own = ['auth/no-key'];
  expect(await run({ 'one line': report(own, ['auth/other']) })).toEqual([]);
  expect(await run({ 'one line': report(own, own) })).toEqual([['example-silent', 24]]);
  expect(await run({ 'one line': report(['auth/other', ...own]) })).toEqual([['example-silent', 24]]);
  expect(await run({ 'one line': report(own), 'other line': report(['auth/other', ...own]) })).toEqual([['example-fires', 32]]);
});

test('host findings count once for each line', async () => {
  const hostFindings = ['auth/no-key', 'auth/other'].map((cause) => ({ cause, source: '-', line: 1 }));
  expect(await run({ 'one line': { ...report(), hostFindings } as unknown as Report })).toEqual([]);
});

test('examples of signatures: not matched, claimed by another, other fields', async () => {
  const [first, second] = SIGNATURES.signatures;
  const examples = [
    { message: "no shared key found for 'a' + 'b'", fields: {} },
    { message: 'no pre-shared key found', fields: {} },
    { message: "no shared key found for 'c' - 'd'", fields: { 'peer.id': 'd' } },
    ...['8.8.8.8', '10.1.2.3', '2600::1', '192.0.2.1', '2001:db8::1'].map((id) => ({ message: `no shared key found for '${id}' - 'd'`, fields: { 'peer.id': 'd', 'local.id': id } })),
  ];
  const { problems } = await lintCatalog([rulesDirectory({ 'signatures/charon/a.json': { signatures: [{ ...first, examples }, second] } })]);
  expect(problems.map(({ check, where }) => [check, where?.line])).toEqual([
    ['example-not-matched', 10], ['example-conflict', 14], ['example-fields-differ', 18], ['real-address', 24], ['real-address', 31], ['real-address', 38],
  ]);
});

test('a cause that no signature can wake, and titles that are not unique, are warnings', async () => {
  const idle = { ...CAUSE, when: [{ on: ['child.ts_unacceptable'], confidence: 'certain' }] };
  const { problems, unexplained } = await lintCatalog([rulesDirectory({ ...RULES, 'causes/child/idle.json': idle })]);
  expect(problems.map(({ level, check }) => `${level} ${check}`)).toEqual(['warning silent-trigger', 'warning duplicate-title']);
  expect(unexplained).toEqual([]);
});

test('--update writes the fields that the captures give, and touches only chosen files that change', async () => {
  const [first] = SIGNATURES.signatures;
  const stale = { signatures: [{ ...first, note: 'kept', examples: [{ message: "no shared key found for 'x' - 'y'", fields: {} }] }] };
  const directory = rulesDirectory({ 'signatures/charon/a.json': stale, 'signatures/pluto/b.json': stale, 'signatures/pluto/c.json': SIGNATURES });
  const options = { directories: [directory], update: true, analyzeLines: async () => report() };
  const { updated, problems } = await testCatalog({ ...options, ids: ['charon'] });
  expect(updated).toEqual([join(directory, 'signatures/charon/a.json')]);
  expect(problems.map(({ check }) => check)).toContain('same-path');
  const fields = { 'local.id': 'x', 'peer.id': 'y' };
  const expected = { signatures: [{ ...stale.signatures[0], examples: [{ message: "no shared key found for 'x' - 'y'", fields }] }] };
  expect(readFileSync(updated[0]!, 'utf8')).toBe(`${JSON.stringify(expected, null, 2)}\n`);
});

test('--update tells which fields it replaced', async () => {
  const [first] = SIGNATURES.signatures;
  const other = { 'local.id': 'x', 'peer.id': 'somebody else' };
  const directory = rulesDirectory({ 'signatures/charon/a.json': { signatures: [{ ...first, examples: [{ message: "no shared key found for 'x' - 'y'", fields: other }] }] } });
  const { updated, problems } = await testCatalog({ directories: [directory], update: true, ids: [], analyzeLines: async () => report() });
  expect(updated).toHaveLength(1);
  expect(problems.map(({ level, check, message }) => `${level} ${check}: ${message}`)).toEqual([`warning example-rewritten: The fields of "no shared key found for 'x' - 'y'" were ${JSON.stringify(other)} and are {"local.id":"x","peer.id":"y"} now`]);
});

test('an id that no rule has is a problem', async () => {
  const { problems } = await testCatalog({ directories: [rulesDirectory(RULES)], ids: ['auth/nokey'], update: false, analyzeLines: async () => report() });
  expect(problems.map(({ check, message }) => [check, message])).toEqual([['unknown-id', 'Unknown rule "auth/nokey"']]);
});

test('shows causes and signatures as prose', () => {
  const catalog = loadCatalog(rulesDirectory(RULES));
  expect(showRule(catalog, 'auth/no-key')).toContain('Recognised (certain) when the first failure is\n  auth.psk_missing: ');
  expect(showRule(catalog, 'charon/ike-auth')).toContain("Wordings:\n  no shared key found for '{local.id}' - '{peer.id}'\n");
  expect(showRule(catalog, 'auth.psk_missing')).toMatch(/\nTriggers:\n {2}auth\/no-key \(certain\)\n[^]*charon\/ike-auth#auth\.psk_missing:\n/);
  expect(showRule(catalog, 'auth/none')).toBeNull();
});
