import { expect, test } from 'vitest';
import { lintCatalog } from '../src/authoring/lint.js';
import type { Problem } from '../src/model/problem.js';

test('the rules that come with the package have no problems, and each example of a signature is understood as written', async () => {
  const { problems } = await lintCatalog(['rules']);
  expect(problems.filter(({ level }) => level === 'error').map(render)).toEqual([]);
});

function render({ where, check, message, help }: Problem): string {
  return `${where?.file ?? '-'}:${where?.line ?? '-'} ${check}: ${message} ${help}`;
}
