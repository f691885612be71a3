import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import type { Change } from '../../src/model/change.js';
import { analyze } from '../../src/pipeline.js';
import { CAPTURED } from '../samples.js';
import { failures } from './load.js';

const directory = mkdtempSync(join(tmpdir(), 'following-'));
afterAll(() => rmSync(directory, { recursive: true }));

const load = failures();
let second = 0;
/**
 * Lines of attempts, seconds apart; in turn in the first log, in the second, and in both. Returns the connections that
 * fail.
 */
function attempts(count: number, logs: readonly [string, string]): string[] {
  return Array.from({ length: count }, (_, number) => {
    const { messages, failed } = load.next().value;
    second += 5;
    const text = messages.map((message) => `${new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString()} gw charon: ${message}\n`).join('');
    for (const [index, log] of logs.entries()) if (number % 3 !== index) appendFileSync(log, text);
    return failed;
  }).flat();
}

/**
 * Follows files: calls `during` when the initial contents have been read, and returns what was reported as failed once
 * there are `until` reports.
 */
async function follow(paths: readonly string[], until: number, during: () => void): Promise<string[]> {
  const told: string[] = [];
  const abort = new AbortController();
  const onChange = (change: Change): void => {
    if (change.type === 'failed') told.push(change.attempt.connection.name ?? '');
    if (told.length >= until) setTimeout(() => abort.abort(), 500);
  };
  const follow = { resume: null, onReplayed: () => undefined, onTold: () => undefined, onEnd: () => undefined, onCaughtUp: during, onProblem: () => undefined };
  await analyze(paths, { rules: [], now: CAPTURED, live: true, onChange, follow, signal: abort.signal });
  return told;
}

it('takes the lines of several logs in the order of time, and those that two have once, while they are there and as they come', async () => {
  const logs = [join(directory, 'auth.log'), join(directory, 'syslog')] as const;
  for (const log of logs) writeFileSync(log, '');
  const expected = attempts(40, logs);
  const told = await follow(logs, 60, () => expected.push(...attempts(40, logs)));
  expect(told.slice(0, 30)).toEqual(expected.slice(0, 30));
  expect(told.toSorted()).toEqual(expected.toSorted());
});
