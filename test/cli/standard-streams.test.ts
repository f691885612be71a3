import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

const inRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const LOG = inRoot('samples/psk-mismatch-ikev2-ls410-ss598/west.syslog.log');

it.each(['', ' --timeline'])('ends quietly when nobody reads its report%s', (option) => {
  expect(shell(`{ logwatch${option}; echo "status $?" >&2; } | true`)).toEqual({ stdout: '', stderr: 'status 0\n' });
});

it.skipIf(!existsSync('/dev/full'))('says that there is no space for the report', () => {
  expect(shell('logwatch > /dev/full; echo $?')).toEqual({ stdout: '2\n', stderr: 'ipsec-logwatch: Cannot write the report: ENOSPC\n' });
});

it.skipIf(!existsSync('/dev/full')).each([
  ['ndjson', '--format ndjson > /dev/full', 'the report'],
  ['text', '> /dev/full', 'the report'],
  ['a file', '--format ndjson --output /dev/full', '--output /dev/full'],
])('ends a follower that has no space for its report, as %s', (_form, options, what) => {
  expect(shell(`follow ${options}; echo "status $?" >&2`)).toEqual({ stdout: '', stderr: `ipsec-logwatch: Cannot write ${what}: ENOSPC\nstatus 2\n` });
});

/** Runs shell commands, in which `logwatch` is the built command on a log, and `follow` the same following it. */
function shell(commands: string): { stdout: string; stderr: string } {
  const { stdout, stderr } = spawnSync('sh', ['-c', `logwatch() { "$NODE" "$BIN" "$@" "$LOG"; }\nfollow() { timeout -s INT 20 "$NODE" "$BIN" --follow "$@" "$LOG"; }\n${commands}`], { encoding: 'utf8', env: { ...process.env, NODE: process.execPath, BIN: inRoot('bin/ipsec-logwatch.js'), LOG } });
  return { stdout, stderr };
}
