import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { start } from './run.js';

const inRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Prints, at the end, which of Node's own modules were loaded. */
const TELL_LOADED = `data:text/javascript,process.on('exit', () => console.error(process.moduleLoadList.join()))`;

const UNWANTED = ['child_process', 'crypto', 'fs/promises', 'net', 'os', 'readline', 'stream', 'tty', 'worker_threads', 'zlib'];

it('loads none of the modules that a plain file does not need, each of which would delay the answer', async () => {
  const { status, stdout, stderr } = await start([inRoot('samples/psk-mismatch-ikev2-ls410-ss598/west.syslog.log')], undefined, ['--import', TELL_LOADED]).result;
  const loaded = new Set(stderr.split(',').map((name) => name.replace('NativeModule ', '').trim()));
  expect(status).toBe(1);
  expect(stdout).not.toBe('');
  expect(loaded).toContain('fs');
  expect(UNWANTED.filter((name) => loaded.has(name))).toEqual([]);
});
