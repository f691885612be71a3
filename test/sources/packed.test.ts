import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { unpack } from '../../src/sources/unpack.js';
import { filterFor, hasProgram, logLines, packWith, read, scratch } from './support.js';

const write = scratch();
const PROGRAMS = ['gzip', 'xz', 'bzip2', 'zstd', 'lz4'].filter(hasProgram);

describe.each(PROGRAMS)('%s', (program) => {
  const content = logLines(60_000);
  const packed = packWith(program, content);

  it('is undone, in files and on standard input, with the numbers of the lines in the text', async () => {
    const path = write(`log.${program}`, packed);
    const fromFile = await read(path, '7919\n');
    expect(fromFile.lines.map(({ source, number, text }) => [source, number, text])).toEqual([[path, 2, 'line 7919'], ...fromFile.lines.slice(1).map(({ source, number, text }) => [source, number, text])]);
    expect(fromFile).toMatchObject({ scanned: 60_000, problems: [] });
    const pieces = [packed.subarray(0, 1), packed.subarray(1, 5), packed.subarray(5)];
    const fromStdin = await read('-', '7919\n', { stdin: Readable.from(pieces) });
    expect(fromStdin.lines).toEqual(fromFile.lines.map((line) => ({ ...line, source: '-' })));
  });

  it('that is cut or damaged gives what is before the damage, and says what and where', async () => {
    const path = write(`cut.${program}`, packed.subarray(0, Math.floor(packed.length * 0.75)));
    const cut = await read(path);
    expect(cut.scanned).toBeGreaterThan(30_000);
    expect(cut.lines.slice(0, -1).map(({ text }) => text)).toEqual(content.split('\n').slice(0, cut.lines.length - 1));
    expect(cut.problems).toEqual([{ level: 'error', check: 'damaged-archive', message: expect.stringMatching(/^Cannot unpack to the end \(.+\)$/), where: { file: path, line: null }, help: expect.stringContaining('complete copy') }]);
    const damaged = Buffer.from(packed);
    damaged.fill(0x55, packed.length >> 1, (packed.length >> 1) + 200);
    expect((await read(write(`bad.${program}`, damaged))).problems).toMatchObject([{ check: 'damaged-archive' }]);
  });

  it('may be a few bytes, and several packed files in one', async () => {
    expect((await read(write(`small.${program}`, packWith(program, 'a\n')))).lines.map(({ text }) => text)).toEqual(['a']);
    expect((await read(write(`two.${program}`, Buffer.concat([packWith(program, 'a\n'), packWith(program, 'b\n')])))).lines.map(({ text }) => text)).toEqual(['a', 'b']);
    expect((await read(write(`none.${program}`, packWith(program, ''))))).toMatchObject({ lines: [], problems: [] });
  });
});

describe('an unpacker', () => {
  it('stops what was packed to exhaust its reader, in bounded memory', async () => {
    const layers = gzipSync(gzipSync(Buffer.alloc(60_000_000)));
    const small = { factor: 100, bytes: 1_000_000 };
    await expect(count(unpack('gzip', unpack('gzip', Readable.from([layers]), small), small))).rejects.toThrow('Stopped unpacking');
  });

  it('goes on with what merely packs well', async () => {
    const content = 'the same line\n'.repeat(100_000);
    expect(await count(unpack('gzip', Readable.from([gzipSync(content)])))).toBe(content.length);
  });

  it('passes errors of the medium on as they are', async () => {
    const broken = (async function* () {
      yield gzipSync(logLines(10)).subarray(0, 20);
      throw Object.assign(new Error('input/output error'), { code: 'EIO' });
    })();
    await expect(count(unpack('gzip', broken))).rejects.toMatchObject({ code: 'EIO' });
  });

  it('says which program is missing', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      const file = write('log.xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1, 2, 3]));
      expect((await read(file)).problems).toMatchObject([{ check: 'missing-program', message: expect.stringContaining('xz'), help: expect.stringContaining('xz-utils') }]);
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('unpacks no deeper than anybody packs', async () => {
    let content = Buffer.from('a\n');
    for (let layer = 0; layer < 9; layer++) content = gzipSync(content);
    expect(await read('-', null, { stdin: Readable.from([content]), filter: filterFor(null) })).toMatchObject({ lines: [], problems: [{ check: 'archive-bomb' }] });
  });
});

async function count(bytes: AsyncIterable<Buffer>): Promise<number> {
  let total = 0;
  for await (const piece of bytes) total += piece.length;
  return total;
}
