import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { OutputFile } from '../../src/state/output.js';
import { StateFile, type State } from '../../src/state/state-file.js';

let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'state-')); });
afterEach(() => rmSync(directory, { recursive: true }));

const stateOf = (written: number): State => ({ version: 1, written, logs: [], failing: [], told: [], output: { file: null, pending: '' } });

it('falls back to the last state that was on the disk, however its writing overlapped', async () => {
  const path = join(directory, 'state');
  const file = new StateFile(path);
  file.save(stateOf(1));
  const first = file.settle();
  file.save(stateOf(2));
  await Promise.all([first, file.settle(), file.settle()]);
  rmSync(path);
  writeFileSync(path, '{');
  expect(file.load()).toEqual(stateOf(2));
});

it('goes on when somebody removes the state, and where output cannot be waited for', async () => {
  const path = join(directory, 'state');
  const file = new StateFile(path);
  file.save(stateOf(1));
  rmSync(path);
  await file.settle();
  file.save(stateOf(2));
  expect(file.load()).toEqual(stateOf(2));
  const output = new OutputFile('/dev/null');
  output.announce('text');
  output.write('text');
  await output.sync();
  expect(output.announce('').pending).toBe('');
});

const PLACE = { offset: 0, lines: 0 };
const PART = { dev: 1, ino: 2, head: { bytes: 3, hash: 'a' }, from: PLACE, to: PLACE };

it.each<[string, object]>([
  ['no output', { output: undefined }],
  ['an output without a length', { output: { file: { dev: 1, ino: 2 }, pending: '' } }],
  ['pending output that is no text', { output: { file: null, pending: 5 } }],
  ['no place in a log', { logs: [null] }],
  ['half a place in a log', { logs: [{ path: 'a.log', parts: [{ ...PART, to: {} }] }] }],
  ['a negative place in a log', { logs: [{ path: 'a.log', parts: [{ ...PART, to: { offset: -1, lines: 0 } }] }] }],
  ['failures without a count', { failing: ['net|ike'] }],
  ['another version', { version: 2 }],
])('refuses a state with %s, which something else must have written', (_what, changed) => {
  const path = join(directory, 'state');
  writeFileSync(path, JSON.stringify({ ...stateOf(1), logs: [{ path: 'a.log', parts: [PART] }] }));
  expect(new StateFile(path).load()?.logs).toHaveLength(1);
  writeFileSync(path, JSON.stringify({ ...stateOf(1), ...changed }));
  expect(() => new StateFile(path).load()).toThrow('it is damaged or another file');
});

it.skipIf(!existsSync('/dev/full'))('says that the disk is full', () => {
  expect(() => new OutputFile('/dev/full').write('text')).toThrow('Cannot write --output /dev/full: ENOSPC');
});
