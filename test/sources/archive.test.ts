import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { readArchive } from '../../src/sources/archive.js';
import { logLines, placed, read, scratch, tar } from './support.js';

const write = scratch();

const BUNDLE = {
  './etc/ipsec.conf': 'conn a\n',
  './var/log/auth.log': 'now\nnow\n',
  './var/log/auth.log.1': 'yesterday\n',
  './var/log/auth.log.2.gz': gzipSync('before\n'),
  './var/log/wtmp': Buffer.from([1, 2, 3, 4, 0, 0, 2, 1]),
};

describe('a tar archive', () => {
  it('is read like a directory, with names and numbers of lines within it, packed or not', async () => {
    const plain = await tar(BUNDLE);
    for (const [name, content] of [['b.tar', plain], ['b.tar.gz', gzipSync(plain)]] as const) {
      const path = write(name, content);
      const result = await read(path);
      const at = (member: string): string => `${path}:var/log/${member}`;
      expect(placed(result)).toEqual([`${path}:etc/ipsec.conf:1 conn a`, `${at('auth.log.2.gz')}:1 before`, `${at('auth.log.1')}:1 yesterday`, `${at('auth.log')}:1 now`, `${at('auth.log')}:2 now`]);
      expect(result.problems).toEqual([expect.objectContaining({ check: 'not-text', message: 'Left out 1 file that is no text: var/log/wtmp', where: { file: path, line: null } })]);
    }
    const fromStdin = await read('-', 'now', { stdin: Readable.from([gzipSync(plain)]) });
    expect(placed(fromStdin)).toEqual(['-:var/log/auth.log:1 now', '-:var/log/auth.log:2 now']);
  });

  it('may be in another', async () => {
    const path = write('outer.tar', await tar({ 'gw1/logs.tgz': gzipSync(await tar({ 'a.log': 'a\n' })), 'note.txt': 'b\n' }));
    expect(placed(await read(path))).toEqual([`${path}:gw1/logs.tgz:a.log:1 a`, `${path}:note.txt:1 b`]);
  });

  it('that is cut or damaged gives what is before the damage', async () => {
    const whole = await tar({ 'a.log': 'a\n', 'b.log': logLines(5000) });
    const cut = await read(write('cut.tar', whole.subarray(0, 20_000)));
    expect(cut.lines.length).toBeGreaterThan(1000);
    expect(cut.lines[0]).toMatchObject({ number: 1, text: 'a' });
    expect(cut.problems).toMatchObject([{ check: 'damaged-archive' }]);
    const damaged = Buffer.from(whole);
    damaged.fill(0x41, 1024 + 100, 1024 + 300);
    expect(await read(write('bad.tar', damaged))).toMatchObject({ lines: [{ text: 'a' }], problems: [{ check: 'damaged-archive' }] });
  });

  it('with one damaged file in it gives the others', async () => {
    const path = write('one-bad.tar', await tar({ 'a.log.gz': gzipSync(logLines(5000)).subarray(0, 5000), 'b.log': 'b\n' }));
    const { lines, problems } = await read(path);
    expect(lines.at(-1)).toMatchObject({ source: `${path}:b.log`, text: 'b' });
    expect(problems).toMatchObject([{ check: 'damaged-archive', where: { file: `${path}:a.log.gz` } }]);
  });

  it('is read to its end, whatever large files are left out or given up on', async () => {
    const binary = Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index * 31) % 256));
    const broken = Buffer.concat([gzipSync(logLines(10)).subarray(0, 30), binary, binary]);
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [[`core.${index}`, binary], [`x${index}.log.gz`, broken], [`y${index}.log`, 'y\n']] as const).flat());
    const { lines, problems } = await read(write('cores.tgz', gzipSync(await tar(files))), 'y');
    expect(lines).toHaveLength(12);
    expect(problems.filter(({ check }) => check === 'damaged-archive')).toHaveLength(12);
    expect(problems.at(-1)?.message).toContain('Left out 12 files');
  });

  it.each([10, 1500, 3500, 1 << 20])('that does not fit into %i bytes of memory is read in the same order, where it can be read again', async (maxHeld) => {
    const names = ['x.log', 'x.log.1', 'y.log', 'x.log.3', 'x.log.2'];
    const archive = await tar(Object.fromEntries(names.map((name) => [name, logLines(100, name)])));
    const seen: string[] = [];
    const reader = {
      read: async function* (name: string, { bytes }: { readonly bytes: AsyncIterable<Buffer> }) {
        let content = '';
        for await (const piece of bytes) content += piece.toString();
        expect(content).toBe(logLines(100, name));
        seen.push(name);
      },
      leaveOut: () => undefined,
    };
    const bytes = (): AsyncIterable<Buffer> => Readable.from([archive.subarray(0, 3000), archive.subarray(3000)]);
    for await (const batch of readArchive({ bytes: bytes(), again: bytes }, reader, maxHeld)) void batch;
    expect(seen).toEqual(['x.log.3', 'x.log.2', 'x.log.1', 'x.log', 'y.log']);
    for await (const batch of readArchive({ bytes: bytes(), again: null }, reader, maxHeld)) void batch;
    expect(seen.slice(names.length).sort()).toEqual([...names].sort());
  });
});
