import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Report } from '../../src/model/report.js';
import { analyze } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';
import { LAB_ROOT } from '../lab/paths.js';
import { analyzeSample, CAPTURED, readSamples } from '../samples.js';
import type { SampleCase } from '../samples.js';
import { score } from './score.js';
import type { LogCase, Score } from './score.js';

/** Scores all logs of all samples. */
export async function scoreSamples(): Promise<Score[]> {
  const scores: Score[] = [];
  for (const [name, sample] of readSamples()) {
    for (const log of sample.logs) {
      scores.push(score(await analyzeSample(name, log.file), caseOf(sample, log, `${name}/${log.file}`)));
    }
  }
  return scores;
}

/**
 * Scores the laboratory's captures (`<scenario>/<pair>/`) of the samples in the forms that are not samples: the same
 * lines in another envelope, found by their text. Empty if there are no captures.
 */
export async function scoreCaptures(captures = join(LAB_ROOT, 'captures')): Promise<Score[]> {
  const scores: Score[] = [];
  for (const [name, sample] of readSamples()) {
    const place = join(sample.scenario, name.slice(sample.scenario.length + 1));
    const folder = join(captures, place);
    if (sample.origin !== 'lab' || !existsSync(folder)) continue;
    for (const file of readdirSync(folder)) {
      const twin = sample.logs.find(({ host }) => file.startsWith(`${host}.`) && !/^truth\.json$|\.txt$/.test(file));
      if (twin === undefined || sample.logs.some((log) => log.file === file)) continue;
      if (!says(join(folder, file), twin.expect.firstFailure?.text ?? lastMessage(join(folder, twin.file)))) continue;
      const known = caseOf(sample, twin, `captures/${place}/${file}`);
      const firstFailure = known.firstFailure === null ? null : { line: null, text: known.firstFailure.text };
      scores.push(score(await read(join(folder, file)), { ...known, firstFailure }));
    }
  }
  return scores;
}

/**
 * Scores logs from a folder with `truth.tsv`, one line per log. Columns: file; part of the first failure's line (empty:
 * nothing failed); correct causes separated by commas, the true one first (after a question mark: the log cannot tell
 * which; empty: unknown); origin; causes of other attempts in the same log, separated by commas; state of the
 * connections at the end of the log, as in samples/README.md (empty: not judged).
 */
export async function scoreFolder(folder: string): Promise<Score[]> {
  const scores: Score[] = [];
  for (const line of readFileSync(join(folder, 'truth.tsv'), 'utf8').split('\n')) {
    const [file = '', text = '', causes = '', origin = '', others = '', outcome = ''] = line.split('\t');
    if (file === '' || file.startsWith('#')) continue;
    const canKnow = !causes.startsWith('?');
    const accepted = causes.replace('?', '').split(',').filter((cause) => cause !== '');
    const report = await read(join(folder, file));
    const daemon = report.connections[0]?.daemon ?? 'none';
    scores.push(score(report, { file: `${file} ${origin}`, daemon, version: `${daemon} in the field`, truth: canKnow ? accepted[0] ?? null : null, canKnow, accepted, also: others.split(','), never: [], outcome: outcome === '' ? null : (outcome as LogCase['outcome']), firstFailure: text === '' ? null : { line: null, text } }));
  }
  return scores;
}

function caseOf({ truth }: SampleCase, { daemon, version, expect }: SampleCase['logs'][number], file: string): LogCase {
  const accepted = expect.cause !== null ? [expect.cause] : [...(expect.among ?? []), ...(truth.cause === null ? [] : [truth.cause])];
  return { file, daemon, version, truth: truth.cause, canKnow: expect.cause !== null, accepted, also: expect.also ?? [], never: expect.never ?? [], outcome: expect.outcome, firstFailure: expect.firstFailure };
}

/**
 * A healthy log has no line to search for, but the forms of a capture are written one after another, so one may end
 * before the last line of its twin.
 */
function lastMessage(path: string): string {
  const last = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? '' : '';
  return last.replace(/^.*? [\w-]+(?:\[\d+\])?: /, '');
}

/**
 * If a daemon logs to a file of its own, the other forms lack its lines. In JSON the quotes of a message are escaped.
 */
function says(path: string, text: string): boolean {
  return readFileSync(path, 'utf8').includes(path.endsWith('.json') ? text.replaceAll('"', '\\"') : text);
}

/** The report on a log, as of the year of the captures. */
export async function read(path: string): Promise<Report> {
  return buildReport(await analyze([path], { rules: [], now: CAPTURED, live: false }));
}
