import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { scoreOtherCaptures } from './captures.js';
import { coverageTable, coverCauses } from './coverage.js';
import { scoreCaptures, scoreFolder, scoreSamples } from './logs.js';
import type { Score } from './score.js';
import { misses, table, unread } from './table.js';

/** Scores the samples and the laboratory's captures, if any; or the captures or logs in the folders named. */
const folders = process.argv.slice(2);
if (folders.length === 0) {
  show('samples, and captures of samples in other forms', [...(await scoreSamples()), ...(await scoreCaptures())]);
  show('captures of which no sample was made', await scoreOtherCaptures());
  console.log(coverageTable(await coverCauses()));
}
for (const folder of folders) show(folder, existsSync(join(folder, 'truth.tsv')) ? await scoreFolder(folder) : [...(await scoreCaptures(folder)), ...(await scoreOtherCaptures(folder))]);

function show(title: string, scores: readonly Score[]): void {
  console.log([title, table(scores), '', ...misses(scores), ...unread(scores), ''].join('\n'));
  if (scores.some(({ confidentlyWrong }) => confidentlyWrong.length > 0)) process.exitCode = 1;
}
