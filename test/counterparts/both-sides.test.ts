import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import type { AttemptReport, Report } from '../../src/model/report.js';
import { analyze } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';
import { CAPTURED, readSamples, SAMPLES } from '../samples.js';

/** Minimum number of failing sides, among those whose own log leaves the cause open, that the peer's log decides. */
const DECIDED = 90;

const scratch = mkdtempSync(join(tmpdir(), 'both-sides-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('the logs of both gateways', () => {
  it('together report what either log knows, and nothing more', async () => {
    const wrong: string[] = [];
    let decided = 0;
    for (const { name, files, accepted } of pairs()) {
      const failing = failures(await read(files));
      for (const { findings: [best] } of failing) {
        if (best?.confidence === 'certain' && !accepted.includes(best.cause)) wrong.push(`${name}: ${best.cause}`);
      }
      decided += failing.filter(isTold).length;
    }
    expect(wrong).toEqual([]);
    expect(decided).toBeGreaterThanOrEqual(DECIDED);
  });

  it.each([
    { clocks: 'agree', change: (line: string) => line, ahead: 0 },
    { clocks: 'are in different time zones', change: (line: string) => line.replace(' 14:', ' 15:'), ahead: 3600 },
    { clocks: 'would have to be wrong besides', change: (line: string) => line.replace(' 14:37:', ' 15:38:'), ahead: null },
    { clocks: 'are of different days', change: (line: string) => line.replace('Nov 21', 'Nov 23'), ahead: null },
  ])('are joined as far as their clocks allow: $clocks', async ({ change, ahead }) => {
    const { west, east } = sides('psk-mismatch-ikev2-ss598-ls410');
    const [attempt] = failures(await readAll({ west, east: east.map(change) }), 'west');
    const found = attempt?.counterpart?.clockAhead ?? null;
    expect(found === null ? null : Math.round(found)).toBe(ahead);
    expect(attempt?.findings[0]).toMatchObject(ahead === null ? UNDECIDED : { confidence: 'certain', cause: 'auth/psk-mismatch' });
  });

  it('keep their own causes: what failed on the other side followed from them', async () => {
    const [attempt] = failures(await readAll(sides('plugin-missing-ss61-ss598')), 'west');
    expect(attempt?.counterpart).not.toBeNull();
    expect(attempt?.findings[0]?.cause).toBe('daemon/plugin-missing');
  });

  it('are joined through a NAT by the identities, and not without them', async () => {
    const { west, east } = sides('psk-mismatch-ikev2-ss598-ls410');
    const behind = west.map((line) => line.replaceAll('192.0.2.10', '203.0.113.10'));
    expect(failures(await readAll({ west: behind, east }), 'west')[0]?.counterpart).toMatchObject({ host: 'east', connection: 'west-east' });
    const other = behind.map((line) => line.replaceAll('west.example.com', 'north.example.com'));
    expect(failures(await readAll({ west: other, east }), 'west')[0]).toMatchObject({ counterpart: null, findings: [UNDECIDED, {}, {}, {}, {}, {}] });
  });

  it('are not joined where two gateways, of which neither tells its address, fit one', async () => {
    const { west, east } = sides('psk-mismatch-ikev2-ls410-ss598');
    const silent = west.filter((line) => !line.includes('interface'));
    expect(failures(await readAll({ west: silent, east }), 'west')[0]?.counterpart).toMatchObject({ host: 'east' });
    const reports = failures(await readAll({ west: silent, north: silent.map((line) => line.replace(' west ', ' north ')), east }));
    expect(reports.map(({ counterpart }) => counterpart)).toEqual([null, null, null]);
  });
});

describe('a peer whose log was read and has nothing of an attempt', () => {
  it('is reported, without asking for text in that log', async () => {
    const [attempt] = failures(await readAll(sides('udp500-blocked-ss598-ls410')), 'west');
    expect(attempt?.unheardBy).toMatchObject({ host: 'east', last: '2026-11-21T14:38:44Z' });
    expect(attempt?.findings.flatMap(({ askPeer }) => askPeer)).toEqual([]);
  });

  it.each([
    ['the log ends long before', (line: string) => line.replace('Nov 21 14:', 'Nov 21 12:')],
    ['the log does not tell of whom it is', (line: string) => line.replace('198.51.100.20', '198.51.100.21')],
    ['somebody else comes meanwhile, maybe the same one from behind a NAT', (line: string, index: number) => (index > 0 ? line : `${line}\nNov 21 14:38:46 east pluto[7]: "other" #9: responding to Main Mode from unknown peer 203.0.113.5`)],
  ])('is not, where %s', async (_, change) => {
    const { west, east } = sides('udp500-blocked-ss598-ls410');
    expect(failures(await readAll({ west, east: east.map(change) }), 'west').map(({ unheardBy }) => unheardBy)).toEqual([null]);
  });
});

/** What this side's log shows by itself. */
const UNDECIDED = { confidence: 'likely', cause: 'auth/rejected-by-peer' };

function sides(name: string): { readonly west: readonly string[]; readonly east: readonly string[] } {
  const [west, east] = ['west', 'east'].map((host) => readFileSync(join(SAMPLES, name, `${host}.syslog.log`), 'utf8').split('\n'));
  return { west: west ?? [], east: east ?? [] };
}

function readAll(logs: Readonly<Record<string, readonly string[]>>): Promise<Report> {
  const files = Object.entries(logs).map(([host, lines]) => {
    const file = join(scratch, `${host}.log`);
    writeFileSync(file, lines.join('\n'));
    return file;
  });
  return read(files);
}

function* pairs(): Generator<{ name: string; files: readonly string[]; accepted: readonly string[] }> {
  for (const [name, { truth, logs }] of readSamples()) {
    const west = logs.find(({ host }) => host === 'west');
    const east = logs.find(({ host, form }) => host === 'east' && form === west?.form);
    if (west === undefined || east === undefined) continue;
    const accepted = [west, east].flatMap(({ expect: { cause, also = [] } }) => [cause ?? '', ...also]);
    yield { name, files: [west, east].map(({ file }) => join(SAMPLES, name, file)), accepted: [truth.cause ?? '', ...accepted] };
  }
}

async function read(files: readonly string[]): Promise<Report> {
  return buildReport(await analyze(files, { rules: [], now: CAPTURED, live: false }));
}

/** Current failures, on all hosts or on one. */
function failures({ connections }: Report, on?: string): readonly AttemptReport[] {
  return connections.filter(({ host }) => on === undefined || host === on).flatMap(({ problem, attempts }) => (problem === null ? [] : attempts.slice(problem.attempt, problem.attempt + 1)));
}

function isTold({ counterpart, findings: [best] }: AttemptReport): boolean {
  return counterpart !== null && best?.explanation.startsWith('Seen from ') === true;
}
