import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, expect, it } from 'vitest';

import { strangerLines } from '../bench/strangers.js';
import { run, start } from '../cli/run.js';

const SAMPLES = fileURLToPath(new URL('../../samples', import.meta.url));
const LINE = 'Nov 21 10:00:00 gw charon[811]: 07[IKE] <site|1> received AUTHENTICATION_FAILED notify error\n';
const directory = mkdtempSync(join(tmpdir(), 'threads-'));

afterAll(() => rmSync(directory, { recursive: true }));

it('two threads report the same as one: all samples together, missing files and lines that nothing understands', async () => {
  const args = ['--format', 'json', '--timeline', '--year', '2026', '--since', '2026-01-01T00:00', SAMPLES, join(directory, 'missing.log')];
  const [one, two] = [await run(['--threads', '1', ...args]), await run(['--threads', '2', ...args])];
  expect(two).toEqual(one);
  expect(one.status).toBe(1);
  expect(one.stderr).toContain('missing.log');
  expect(one.stdout.length).toBeGreaterThan(1_000_000);
}, 120_000);

it('an error in a rule stops neither of them', async () => {
  writeFileSync(join(directory, 'broken.json'), '{ "signatures": 1 }');
  const args = ['--rules', directory, join(SAMPLES, 'psk-mismatch-ss598-ss598')];
  expect(await run(['--threads', '2', ...args])).toEqual(await run(['--threads', '1', ...args]));
});

it('an interrupt ends both, and what was read is reported', async () => {
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const running = start(['--threads', '2', '--year', '2026', pipe]);
  // Opening blocks until the reader is there, which handles interrupts by then.
  const writer = await open(pipe, 'w');
  await writer.write(LINE.repeat(10));
  running.signal('SIGINT');
  for (let ended = false; !ended; ) {
    ended = await writer.write(LINE.repeat(10)).then(() => false, () => true);
    await setTimeout(20);
  }
  await writer.close();
  const { status, stdout } = await running.result;
  expect(stdout).toMatch(/\d+ lines/);
  expect(stdout).toContain('site');
  expect(status).toBe(1);
}, 60_000);

it('signals and timers have their turn, though events come faster than they are taken', async () => {
  const { analyze } = (await import(new URL('../../dist/index.js', import.meta.url).href)) as typeof import('../../src/index.js');
  const lines = strangerLines(1);
  const log = join(directory, 'strangers.log');
  writeFileSync(log, Array.from({ length: 150_000 }, () => `${lines.next().value}\n`).join(''));
  const stop = new AbortController();
  const { coverage } = await analyze([log], { rules: [], now: Date.UTC(2026, 10, 22), live: false, threads: 2, signal: stop.signal, onProgress: () => setImmediate(() => stop.abort()) });
  expect(coverage.lines).toBeGreaterThan(0);
  expect(coverage.lines).toBeLessThan(100_000);
}, 60_000);
