import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { packTar } from 'modern-tar';
import { afterAll } from 'vitest';
import { readInput } from '../../src/sources/index.js';
/** A directory that goes when the tests of the file are over, and how to write into it. */
export function scratch() {
    const folder = mkdtempSync(join(tmpdir(), 'sources-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    return (name, content) => {
        const path = join(folder, name);
        mkdirSync(join(path, '..'), { recursive: true });
        writeFileSync(path, content);
        return path;
    };
}
/** Lets lines pass that contain a word; without a word, all. */
export function filterFor(word) {
    return { next: (_source, block, from) => (word === null ? (from < block.length ? from : -1) : block.indexOf(word, from)) };
}
export async function read(input, word = null, options = {}) {
    const problems = [];
    const batches = [];
    for await (const batch of readInput(input, { filter: filterFor(word), stdin: Readable.from([]), onProblem: (problem) => problems.push(problem), ...options }))
        batches.push(batch);
    const sum = (pick) => batches.reduce((total, batch) => total + pick(batch), 0);
    return {
        lines: batches.flatMap((batch) => batch.lines),
        sections: batches.flatMap((batch) => batch.sections ?? []),
        problems,
        scanned: sum((batch) => batch.scanned),
        bytes: sum((batch) => batch.bytes),
    };
}
/** `source:number text` of each line. */
export function placed({ lines }) {
    return lines.map(({ source, number, text }) => `${source}:${number} ${text}`);
}
export function hasProgram(name) {
    return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
}
/** In small blocks, where the program has blocks. */
export function packWith(program, content) {
    return execFileSync(program, ['-c', program === 'lz4' ? '-B4' : '-1'], { input: content, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'ignore'] });
}
export async function tar(files) {
    return Buffer.from(await packTar(Object.entries(files).map(([name, content]) => {
        const body = Buffer.from(content);
        return { header: { name, size: body.length, type: 'file' }, body };
    })));
}
/** Lines that do not pack too well. */
export function logLines(count, word = 'line') {
    return Array.from({ length: count }, (_, index) => `${word} ${(index * 7919) % 100_003}\n`).join('');
}
