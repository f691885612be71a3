import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { packTar } from 'modern-tar';
import { afterAll } from 'vitest';

import { EVERY_LINE } from '../../src/model/line-filter.js';
import type { LineFilter } from '../../src/model/line-filter.js';
import type { Problem } from '../../src/model/problem.js';
import type { Section } from '../../src/model/section.js';
import type { SourceLine } from '../../src/model/source-line.js';
import { readInput, type LineBatch, type ReadOptions } from '../../src/sources/index.js';

/** Creates a directory that is removed after the file's tests, and returns a function that writes into it. */
export function scratch(): (name: string, content: string | Buffer) => string {
  const folder = mkdtempSync(join(tmpdir(), 'sources-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return (name, content) => {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
}

/** Passes lines that contain a word; without a word, all. */
export function filterFor(word: string | null): LineFilter {
  return word === null ? EVERY_LINE : { hints: () => [{ word, rare: word.slice(0, 3) }] };
}

export interface ReadResult {
  readonly lines: SourceLine[];
  readonly sections: Section[];
  readonly problems: Problem[];
  readonly scanned: number;
  readonly bytes: number;
}

export async function read(input: string, word: string | null = null, options: Partial<ReadOptions> = {}): Promise<ReadResult> {
  const problems: Problem[] = [];
  const batches: LineBatch[] = [];
  for await (const batch of readInput(input, { filter: filterFor(word), stdin: Readable.from([]), onProblem: (problem) => problems.push(problem), ...options })) batches.push(batch);
  const sum = (pick: (batch: LineBatch) => number): number => batches.reduce((total, batch) => total + pick(batch), 0);
  return {
    lines: batches.flatMap((batch) => batch.lines),
    sections: batches.flatMap((batch) => batch.sections ?? []),
    problems,
    scanned: sum((batch) => batch.scanned),
    bytes: sum((batch) => batch.bytes),
  };
}

/** `source:number text` of each line. */
export function placed({ lines }: ReadResult): string[] {
  return lines.map(({ source, number, text }) => `${source}:${number} ${text}`);
}

export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** Uses small blocks if the program supports them. */
export function packWith(program: string, content: string | Buffer): Buffer {
  return execFileSync(program, ['-c', program === 'lz4' ? '-B4' : '-1'], { input: content, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'ignore'] });
}

export async function tar(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  return Buffer.from(await packTar(Object.entries(files).map(([name, content]) => {
    const body = Buffer.from(content);
    return { header: { name, size: body.length, type: 'file' as const }, body };
  })));
}

/** Uses the program `zip`. */
export function zip(files: Readonly<Record<string, string | Buffer>>, options: readonly string[] = []): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, 'in', name, '..'), { recursive: true });
    writeFileSync(join(folder, 'in', name), content);
  }
  execFileSync('zip', ['-q', '-r', ...options, join(folder, 'out.zip'), '.'], { cwd: join(folder, 'in') });
  const archive = readFileSync(join(folder, 'out.zip'));
  rmSync(folder, { recursive: true });
  return archive;
}

/** Lines that do not compress too well. */
export function logLines(count: number, word = 'line'): string {
  return Array.from({ length: count }, (_, index) => `${word} ${(index * 7919) % 100_003}\n`).join('');
}
