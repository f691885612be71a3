import { dirname } from 'node:path';

import type { Problem } from '../model/problem.js';
import type { LineBatch } from './batch.js';
import { SourceError } from './problems.js';
import { ProgramError, runProgram } from './program.js';
import { readBytes, type ReadOptions } from './read.js';

/** The systemd journal, as a source name. */
export const JOURNAL = 'journal';

/** What to ask journalctl for. */
export interface JournalQuery {
  /** As for `journalctl -u`. Empty: all IPsec daemons, whatever their unit, and the kernel. */
  readonly units: readonly string[];
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly until?: number;
}

/** Units shipped by distributions; their child processes may log under any identifier. */
const UNITS = ['strongswan', 'strongswan-starter', 'strongswan-swanctl', 'ipsec', 'libreswan', 'openswan', 'racoon', 'openiked', 'iked', 'l2tp-ipsec'].map((unit) => `${unit}.service`);
/**
 * Syslog identifiers of the daemons, for when a container, a network manager or a script starts them; of the part of
 * systemd that reports that one of them died; and journald, which reports lost lines.
 */
const IDENTIFIERS = [
  'charon', 'charon-systemd', 'charon-nm', 'charon-cmd', 'strongswan', 'swanctl', 'ipsec', 'ipsec_starter', 'starter', 'pluto', 'Pluto', 'whack', 'addconn',
  '_plutorun', 'ipsec__plutorun', 'ipsec_setup', 'racoon', 'iked', 'systemd-coredump', 'systemd-journald',
];

const SUDO = 'Run with sudo, or as a member of group systemd-journal or adm';

/** Reads the journal through journalctl, with all fields. Never throws: errors are reported as problems. */
export async function* readJournal(query: JournalQuery, options: ReadOptions): AsyncGenerator<LineBatch> {
  yield* readBytes(JOURNAL, runJournalctl(journalctlArguments(query), JOURNAL, options.onProblem), options);
}

/** Reads journal files of any host, merged in chronological order. Never throws. */
export async function* readJournalFiles(paths: readonly string[], options: ReadOptions): AsyncGenerator<LineBatch> {
  const name = paths.length === 1 ? (paths[0] ?? JOURNAL) : dirname(paths[0] ?? '');
  // journalctl treats the argument as a glob pattern.
  const files = paths.map((path) => `--file=${path.replace(/[*?[\]\\]/g, '\\$&')}`);
  const [form, all, pager, ...wanted] = journalctlArguments({ units: [] });
  yield* readBytes(name, runJournalctl([form, all, pager, ...files, ...wanted].flatMap((each) => each ?? []), name, options.onProblem), options);
}

/**
 * Matches on the same field are alternatives, and `+` joins groups of alternatives. (`-u` cannot be combined with the
 * kernel.)
 */
export function journalctlArguments({ units, since, until }: JournalQuery): string[] {
  const times = [...(since === undefined ? [] : [`--since=@${seconds(since)}`]), ...(until === undefined ? [] : [`--until=@${seconds(until)}`])];
  const wanted =
    units.length > 0
      ? units.map((unit) => `--unit=${unit}`)
      : [...UNITS.map((unit) => `_SYSTEMD_UNIT=${unit}`), '+', ...UNITS.map((unit) => `UNIT=${unit}`), '+', ...IDENTIFIERS.map((name) => `SYSLOG_IDENTIFIER=${name}`), '+', '_TRANSPORT=kernel'];
  return ['--output=json', '--all', '--no-pager', ...times, ...wanted];
}

/** Keeps milliseconds, so that nothing wanted is excluded; record times are filtered again later. */
function seconds(time: number): string {
  return (time / 1000).toFixed(3);
}

async function* runJournalctl(args: readonly string[], name: string, onProblem: (problem: Problem) => void): AsyncGenerator<Buffer> {
  const onSaid = (said: string): void => onProblem(remark(said, name));
  try {
    yield* runProgram('journalctl', args, { onSaid });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw error.isMissing
      ? new SourceError('unreadable-input', 'Cannot read the journal without the program journalctl', 'Without systemd, pass the log file, e.g. /var/log/syslog')
      : new SourceError('unreadable-input', `Cannot read the journal: ${error.message}`, error.message.includes('permission') ? SUDO : 'Check the output of journalctl -n 5');
  }
}

/** journalctl succeeds even if something is missing, such as permission to see all messages. */
function remark(said: string, name: string): Problem {
  const isPartial = said.includes('not seeing messages');
  return {
    level: isPartial ? 'error' : 'warning',
    check: isPartial ? 'partial-journal' : 'journalctl',
    message: isPartial ? 'Expected the whole journal, got only what this user may see' : `journalctl: ${said}`,
    where: { file: name, line: null },
    help: isPartial ? SUDO : 'Without a journal, pass the log file, e.g. /var/log/syslog',
  };
}
