import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { readArchive } from '../../src/sources/archive.js';
import type { Problem } from '../../src/model/problem.js';
import { openArchive } from '../../src/sources/containers.js';
import { filterFor, hasProgram, logLines, placed, read, scratch, tar, zip } from './support.js';

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
      expect(result.problems).toEqual([expect.objectContaining({ check: 'not-text', message: 'Skipped 1 file that is not text: var/log/wtmp', where: { file: path, line: null } })]);
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
    expect(problems.at(-1)?.message).toContain('Skipped 12 files');
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

/** The logs in an archive, each as `member:number text`, and the problems. */
async function logsIn(path: string): Promise<{ logs: string[][]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const logs: string[][] = [];
  for (const log of await openArchive(path, { filter: filterFor(null), stdin: Readable.from([]), onProblem: (problem) => problems.push(problem) })) {
    const lines: string[] = [];
    for await (const batch of log) lines.push(...batch.lines.map(({ source, number, text }) => `${source.slice(path.length + 1)}:${number} ${text}`));
    logs.push(lines);
  }
  return { logs, problems };
}

describe('the logs in an archive', () => {
  const expected = [['etc/ipsec.conf:1 conn a'], ['var/log/auth.log.2.gz:1 before', 'var/log/auth.log.1:1 yesterday', 'var/log/auth.log:1 now', 'var/log/auth.log:2 now']];
  const leftOut = [expect.objectContaining({ check: 'not-text', message: 'Skipped 1 file that is not text: var/log/wtmp' })];

  it('of tar are to be read side by side, each with its rotated parts', async () => {
    expect(await logsIn(write('logs.tar.gz', gzipSync(await tar(BUNDLE))))).toEqual({ logs: expected, problems: leftOut });
    const nested = await tar({ 'a/host.tgz': gzipSync(await tar(BUNDLE)), 'b/x.log': 'x\n' });
    expect((await logsIn(write('nested.tar', nested))).logs).toEqual([...expected.map((log) => log.map((line) => `a/host.tgz:${line}`)), ['b/x.log:1 x']]);
  });

  it('that is damaged are those before the damage', async () => {
    const { logs, problems } = await logsIn(write('damaged.tar', (await tar({ 'a.log': 'a\n', 'b.log': logLines(5000) })).subarray(0, 20_000)));
    expect(logs[0]).toEqual(['a.log:1 a']);
    expect(logs[1]?.length).toBeGreaterThan(1000);
    expect(problems).toMatchObject([{ check: 'damaged-archive' }]);
  });
});

describe.runIf(hasProgram('zip'))('a zip archive', () => {
  it('is read like a tar archive, by any name and anywhere', async () => {
    const content = zip(BUNDLE);
    const path = write('bundle.zip', content);
    expect(await logsIn(path)).toMatchObject({ logs: [['etc/ipsec.conf:1 conn a'], ['var/log/auth.log.2.gz:1 before', 'var/log/auth.log.1:1 yesterday', 'var/log/auth.log:1 now', 'var/log/auth.log:2 now']], problems: [{ check: 'not-text' }] });
    for (const result of [await read(write('support-file', content)), await read('-', null, { stdin: Readable.from([content.subarray(0, 2), content.subarray(2)]) })]) {
      expect(result.lines.map(({ text }) => text)).toEqual(['conn a', 'before', 'yesterday', 'now', 'now']);
    }
    const inTar = write('outer.tar', await tar({ 'gw1.zip': content }));
    expect((await logsIn(inTar)).logs[0]).toEqual(['gw1.zip:etc/ipsec.conf:1 conn a']);
  });

  it('that is cut, encrypted, or in part damaged, is a problem and no more', async () => {
    const content = zip({ 'a.log': logLines(2000), 'b.log': 'b\n' });
    expect(await logsIn(write('cut.zip', content.subarray(0, content.length / 2)))).toMatchObject({ logs: [], problems: [{ check: 'damaged-archive' }] });
    const damaged = Buffer.from(content);
    damaged.fill(0x55, 200, 1200);
    const { logs, problems } = await logsIn(write('damaged.zip', damaged));
    expect(logs.at(-1)).toEqual(['b.log:1 b']);
    expect(problems).toMatchObject([{ check: 'damaged-archive', where: { file: expect.stringContaining('damaged.zip:a.log') } }]);
    expect(await logsIn(write('secret.zip', zip({ 'a.log': 'a\n', 'b.log': 'b\n' }, ['-P', 'word'])))).toMatchObject({ logs: [], problems: [{ check: 'encrypted' }] });
  });

  it('may hold itself, and members without end', async () => {
    let content = zip({ 'a.log': 'a\n' });
    for (let depth = 0; depth < 9; depth++) content = zip({ 'inner.zip': content });
    expect(await logsIn(write('deep.zip', content))).toMatchObject({ problems: [{ check: 'archive-bomb' }] });
  });
});
