import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
