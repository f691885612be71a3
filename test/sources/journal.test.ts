import { chmodSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';

import type { Problem } from '../../src/model/problem.js';
import type { SourceLine } from '../../src/model/source-line.js';
import { readJournal, readJournalFiles } from '../../src/sources/journal.js';
import { filterFor, scratch } from './support.js';

const write = scratch();
const path = process.env['PATH'];
afterEach(() => { process.env['PATH'] = path; });

/**
 * Puts a fake journalctl first in the path, which records its arguments (one per line) and prints the given output and
 * error text.
 */
function pretend(output: string, said = '', status = 0): string {
  const program = write(`bin-${status}-${said.length}/journalctl`, `#!/bin/sh\nprintf '%s\\n' "$@" > "$0.args"\nprintf '%s' '${output}'\nprintf '%s' '${said}' >&2\nexit ${status}\n`);
  chmodSync(program, 0o755);
  process.env['PATH'] = `${dirname(program)}:${path}`;
  return `${program}.args`;
}

async function read(units: readonly string[], since?: number, until?: number): Promise<{ lines: string[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const lines: string[] = [];
  const query = { units, ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  for await (const batch of readJournal(query, { filter: filterFor('charon'), stdin: Readable.from([]), onProblem: (problem) => problems.push(problem) })) {
    lines.push(...batch.lines.map(({ source, number, text }) => `${source}:${number} ${text}`));
  }
  return { lines, problems };
}

describe('the journal', () => {
  it('is what journalctl prints of these units and times', async () => {
    const args = pretend('{"a":"sshd"}\n{"a":"charon"}\n');
    expect(await read(['strongswan', 'ipsec'], Date.UTC(2026, 10, 20), Date.UTC(2026, 10, 21) + 500)).toEqual({ lines: ['journal:2 {"a":"charon"}'], problems: [] });
    expect(readFileSync(args, 'utf8').trim().split('\n')).toEqual(['--output=json', '--all', '--no-pager', '--since=@1795132800.000', '--until=@1795219200.500', '--unit=strongswan', '--unit=ipsec']);
  });

  it('is asked for every daemon and the kernel, as alternatives', async () => {
    const args = pretend('');
    await read([]);
    const asked = readFileSync(args, 'utf8').trim().split('\n').slice(3).join(' ').split(' + ');
    expect(asked.map((group) => [...new Set(group.split(' ').map((each) => each.split('=')[0]))])).toEqual([['_SYSTEMD_UNIT'], ['UNIT'], ['SYSLOG_IDENTIFIER'], ['_TRANSPORT']]);
    expect(asked[0]).toContain('_SYSTEMD_UNIT=strongswan-starter.service');
    expect(asked[2]).toContain('SYSLOG_IDENTIFIER=pluto');
  });

  it.each([
    ['Hint: You are currently not seeing messages from other users and the system.', 0, 'partial-journal', 'with sudo'],
    ['No journal files were found.', 0, 'journalctl', 'pass the log file'],
    ['No journal files were opened due to insufficient permissions.', 1, 'unreadable-input', 'with sudo'],
  ])('is a problem where journalctl says: %s', async (said, status, check, help) => {
    pretend('{"a":"charon"}\n', said, status);
    const { lines, problems } = await read([]);
    expect(lines).toEqual(['journal:1 {"a":"charon"}']);
    expect(problems).toMatchObject([{ check, where: { file: 'journal' }, help: expect.stringContaining(help) }]);
  });

  it('is a problem without journalctl', async () => {
    process.env['PATH'] = '/nowhere';
    expect(await read([])).toMatchObject({ lines: [], problems: [{ check: 'unreadable-input', message: expect.stringContaining('journalctl') }] });
  });

  it('of files, of any host, is put together by journalctl', async () => {
    const args = pretend('{"a":"charon"}\n');
    const lines: SourceLine[] = [];
    const options = { filter: filterFor(null), stdin: Readable.from([]), onProblem: () => undefined };
    for await (const batch of readJournalFiles(['/j/system.journal', '/j/system@[1].journal~'], options)) lines.push(...batch.lines);
    expect(lines).toMatchObject([{ source: '/j', number: 1 }]);
    expect(readFileSync(args, 'utf8').split('\n').slice(3, 6)).toEqual(['--file=/j/system.journal', '--file=/j/system@\\[1\\].journal~', expect.stringMatching(/^_SYSTEMD_UNIT=/)]);
  });
});
