import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { EVERY_LINE } from '../../src/model/line-filter.js';
import type { LineFilter } from '../../src/model/line-filter.js';
import type { Problem } from '../../src/model/problem.js';
import { MAX_LINE_LENGTH, type SourceLine } from '../../src/model/source-line.js';
import { sortByAge } from '../../src/sources/rotation.js';
import { expandInputs, readInput, type LineBatch } from '../../src/sources/index.js';

let folder = '';
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'sources-')); });
afterAll(() => rmSync(folder, { recursive: true }));

/** Passes lines that contain a word; without a word, all. */
function filterFor(word: string | null): LineFilter {
  return word === null ? EVERY_LINE : { hints: () => [{ word, rare: word.slice(0, 3) }] };
}

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function read(input: string, word: string | null = null, stdin: Readable = Readable.from([])): Promise<{ lines: SourceLine[]; scanned: number; bytes: number; problems: Problem[] }> {
  const problems: Problem[] = [];
  const batches: LineBatch[] = [];
  for await (const batch of readInput(input, { filter: filterFor(word), stdin, onProblem: (problem) => problems.push(problem) })) batches.push(batch);
  const sum = (pick: (batch: LineBatch) => number): number => batches.reduce((total, batch) => total + pick(batch), 0);
  return { lines: batches.flatMap((batch) => batch.lines), scanned: sum((batch) => batch.scanned), bytes: sum((batch) => batch.bytes), problems };
}

describe('files', () => {
  it('numbers the lines that pass the filter as an editor does, over many blocks', async () => {
    const texts = Array.from({ length: 60_000 }, (_, index) => `${'x'.repeat((index * 37) % 90)}${index % 19 === 0 ? 'HIT' : ''} ${index}`);
    const content = texts.join('\n');
    const path = write('many.log', content);
    const { lines, scanned, bytes, problems } = await read(path, 'HIT');
    expect(scanned).toBe(texts.length);
    expect(bytes).toBe(Buffer.byteLength(content));
    expect(problems).toEqual([]);
    expect(lines).toEqual(texts.flatMap((text, index) => (text.includes('HIT') ? [{ source: path, number: index + 1, text }] : [])));
  });

  it.each([
    ['CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['no final newline', 'a\nb', ['a', 'b']],
    ['carriage returns alone', 'a\rb\rc\r', ['a', 'b', 'c']],
    ['empty lines', '\n\na\n', ['', '', 'a']],
    ['NULs of a crash', `a\n${'\0'.repeat(4000)}b\n`, ['a', 'b']],
    ['invalid UTF-8', Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x0a, 0x62, 0x0a]), ['a\ufffd\ufffd(', 'b']],
    ['UTF-8', 'grün – 東京\n', ['grün – 東京']],
    ['BOM', '\ufeffa\nb\n', ['a', 'b']],
    ['UTF-16LE', Buffer.from('\ufeffa\r\nü\n', 'utf16le'), ['a', 'ü']],
    ['UTF-16BE', Buffer.from('\ufeffa\r\nü\n', 'utf16le').swap16(), ['a', 'ü']],
    ['colours', '\u001b[0;1;31ma\u001b[0m\n', ['a']],
    ['gzip', gzipSync('a\nb\n'), ['a', 'b']],
    ['nothing', '', []],
  ])('survive: %s', async (_name, content, texts) => {
    const { lines, problems } = await read(write('case.log', content));
    expect(lines.map((line) => line.text)).toEqual(texts);
    expect(lines.map((line) => line.number)).toEqual(texts.map((_text, index) => index + 1));
    expect(problems).toEqual([]);
  });

  it('cut lines of any length without losing count', async () => {
    const huge = 'y'.repeat(5_000_000);
    const { lines, scanned, problems } = await read(write('long.log', `a\n${huge}\nb\n${'z'.repeat(MAX_LINE_LENGTH + 5)}\nc\n`));
    expect(lines.map((line) => [line.number, line.text.length])).toEqual([[1, 1], [2, MAX_LINE_LENGTH], [3, 1], [4, MAX_LINE_LENGTH], [5, 1]]);
    expect(scanned).toBe(5);
    expect(problems).toMatchObject([{ check: 'line-too-long', level: 'warning', message: expect.stringContaining('2 lines') }]);
  });

  it('may end their lines with carriage returns alone, over many blocks', async () => {
    const texts = Array.from({ length: 90_000 }, (_, index) => `${'x'.repeat((index * 37) % 90)} ${index}`);
    const { lines, problems } = await read(write('returns.log', texts.join('\r')));
    expect(lines.map(({ text }) => text)).toEqual(texts);
    expect(lines.at(-1)?.number).toBe(texts.length);
    expect(problems).toEqual([]);
  });

  it('read what is left of a damaged archive', async () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 50_000 }, (_, index) => `line ${index * 7919}\n`).join('')));
    const { lines, problems } = await read(write('cut.log.gz', packed.subarray(0, packed.length / 2)));
    expect(lines.length).toBeGreaterThan(1000);
    expect(problems).toMatchObject([{ check: 'damaged-archive' }]);
  });

  it.each([
    ['not text', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 2, 3, 0, 0, 0]), 'not-text'],
    ['binary', Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 31) % 256)), 'not-text'],
    ['a journal file that is none', 'LPKSHHRH\0\0', 'unreadable-input'],
  ])('become a problem: %s', async (_name, content, check) => {
    const path = write('problem.bin', content);
    expect(await read(path)).toMatchObject({ lines: [], problems: [{ check, where: { file: path } }] });
  });

  it.each(['little', 'big'])('may be circular, of a machine with %s end first', async (order) => {
    const size = 9000;
    const circular = (text: string, wrap: number, next: number): Buffer => {
      const bytes = Buffer.concat([Buffer.from(text.padEnd(size, '\0')), Buffer.from('CLOG'), Buffer.alloc(16)]);
      [wrap, next, size].forEach((value, index) => (order === 'little' ? bytes.writeUInt32LE(value, size + 4 + index * 4) : bytes.writeUInt32BE(value, size + 4 + index * 4)));
      return bytes;
    };
    const texts = async (content: Buffer): Promise<string[]> => (await read(write('clog.log', content))).lines.map(({ text }) => text);
    expect(await texts(circular('line 1\nline 2\n', 0, 14))).toEqual(['line 1', 'line 2']);
    const newest = 'line 3\nline 4\n';
    const oldest = `${'x'.repeat(size - newest.length - 8)}\nline 2\n`;
    expect(await texts(circular(newest + oldest, 1, newest.length))).toEqual(['line 2', 'line 3', 'line 4']);
  });

  it('may be pipes', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const writing = writeFile(path, 'a\nb\n');
    expect((await read(path)).lines).toEqual([{ source: path, number: 1, text: 'a' }, { source: path, number: 2, text: 'b' }]);
    await writing;
  });

  it('become a problem: missing', async () => {
    expect(await read(join(folder, 'gone.log'))).toMatchObject({ lines: [], problems: [{ check: 'missing-input', level: 'error' }] });
  });
});

describe('standard input', () => {
  it('comes as whole lines, whatever pieces it arrives in', async () => {
    const content = Buffer.from('a\r\ngrün\nlone\rreturn\nsep\u2028arator\n\nlast');
    const pieces = Array.from(content, (byte) => Buffer.from([byte]));
    const { lines, scanned } = await read('-', null, Readable.from([content]));
    expect(lines.map((line) => [line.number, line.text.replace(/ +/g, ' ')])).toEqual([[1, 'a'], [2, 'grün'], [3, 'lone return'], [4, 'sep arator'], [5, ''], [6, 'last']]);
    expect(scanned).toBe(6);
    const inPieces = await read('-', null, Readable.from(pieces.slice(0, 9)));
    expect(inPieces.lines.map((line) => line.text)).toEqual(['a', 'grün']);
  });

  it('is passed on at once', async () => {
    const stdin = new PassThrough();
    const batches = readInput('-', { filter: filterFor(null), stdin, onProblem: () => undefined });
    stdin.write('first\nsecond\nthi');
    expect((await batches.next()).value?.lines.map((line: SourceLine) => line.text)).toEqual(['first', 'second']);
    stdin.write('rd\n');
    expect((await batches.next()).value?.lines.map((line: SourceLine) => line.text)).toEqual(['third']);
    stdin.end();
    expect((await batches.next()).done).toBe(true);
  });

  it('may carry lines of any length', async () => {
    const huge = Array.from({ length: 60 }, () => Buffer.alloc(1_000_000, 'y'));
    const { lines, problems } = await read('-', null, Readable.from([Buffer.from('a\n'), ...huge, Buffer.from('\nb\n')]));
    expect(lines.map((line) => [line.number, line.text.length])).toEqual([[1, 1], [2, MAX_LINE_LENGTH], [3, 1]]);
    expect(problems).toMatchObject([{ check: 'line-too-long', message: expect.stringContaining('1 line ') }]);
  });

  it('reports a stream that breaks', async () => {
    const broken = new Readable({ read() { this.destroy(Object.assign(new Error('input/output error'), { code: 'EIO' })); } });
    expect(await read('-', null, broken)).toMatchObject({ problems: [{ check: 'unreadable-input' }] });
  });
});

describe('expandInputs', () => {
  it('finds files, directories, patterns and standard input, oldest part of a log first, none twice', async () => {
    for (const name of ['d/x.log', 'd/x.log.1', 'd/x.log.10.gz', 'd/x.log.2.gz', 'd/sub/y-20261119', 'd/sub/y-20261120', 'd/sub/y']) {
      write(name, name.endsWith('.gz') ? gzipSync('a\n') : 'a\n');
    }
    const at = (name: string): string => join(folder, 'd', name);
    const rotated = ['x.log.10.gz', 'x.log.2.gz', 'x.log.1', 'x.log'].map(at);
    expect(await expandInputs([join(folder, 'd')])).toEqual({ inputs: [...['sub/y-20261119', 'sub/y-20261120', 'sub/y'].map(at), ...rotated], problems: [] });
    expect((await expandInputs([join(folder, 'd/x.log*'), '-', at('x.log')])).inputs).toEqual([...rotated, '-']);
    expect((await expandInputs([at('x.log'), at('x.log.1')])).inputs).toEqual([at('x.log.1'), at('x.log')]);
  });

  it('follows links to files, and goes round in no circle of links to directories', async () => {
    const at = (name: string): string => join(folder, 'links', name);
    write('links/pods/1.log', 'a\n');
    write('links/c/x.log', 'a\n');
    for (const [name, target] of [['c/pod.log', '../pods/1.log'], ['c/y.log', 'x.log'], ['c/gone.log', 'gone'], ['c/up', '..'], ['c/here', '.']]) symlinkSync(target as string, at(name as string));
    expect((await expandInputs([at('c')])).inputs).toEqual([at('c/pod.log'), at('c/x.log')]);
    expect((await expandInputs([at('c/**')])).inputs).toEqual([at('c/x.log')]);
    expect((await expandInputs([at('*/*/*.log')])).inputs).toHaveLength(2);
  });

  it('says what it leaves out', async () => {
    write('e/ok.log', 'a\n');
    for (const name of ['btmp', 'lastlog', 'wtmp', 'x.db', 'y.db']) write(`e/${name}`, Buffer.from([1, 2, 3, 4, 0, 1, 2]));
    const { inputs, problems } = await expandInputs([join(folder, 'e'), join(folder, 'none.log'), join(folder, '*.none')]);
    expect(inputs).toEqual([join(folder, 'e/ok.log')]);
    expect(problems.map(({ level, check }) => [level, check])).toEqual([['warning', 'not-text'], ['error', 'missing-input'], ['error', 'missing-input']]);
    expect(problems[0]?.message).toMatch(/^Skipped 5 files .*btmp, .*lastlog, .*wtmp and 2 more$/);
  });

  it.each([
    ['logrotate', ['auth.log.10.gz', 'auth.log.2.gz', 'auth.log.1', 'auth.log']],
    ['newsyslog', ['ipsec.log.9.bz2', 'ipsec.log.1.bz2', 'ipsec.log.0', 'ipsec.log']],
    ['an extension kept', ['charon.12.log', 'charon.2.log.xz', 'charon.1.log', 'charon.log']],
    ['dates', ['secure-20251231.xz', 'secure-20260101', 'secure-20261120', 'secure']],
    ['dates within', ['app-2025-12-31.log.gz', 'app-2026-11-19.log', 'app-2026-11-20.log']],
    ['OPNsense', ['ipsec_20261118.log', 'ipsec_20261119.log', 'ipsec_20261120.log']],
    ['dates with hours and minutes', ['m-2026112003', 'm-2026112023', 'm-20261121_0005', 'm']],
    ['dates with a number', ['x.log-20261119-1763600001', 'x.log-20261120-1763600000', 'x.log']],
    ['seconds', ['x.log-1763500000', 'x.log-1763600000', 'x.log']],
    ['naming that was changed', ['x.log-20261101.gz', 'x.log-20261108.gz', 'x.log.2', 'x.log.1', 'x.log']],
    ['one older part', ['x.log.old', 'x.log']],
    ['a few older parts', ['x.log.bak2', 'x.log.bak', 'x.log']],
    ['copies of editors', ['x~~', 'x~', 'x']],
    ['old ones with numbers', ['x_old2', 'x_old', 'x']],
    ['an older part before the ending', ['x_old.log', 'x.log']],
    ['an older part that was packed', ['x.old.gz', 'x.old', 'x']],
    ['numbers behind a dash, beside the log', ['x-10.log.gz', 'x-2.log', 'x-1.log', 'x.log']],
    ['two logs', ['gw-1.log', 'gw-2.log', 'gw-3.log.1', 'gw-3.log']],
  ])('orders rotated parts: %s', (_name, names) => {
    expect(sortByAge([...names].sort())).toEqual(names);
    expect(sortByAge([...names].sort().map((name) => `/var/log/${name}`))).toEqual(names.map((name) => `/var/log/${name}`));
  });
});
