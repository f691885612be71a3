import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import { packTar } from 'modern-tar';
import { afterAll, describe, expect, it } from 'vitest';

import type { Report } from '../src/model/report.js';
import { analyze } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { CLOCKS_DIFFER, coreStory, formOf, FORMS, fullStory } from './forms.js';
import { analyzeSample, CAPTURED, readSamples, SAMPLES } from './samples.js';

const directory = mkdtempSync(join(tmpdir(), 'merging-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Writes the files and analyses them together. */
async function analyzeFiles(name: string, files: Readonly<Record<string, readonly string[]>>): Promise<Report> {
  const paths = Object.entries(files).map(([file, lines]) => {
    const path = join(directory, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  });
  return analyzePaths(paths);
}

async function analyzePaths(paths: readonly string[]): Promise<Report> {
  return buildReport(await analyze(paths, { rules: [], now: CAPTURED, live: false }));
}

const linesOf = (name: string, file: string): string[] => readFileSync(join(SAMPLES, name, file), 'utf8').trimEnd().split('\n');
const PLUTO = 'psk-mismatch-ikev2-ls410-ss598';
const CHARON = 'psk-mismatch-ikev2-ss598-ls410';

const together = [...readSamples()].flatMap(([name, { scenario, logs }]) => [...new Set(logs.map(({ host }) => host))].flatMap((host) => {
  const files = logs.filter((log) => log.host === host && formOf(log.file) in FORMS).map(({ file }) => file);
  return files.length < 2 || scenario in CLOCKS_DIFFER ? [] : [[name, host, files] as const];
}));

describe('a file without years', () => {
  it('ends in the year in which it was last written, in an archive too', async () => {
    const [log, bundle] = [join(directory, 'old.log'), join(directory, 'old.tar')];
    const body = `${linesOf(PLUTO, 'west.syslog.log').join('\n')}\n`;
    const written = new Date('2021-12-01T00:00:00Z');
    writeFileSync(log, body);
    utimesSync(log, written, written);
    writeFileSync(bundle, Buffer.from(await packTar([{ header: { name: 'x.log', size: Buffer.byteLength(body), type: 'file', mtime: written }, body }])));
    for (const path of [log, bundle]) {
      const { inferred } = await analyze([path], { rules: [], now: CAPTURED, fileTimes: true, live: false });
      expect(inferred).toContain('year: 2021');
    }
  });
});

describe('several files of one host', () => {
  it('may be parts of one log whose names do not show that, cut within a second', async () => {
    const lines = linesOf('flapping-link-ss598-ss598', 'west.syslog.log');
    const whole = fullStory(await analyzeFiles('whole', { log: lines }));
    const cuts = lines.flatMap((line, index) => (index > 40 && line.slice(0, 15) === lines[index - 1]?.slice(0, 15) ? [index] : []));
    for (const cut of cuts.slice(0, 8)) {
      expect(fullStory(await analyzeFiles(`cut-${cut}`, { current: lines.slice(cut), earlier: lines.slice(0, cut) }))).toEqual(whole);
    }
  });

  it.each(together)('%s: all forms of %s together give the report of the most detailed one', async (name, _host, files) => {
    const best = files.find((file) => FORMS[formOf(file)]?.lacks === 'nothing') ?? files[0] as string;
    const [merged, single] = [await analyzePaths(files.map((file) => join(SAMPLES, name, file))), await analyzeSample(name, best)];
    expect(coreStory(merged)).toEqual(coreStory(single));
  });

  it.each([[PLUTO, 'west.syslog.log'], [CHARON, 'west.syslog.log'], [PLUTO, 'west.iso.log']])('%s, %s: lines that are in two files count once', async (name, file) => {
    const lines = linesOf(name, file);
    const report = await analyzeFiles(`${name}-${file}-double`, { 'auth.log': lines, syslog: lines });
    expect(fullStory(report)).toEqual(fullStory(await analyzeSample(name, file)));
  });

  it('their lines are taken in the order of time, whatever the order of the files', async () => {
    const lines = linesOf(PLUTO, 'west.iso.log');
    const isOf = (line: string): boolean => Number(line.slice(20, 23)) % 3 === 0;
    const parts = { 'auth.log': lines.filter(isOf), syslog: lines.filter((line) => !isOf(line)) };
    const expected = fullStory(await analyzeSample(PLUTO, 'west.iso.log'));
    expect(fullStory(await analyzeFiles('interleaved', parts))).toEqual(expected);
    expect(fullStory(await analyzeFiles('turned', Object.fromEntries(Object.entries(parts).toReversed())))).toEqual(expected);
  });

  it('so are those of an archive, in a file or on standard input, and of standard input beside a file', async () => {
    const lines = linesOf(PLUTO, 'west.iso.log');
    const isOf = (line: string): boolean => Number(line.slice(20, 23)) % 3 === 0;
    const content = (wanted: boolean): string => lines.filter((line) => isOf(line) === wanted).map((line) => `${line}\n`).join('');
    const expected = fullStory(await analyzeSample(PLUTO, 'west.iso.log'));
    const archive = join(directory, 'bundle.tar.gz');
    const members = [['var/log/syslog', content(false)], ['var/log/auth.log', content(true)]].map(([name = '', body = '']) => ({ header: { name, size: Buffer.byteLength(body), type: 'file' as const }, body }));
    writeFileSync(archive, gzipSync(Buffer.from(await packTar(members))));
    expect(fullStory(await analyzePaths([archive]))).toEqual(expected);
    const options = { rules: [], now: CAPTURED, live: false };
    expect(fullStory(buildReport(await analyze(['-'], { ...options, stdin: Readable.from([readFileSync(archive)]) })))).toEqual(expected);
    writeFileSync(join(directory, 'half.log'), content(true));
    expect(fullStory(buildReport(await analyze(['-', join(directory, 'half.log')], { ...options, stdin: Readable.from([content(false)]) })))).toEqual(expected);
  });

  it('what one file has twice counts twice', async () => {
    const line = (second: number): string => `2026-11-20T10:00:${String(second).padStart(2, '0')}.5+00:00 gw pluto[9]: "net" #1: STATE_V2_PARENT_I1: retransmission; will wait 1 seconds for response`;
    const lines = ['2026-11-20T10:00:00.1+00:00 gw pluto[9]: "net" #1: initiating IKEv2 connection', line(1), line(2), line(3)];
    const retransmits = ({ connections }: Report): unknown => connections.map(({ attempts }) => attempts.map((attempt) => attempt.retransmits));
    expect(retransmits(await analyzeFiles('repeats', { 'auth.log': lines, syslog: lines }))).toEqual(retransmits(await analyzeFiles('repeats', { 'auth.log': lines })));
  });

  it('a daemon\'s own file is of the host that the log beside it names', async () => {
    const report = await analyzePaths([join(SAMPLES, CHARON, 'west.charon.log'), join(SAMPLES, CHARON, 'west.syslog.log')]);
    expect(report.connections.map(({ host, name }) => [host, name])).toEqual([['west', 'west-east']]);
  });
});

/** Both gateways' syslogs, for each sample that has them. */
const gateways = [...readSamples()].flatMap(([name, { logs }]) => {
  const files = logs.filter(({ file }) => formOf(file) === 'syslog.log').map(({ file }) => file);
  return files.length === 2 ? [[name, files] as const] : [];
});

interface Story {
  readonly host: readonly unknown[];
  readonly connections: readonly unknown[];
}

/** Without causes, which the other log may know better. */
const withoutCauses = (report: Report): Story => fullStory({ ...report, connections: report.connections.map((connection) => ({ ...connection, attempts: connection.attempts.map((attempt) => ({ ...attempt, findings: [] })) })) }) as Story;

describe('several hosts', () => {
  it.each(gateways)('%s: both logs together give the stories that each gives alone', async (name, files) => {
    const together = withoutCauses(await analyzePaths(files.map((file) => join(SAMPLES, name, file))));
    const alone = (await Promise.all(files.map((file) => analyzeSample(name, file)))).map(withoutCauses);
    const sorted = (things: readonly unknown[]): string[] => things.map((thing) => JSON.stringify(thing)).sort();
    expect(sorted(together.connections)).toEqual(sorted(alone.flatMap(({ connections }) => connections)));
    expect(sorted(together.host)).toEqual(sorted(alone.flatMap(({ host }) => host)));
  });

  it('are kept apart where their logs do not name them', async () => {
    const [west, east] = [linesOf('success-ikev2-ss598-ss598', 'west.charon.log'), linesOf('success-ikev2-ss598-ss598', 'east.charon.log')];
    const stories = [await analyzeSample('success-ikev2-ss598-ss598', 'west.charon.log'), await analyzeSample('success-ikev2-ss598-ss598', 'east.charon.log')].map(fullStory) as Story[];
    const layouts = [{ 'west.charon.log': west, 'east.charon.log': east }, { 'west/charon.log': west, 'east/charon.log': east }];
    for (const [index, files] of layouts.entries()) {
      const report = await analyzeFiles(`apart-${index}`, files);
      expect((fullStory(report) as Story).connections).toEqual(expect.arrayContaining(stories.flatMap(({ connections }) => connections)));
      expect(report.connections.map(({ host }) => host).sort()).toHaveLength(2);
      expect(new Set(report.connections.map(({ host }) => host)).size).toBe(2);
    }
  });

  it('rotated parts of one log are of one host', async () => {
    const lines = linesOf(CHARON, 'west.charon.log');
    const report = await analyzeFiles('rotated', { 'charon.log.1': lines.slice(0, 20), 'charon.log': lines.slice(20) });
    expect(fullStory(report)).toEqual(fullStory(await analyzeSample(CHARON, 'west.charon.log')));
  });
});
