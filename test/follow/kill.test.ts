import { appendFileSync, copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { FollowerProcess, twice } from './follower-process.js';
import { failures, seeded } from './load.js';

const KILLS = 3;
const ATTEMPTS = 30;
/** Milliseconds; each life is a separate process, which is slow to start on a busy machine. */
const PATIENCE = 120_000;

it('reports each failure once, however often it is killed, across rotation and truncation', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kill-'));
  const log = join(directory, 'log');
  const follower = new FollowerProcess(log, join(directory, 'state'), join(directory, 'told'));
  const expected: string[] = [];
  const random = seeded(7);
  const load = failures();
  let second = 0;
  const write = (attempts: number): void => {
    for (let count = 0; count < attempts; count += 1) {
      const { messages, failed } = load.next().value;
      second += 1;
      const stamp = new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString();
      for (const message of messages) appendFileSync(log, `${stamp} gw charon: ${message}\n`);
      expected.push(...failed);
    }
  };
  try {
    write(ATTEMPTS);
    for (let kills = 0; kills < KILLS; kills += 1) {
      const before = follower.told().length;
      follower.start();
      await expect.poll(() => follower.told().length, { interval: 2, timeout: PATIENCE / 4 }).toBeGreaterThan(before);
      await expect.poll(() => follower.hasBegun(), { interval: 2, timeout: PATIENCE / 4 }).toBe(true);
      write(Math.floor(random() * ATTEMPTS));
      rotate(log, kills);
      write(Math.floor(random() * ATTEMPTS));
      await new Promise((resolve) => setTimeout(resolve, random() * 20));
      await follower.end('SIGKILL');
      write(ATTEMPTS);
    }
    follower.start();
    await expect.poll(() => follower.failed().length, { interval: 10, timeout: PATIENCE / 4 }).toBeGreaterThanOrEqual(expected.length);
    await follower.end('SIGTERM');
    expect(twice(follower.told())).toEqual([]);
    expect(follower.failed().toSorted()).toEqual(expected.toSorted());
  } finally {
    await follower.end('SIGKILL');
    rmSync(directory, { recursive: true });
  }
}, PATIENCE);

/** Alternates between logrotate's `create` and `copytruncate`. */
function rotate(log: string, turn: number): void {
  for (let number = KILLS; number > 0; number -= 1) {
    if (existsSync(`${log}.${number}`)) renameSync(`${log}.${number}`, `${log}.${number + 1}`);
  }
  if (turn % 2 === 0) renameSync(log, `${log}.1`);
  else {
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
  }
}
