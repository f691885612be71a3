import { expect, test } from 'vitest';
import { lintCatalog } from '../src/authoring/lint.js';
import { testCatalog } from '../src/authoring/test-catalog.js';
import { loadSignatures } from '../src/catalog/load.js';
import { createDialects } from '../src/dialects/index.js';
import type { Problem } from '../src/model/problem.js';
import { analyzeLines } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';

test('the rules that come with the package have no problems', async () => {
  const { problems } = await lintCatalog(['rules']);
  expect(problems.filter(({ level }) => level === 'error').map(render)).toEqual([]);
});

test('each example of a signature is understood as written; each cause fires and stays silent as its examples say', async () => {
  const now = Date.UTC(2026, 11, 1);
  const result = await testCatalog({ directories: ['rules'], ids: [], update: false, analyzeLines: async (lines) => buildReport(await analyzeLines(lines, { rules: [], now })) });
  expect(result.problems.map(render)).toEqual([]);
  expect(result.causeExamples).toBeGreaterThanOrEqual(160);
  expect(result.signatureExamples).toBeGreaterThanOrEqual(1_000);
}, 30_000);

test.each(['charon', 'pluto', 'racoon'] as const)('no template of %s begins with what is taken off its lines before they are matched', (daemon) => {
  const dialects = createDialects();
  const texts = loadSignatures('rules', daemon).flatMap(({ examples }) => examples.map(({ message }) => message.trim()));
  const line = { source: 'a.log', number: 1, text: '' };
  const asMatched = texts.map((message, index) => dialects.read({ line, time: index * 10_000, inferred: [], host: 'gw', program: daemon, pid: index, message, repeats: 1, tag: null })?.text.trim());
  expect(asMatched).toEqual(texts);
});

function render({ where, check, message, help }: Problem): string {
  return `${where?.file ?? '-'}:${where?.line ?? '-'} ${check}: ${message} ${help}`;
}
