import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Report } from '../src/model/report.js';
import { analyzeLines } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { areEqual, CLOCKS_DIFFER, coreStory, formOf, FORMS, fullStory } from './forms.js';
import { analyzeSample, CAPTURED, readSamples, SAMPLES } from './samples.js';

/** `[case, daemon, first form, other form]` for each host whose sample has several forms of its log. */
const pairs = [...readSamples()].flatMap(([name, { scenario, logs }]) => {
  const forms = scenario in CLOCKS_DIFFER ? [] : logs.filter(({ file }) => formOf(file) in FORMS);
  return forms.flatMap(({ file, host, daemon }) => {
    const first = forms.find((log) => log.host === host);
    return first === undefined || first.file === file ? [] : [[name, daemon, first.file, file] as const];
  });
});

describe('the report does not depend on the form of the log', () => {
  it.each(pairs)('%s: %s, %s and %s', async (name, daemon, one, other) => {
    const [first, second] = [await analyzeSample(name, one), await analyzeSample(name, other)];
    const tell = areEqual(daemon, one, other) ? fullStory : coreStory;
    expect(tell(second)).toEqual(tell(first));
  });

  it('is compared in every form that the laboratory writes', () => {
    expect(new Set(pairs.flatMap(([, , one, other]) => [formOf(one), formOf(other)]))).toEqual(new Set(Object.keys(FORMS)));
  });

  it('a daemon that was started again has ended its SAs, with pids in the log or without', async () => {
    const name = 'daemon-crashed-sl598-ss598';
    let pid = 800;
    const lines = readFileSync(join(SAMPLES, name, 'west.syslog.log'), 'utf8').trimEnd().split('\n').map((line) => {
      if (line.includes(' charon: 00[DMN] Starting')) pid++;
      return line.replace(' charon: ', ` charon[${pid}]: `);
    });
    expect(pid).toBe(802);
    const report = buildReport(await analyzeLines(lines, { rules: [], now: CAPTURED }));
    expect(fullStory(report)).toEqual(fullStory(await analyzeSample(name, 'west.syslog.log')));
  });

  it.each([3600, -3600])('a clock that is set by %i s while a tunnel comes up is no end of the attempt', async (seconds) => {
    const name = 'success-ikev2-ss598-ss598';
    const told = ({ connections }: Report): unknown => connections.map(({ state, attempts }) => [state, attempts.map(({ subject, outcome, reached }) => [subject, outcome, reached])]);
    const lines = readFileSync(join(SAMPLES, name, 'west.iso.log'), 'utf8').trimEnd().split('\n');
    const [expected, ...set] = await Promise.all([lines.length, 20, 24, 27, 30].map(async (from) => {
      const moved = lines.map((line, index) => (index < from ? line : `${new Date(Date.parse(line.slice(0, 32)) + seconds * 1000).toISOString()}${line.slice(32)}`));
      return told(buildReport(await analyzeLines(moved, { rules: [], now: CAPTURED })));
    }));
    expect(expected).toEqual([['up', [['ike', 'established', 'established'], ['child', 'established', 'established']]]]);
    for (const other of set) expect(other).toEqual(expected);
  });

  it('clients behind one NAT are told apart without fractions of seconds', async () => {
    const messages = [
      '198.51.100.1 is initiating IKE_SA (unnamed)[1]', '198.51.100.1 is initiating IKE_SA (unnamed)[2]',
      'IKE_SA road[1] established between 198.51.100.20[east.example.com]...198.51.100.1[one.example.com]',
      'CHILD_SA road{1} established with SPIs c24ba054_i 387cc692_o and TS 203.0.113.64/26 === 203.0.113.201/32',
      'received packet: from 198.51.100.1[31285] to 198.51.100.20[4500] (304 bytes)', 'parsed IKE_AUTH request 1 [ IDi IDr SA TSi TSr ]',
      "selected peer config 'road'", 'EAP method EAP_MSCHAPV2 failed for peer two.example.com',
    ];
    const write = (fraction: (index: number) => string): string[] => messages.map((message, index) => `2026-11-20T10:00:01${fraction(index)}+00:00 east charon-systemd[30]: ${message}`);
    const [fine, coarse] = await Promise.all([(index: number) => `.${String(index).padStart(3, '0')}`, () => ''].map(async (fraction) => fullStory(buildReport(await analyzeLines(write(fraction), { rules: [], now: CAPTURED })))));
    expect(coarse).toEqual(fine);
  });
});
