import { expect, test } from 'vitest';
import { lintCatalog } from '../src/authoring/lint.js';
import { testCatalog } from '../src/authoring/test-catalog.js';
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
function render({ where, check, message, help }) {
    return `${where?.file ?? '-'}:${where?.line ?? '-'} ${check}: ${message} ${help}`;
}
