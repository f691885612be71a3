import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { LogPlaces } from '../../../src/model/follow.js';
import type { Problem } from '../../../src/model/problem.js';
import { EVERY_LINE } from '../../../src/model/line-filter.js';
import { MAX_LINE_LENGTH } from '../../../src/model/source-line.js';
import type { FollowBatch } from '../../../src/sources/follow/followed-log.js';
import { Follower } from '../../../src/sources/follow/follower.js';


let directory: string;
const running: Following[] = [];
const at = (name: string): string => join(directory, name);
const lines = (...names: string[]): string => names.map((name) => `line ${name}\n`).join('');
const rotate = (): void => {
  rmSync(at('log.3.gz'), { force: true });
  for (const [from, to] of [['log.2', 'log.3'], ['log.1', 'log.2'], ['log', 'log.1']] as const) {
    try {
      renameSync(at(from), at(to));
    } catch {
      // Not rotated so often yet.
    }
  }
};
const pack = (name: string): void => {
  writeFileSync(at(`${name}.gz`), gzipSync(readFileSync(at(name))));
  rmSync(at(name));
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'follow-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((following) => following.stop()));
  rmSync(directory, { recursive: true });
});

/** A follower and what it has read; `again` is what it read a second time. */
class Following {
  readonly read: string[] = [];
  readonly again: string[] = [];
  readonly numbers: number[] = [];
  readonly problems: Problem[] = [];
  readonly caughtUp: Promise<void>;
  private readonly abort = new AbortController();
  private readonly follower: Follower;
  private readonly done: Promise<void>;

  constructor(args: readonly string[], resume: { logs: readonly LogPlaces[]; written: number } | null = null, private readonly onBatch = (): void => undefined) {
    let onCaughtUp = (): void => undefined;
    this.caughtUp = new Promise((resolve) => (onCaughtUp = resolve));
    this.follower = new Follower(args, { filter: EVERY_LINE, signal: this.abort.signal, resume, poll: 20, onProblem: (problem) => this.problems.push(problem) });
    this.done = this.run(onCaughtUp).finally(() => this.follower.close());
    running.push(this);
  }

  private async run(onCaughtUp: () => void): Promise<void> {
    await this.follower.open();
    for (const log of this.follower.again()) await this.readAll(log);
    for (const log of this.follower.news()) await this.readAll(log);
    onCaughtUp();
    await this.readAll(this.follower.batches());
  }

  private async readAll(batches: AsyncIterable<FollowBatch>): Promise<void> {
    for await (const batch of batches) {
      for (const { text, number } of batch.lines) {
        (batch.isAgain ? this.again : this.read).push(text.slice(5));
        if (!batch.isAgain) this.numbers.push(number);
      }
      this.onBatch();
    }
  }

  async until(...names: string[]): Promise<void> {
    await expect.poll(() => this.read, { interval: 5, timeout: 5000 }).toEqual(names);
  }

  /** What a report on the lines would add. */
  get remarks(): string[] {
    return this.follower.problems.map(({ check }) => check);
  }

  /** Ends it, and says where to resume when lines from `block` on are needed. */
  async stop(block = Number.POSITIVE_INFINITY): Promise<{ logs: LogPlaces[]; written: number }> {
    this.abort.abort();
    await this.done;
    return { logs: JSON.parse(JSON.stringify(this.follower.places(block))) as LogPlaces[], written: Date.now() };
  }
}

describe('a follower', () => {
  it('reads what is there and what comes, whole lines only', async () => {
    writeFileSync(at('log'), lines('1', '2'));
    const following = new Following([at('log')]);
    await following.caughtUp;
    appendFileSync(at('log'), 'line 3');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(following.read).toEqual(['1', '2']);
    appendFileSync(at('log'), `\n${lines('4')}`);
    await following.until('1', '2', '3', '4');
    expect(following.numbers).toEqual([1, 2, 3, 4]);
  });

  it('counts the lines that it cuts', async () => {
    writeFileSync(at('log'), lines('1', `2${'x'.repeat(MAX_LINE_LENGTH)}`));
    const following = new Following([at('log')]);
    await following.caughtUp;
    expect(following.numbers).toEqual([1, 2]);
    expect(following.remarks).toEqual(['line-too-long']);
    await following.stop();
  });

  it('waits for a file and its directory, and says so once', async () => {
    const following = new Following([at('later/log')]);
    await following.caughtUp;
    mkdirSync(at('later'));
    writeFileSync(at('later/log'), lines('1'));
    await following.until('1');
    expect(following.problems.map(({ check }) => check)).toEqual(['missing-input']);
  });

  it('reads a renamed file until its successor has lines, and what is still added to it', async () => {
    writeFileSync(at('log'), lines('1'));
    const following = new Following([at('log')]);
    await following.until('1');
    expect(following.remarks).toEqual([]);
    rotate();
    appendFileSync(at('log.1'), lines('2'));
    await following.until('1', '2');
    writeFileSync(at('log'), '');
    appendFileSync(at('log.1'), lines('3'));
    writeFileSync(at('log'), lines('4'));
    await following.until('1', '2', '3', '4');
    appendFileSync(at('log.1'), lines('late'));
    await following.until('1', '2', '3', '4', 'late');
    expect(following.numbers).toEqual([1, 2, 3, 1, 4]);
    expect(following.remarks).toEqual(['rotated']);
  });

  it('reads on after a file is copied and emptied, and what it had missed from the copy', async () => {
    writeFileSync(at('log'), lines('1'));
    const following = new Following([at('log')]);
    await following.until('1');
    appendFileSync(at('log'), lines('2', '3'));
    copyFileSync(at('log'), at('log.1'));
    truncateSync(at('log'));
    appendFileSync(at('log'), lines('4'));
    await following.until('1', '2', '3', '4');
    expect(following.remarks).toEqual(['rotated']);
  });

  it('reads on after a file is copied and emptied and has grown past what was read of it', async () => {
    writeFileSync(at('log'), lines('1'));
    const following = new Following([at('log')], null, () => {
      if (following.read.at(-1) !== '1') return;
      appendFileSync(at('log'), lines('2'));
      copyFileSync(at('log'), at('log.1'));
      writeFileSync(at('log'), lines('3', '4', '5', '6'));
    });
    await following.until('1', '2', '3', '4', '5', '6');
  });

  it('reads on after the file is deleted and made again', async () => {
    writeFileSync(at('log'), lines('1'));
    const following = new Following([at('log')]);
    await following.until('1');
    rmSync(at('log'));
    writeFileSync(at('log'), lines('2'));
    await following.until('1', '2');
  });

  it('follows what a pattern names, later files too, and reads rotated ones once, first', async () => {
    writeFileSync(at('log'), lines('3'));
    writeFileSync(at('log.1'), lines('2'));
    writeFileSync(at('log.2'), lines('1'));
    pack('log.2');
    const following = new Following([at('*log*')]);
    await following.until('1', '2', '3');
    pack('log.1');
    rotate();
    writeFileSync(at('log'), lines('4'));
    writeFileSync(at('another.log'), lines('5'));
    await following.until('1', '2', '3', '4', '5');
  });
});

describe('a follower that resumes', () => {
  it.each([
    ['nothing happened', () => undefined],
    ['lines came', () => appendFileSync(at('log'), lines('3'))],
    ['a rotation', () => { rotate(); appendFileSync(at('log.1'), lines('3')); writeFileSync(at('log'), lines('4')); }],
    ['a rotation and no new file', () => { appendFileSync(at('log'), lines('3')); rotate(); }],
    ['two rotations, all packed', () => { appendFileSync(at('log'), lines('3')); rotate(); writeFileSync(at('log'), lines('4')); rotate(); pack('log.2'); pack('log.1'); writeFileSync(at('log'), lines('5')); }],
    ['a copy and truncation', () => { appendFileSync(at('log'), lines('3')); copyFileSync(at('log'), at('log.1')); writeFileSync(at('log'), lines('4')); }],
    ['a rotation of which nothing is left', () => { rmSync(at('log')); writeFileSync(at('log'), lines('3')); }],
    ['an unknown rotation since', () => { rotate(); pack('log.1'); writeFileSync(at('log'), lines('3')); rotate(); rmSync(at('log.1.gz')); writeFileSync(at('log'), lines('4')); }],
  ])('after %s, with nothing lost and nothing twice', async (_, happen) => {
    writeFileSync(at('log'), lines('1', '2'));
    const first = new Following([at('log')]);
    await first.until('1', '2');
    const places = await first.stop(0);
    happen();
    const second = new Following([at('log')], places);
    await second.caughtUp;
    const left = ['3', '4', '5'].filter((name) => [at('log'), at('log.1'), at('log.2'), at('log.1.gz'), at('log.2.gz')].some((path) => holds(path, name)));
    expect(second.read).toEqual(left);
    expect(['1', '2'].slice(0, second.again.length)).toEqual(second.again);
  });

  it('while the file is copied and emptied, and grows past what was read of it, before it is read again', async () => {
    writeFileSync(at('log'), lines('1'));
    const first = new Following([at('log')]);
    await first.until('1');
    rotate();
    writeFileSync(at('log'), lines('2'));
    await first.until('1', '2');
    const places = await first.stop(0);
    let happened = false;
    const second = new Following([at('log')], places, () => {
      if (happened) return;
      happened = true;
      appendFileSync(at('log'), lines('3'));
      rotate();
      renameSync(at('log.1'), at('log'));
      copyFileSync(at('log'), at('log.1'));
      writeFileSync(at('log'), lines('4', '5', '6'));
    });
    await second.until('3', '4', '5', '6');
    expect(second.again).toEqual(['1', '2']);
  });

  it('after the file lost its end in a power cut', async () => {
    const long = 'x'.repeat(600);
    writeFileSync(at('log'), lines(long, '2'));
    const first = new Following([at('log')]);
    await first.until(long, '2');
    const places = await first.stop(0);
    truncateSync(at('log'), lines(long).length);
    const second = new Following([at('log')], places);
    await second.caughtUp;
    appendFileSync(at('log'), lines('3'));
    await second.until('3');
  });

  it('when the file is only there later', async () => {
    writeFileSync(at('log'), lines('1'));
    const first = new Following([at('log')]);
    await first.until('1');
    const places = await first.stop();
    renameSync(at('log'), at('elsewhere'));
    const second = new Following([at('log')], places);
    await second.caughtUp;
    const third = new Following([at('log')], await second.stop());
    await third.caughtUp;
    appendFileSync(at('elsewhere'), lines('2'));
    renameSync(at('elsewhere'), at('log'));
    await third.until('2');
  });
});

/** Is the line in a file that may be packed? */
function holds(path: string, name: string): boolean {
  try {
    const bytes = readFileSync(path);
    return path.endsWith('.gz') ? gunzipSync(bytes).includes(lines(name)) : bytes.includes(lines(name));
  } catch {
    return false;
  }
}
