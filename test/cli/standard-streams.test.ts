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

/** Runs shell commands, in which `logwatch` is the built command on a log. */
function shell(commands: string): { stdout: string; stderr: string } {
  const { stdout, stderr } = spawnSync('sh', ['-c', `logwatch() { "$NODE" "$BIN" "$@" "$LOG"; }\n${commands}`], { encoding: 'utf8', env: { ...process.env, NODE: process.execPath, BIN: inRoot('bin/ipsec-logwatch.js'), LOG } });
  return { stdout, stderr };
}
