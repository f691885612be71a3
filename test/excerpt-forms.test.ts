import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import type { Finding, Report } from '../src/model/report.js';
import { analyzeLines } from '../src/pipeline.js';
import { Reader } from '../src/reading.js';
import { buildReport } from '../src/report/build-report.js';
import { loadRules } from '../src/rule-set.js';
import { EXCERPT_FORMS } from './excerpt-forms.js';
import { CAPTURED, readSamples, SAMPLES } from './samples.js';

/**
 * Forms written line by line. Of the logs with each outcome one in STRIDE is tested, selected by name so that new
 * samples do not change the selection.
 */
const FORMS = new Set(['syslog', 'filelog', 'iso', 'journal-short', 'racoon']);
const STRIDE = { failing: 23, healthy: 15 } as const;
/** Numbers of lines quoted before and after the first failure, in rotation. */
const WINDOWS = [[0, 2], [3, 1], [8, 4]] as const;
/** Correct for any rejection by the peer, or whenever proposals have nothing in common. */
const TRUE_ANYWAY = ['auth/rejected-by-peer', 'child/rejected-by-peer', 'proposal/ike-mismatch', 'proposal/esp-mismatch'];

interface Excerpt {
  readonly name: string;
  readonly lines: readonly string[];
  readonly essential: number;
  readonly event: string;
  readonly right: readonly string[];
}

const all = [...readSamples()].flatMap(([name, { truth, logs }]) => logs.filter(({ form }) => FORMS.has(form)).map((log) => ({ name, truth, ...log })));
const healthy = all.filter(({ expect: { outcome, firstFailure } }) => outcome === 'up' && firstFailure === null).filter((log) => isTried(log, STRIDE.healthy));
const excerpts: Excerpt[] = [];

beforeAll(async () => {
  const failing = all.filter(({ expect: { outcome, firstFailure } }) => outcome === 'failing' && firstFailure !== null).filter((log) => isTried(log, STRIDE.failing));
  for (const [index, { name, file, truth, expect: { firstFailure, cause, among = [], also = [] } }] of failing.entries()) {
    const lines = linesOf(name, file);
    const told = await tell(lines);
    const at = (firstFailure?.line ?? 1) - 1;
    const [before, behind] = WINDOWS[index % WINDOWS.length] ?? WINDOWS[0];
    const event = failuresIn(told).find(({ line }) => line === firstFailure?.line)?.event ?? '';
    // A silence is established only by the second retransmission, and a failure shown with an earlier line only when
    // that line is included.
    const rest = event === 'retransmit.sent' ? 6 : behind;
    const begin = Math.max(0, at - before);
    excerpts.push({ name: `${name}/${file}`, lines: lines.slice(begin, at + rest + 1), essential: at - begin, event, right: [truth.cause ?? '', cause ?? '', ...among, ...also, ...confident(told), ...TRUE_ANYWAY] });
  }
});

describe('a few lines of a log, as people paste them', () => {
  it.each(Object.entries(EXCERPT_FORMS))('%s: say what fails first, and nothing wrong for sure, and count each line once', async (_, { make, atLeast }) => {
    const [missed, wrong, miscounted]: [string[], string[], string[]] = [[], [], []];
    for (const { name, lines, essential, event, right } of excerpts) {
      const told = await tell(make(lines, essential));
      if (!failuresIn(told).some((failure) => failure.event === event)) missed.push(name);
      const { lines: read, relevant, understood } = told.coverage;
      if (relevant > read || understood > relevant) miscounted.push(`${name}: ${read} ${relevant} ${understood}`);
      wrong.push(...confident(told).filter((cause) => !right.includes(cause)).map((cause) => `${name}: ${cause}`));
    }
    expect(excerpts.length).toBeGreaterThanOrEqual(18);
    expect(wrong).toEqual([]);
    expect(miscounted).toEqual([]);
    expect(100 - (100 * missed.length) / excerpts.length, missed.join('\n')).toBeGreaterThanOrEqual(atLeast);
  });

  it('of a log as its daemon wrote it need no second reading', async () => {
    const { matcher } = await loadRules([]);
    const again = all.filter(({ name, file }) => {
      const reader = new Reader({ now: CAPTURED }, undefined, matcher, () => undefined);
      for (const [index, text] of linesOf(name, file).entries()) reader.take({ source: file, number: index + 1, text });
      reader.end();
      return reader.worthAnother() !== null;
    });
    expect(again.map(({ name, file }) => `${name}/${file}`)).toEqual([]);
  });

  it('of a tunnel that works are no failure, wherever they begin and end', async () => {
    const alarms: string[] = [];
    for (const [index, { name, file }] of healthy.entries()) {
      const lines = linesOf(name, file);
      for (const { make } of Object.values(EXCERPT_FORMS)) {
        const begin = (index * 7) % Math.max(1, lines.length - 12);
        alarms.push(...failuresIn(await tell(make(lines.slice(begin, begin + 12), 6))).map(({ text }) => `${name}/${file}: ${text}`));
      }
    }
    expect(healthy.length).toBeGreaterThanOrEqual(5);
    expect(alarms).toEqual([]);
  });
});

function isTried({ name, file }: { readonly name: string; readonly file: string }, stride: number): boolean {
  return [...`${name}/${file}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 0) % stride === 0;
}

function linesOf(name: string, file: string): readonly string[] {
  return readFileSync(join(SAMPLES, name, file), 'utf8').trimEnd().split('\n');
}

async function tell(lines: readonly string[]): Promise<Report> {
  return buildReport(await analyzeLines(lines, { rules: [], now: CAPTURED }));
}

/** What the first screen shows. */
function failuresIn({ connections, hostFindings }: Report): readonly { readonly event: string; readonly line: number; readonly text: string }[] {
  const attempts = connections.flatMap(({ problem, attempts: those }) => (problem === null ? those : those.slice(problem.attempt, problem.attempt + 1)));
  return [...attempts.flatMap(({ firstFailure }) => firstFailure ?? []), ...hostFindings.filter(({ doubtful }) => !doubtful)];
}

/** Causes claimed as certain, or as likely and ranked first. */
function confident({ connections, hostFindings }: Report): readonly string[] {
  const ranked: readonly (readonly Finding[])[] = [...connections.flatMap(({ attempts }) => attempts.map(({ findings }) => findings)), ...hostFindings.map((finding) => [finding])];
  return ranked.flatMap((findings) => findings.filter(({ confidence }, index) => confidence === 'certain' || (confidence === 'likely' && index === 0)).map(({ cause }) => cause));
}
