import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { coverageTable, coverCauses } from './coverage.js';
import { scoreCaptures, scoreFolder, scoreSamples } from './logs.js';
import { misses, table } from './table.js';

/** Samples and, where there are any, the laboratory's captures; or the captures or logs of one's own in the folders that are named. */
const folders = process.argv.slice(2);
const scores = folders.length === 0 ? [...(await scoreSamples()), ...(await scoreCaptures())] : (await Promise.all(folders.map((folder) => (existsSync(join(folder, 'truth.tsv')) ? scoreFolder(folder) : scoreCaptures(folder))))).flat();

console.log(table(scores));
console.log(['', ...misses(scores)].join('\n'));
if (folders.length === 0) console.log(`\n${coverageTable(await coverCauses())}`);
process.exitCode = scores.some(({ confidentlyWrong }) => confidentlyWrong.length > 0) ? 1 : 0;
