import { dirname } from 'node:path';

import type { LineBatch } from './batch.js';
import type { Problem } from '../model/problem.js';
import { SourceError } from './problems.js';
import { ProgramError, runProgram } from './program.js';
import { readBytes, type ReadOptions } from './read.js';

/** The journal, as a source. */
export const JOURNAL = 'journal';

/** What to ask journalctl for. */
export interface JournalQuery {
  /** As `journalctl -u` takes them; none: every IPsec daemon, whatever its unit, and the kernel. */
  readonly units: readonly string[];
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly until?: number;
}

/** Units that distributions ship, whose children may log under any name. */
const UNITS = ['strongswan', 'strongswan-starter', 'strongswan-swanctl', 'ipsec', 'libreswan', 'openswan', 'racoon', 'openiked', 'iked', 'l2tp-ipsec'].map((unit) => `${unit}.service`);
/** Daemons as they name themselves, also when a container, a network manager or a script starts them; and journald, which tells of lost lines. */
const IDENTIFIERS = [
  'charon', 'charon-systemd', 'charon-nm', 'charon-cmd', 'strongswan', 'swanctl', 'ipsec', 'ipsec_starter', 'starter', 'pluto', 'Pluto', 'whack', 'addconn',
  '_plutorun', 'ipsec__plutorun', 'ipsec_setup', 'racoon', 'iked', 'systemd-journald',
];

const SUDO = 'Run with sudo, or as a member of group systemd-journal or adm';

/** Reads the journal through journalctl, with every field. Never throws: what cannot be read becomes a problem. */
export async function* readJournal(query: JournalQuery, options: ReadOptions): AsyncGenerator<LineBatch> {
  yield* readBytes(JOURNAL, runJournalctl(journalctlArguments(query), JOURNAL, options.onProblem), options);
}

/** Reads files of the journal, of this host or another, in the order of time. Never throws. */
export async function* readJournalFiles(paths: readonly string[], options: ReadOptions): AsyncGenerator<LineBatch> {
  const name = paths.length === 1 ? (paths[0] ?? JOURNAL) : dirname(paths[0] ?? '');
  // journalctl takes patterns.
  const files = paths.map((path) => `--file=${path.replace(/[*?[\]\\]/g, '\\$&')}`);
  const [form, all, pager, ...wanted] = journalctlArguments({ units: [] });
  yield* readBytes(name, runJournalctl([form, all, pager, ...files, ...wanted].flatMap((each) => each ?? []), name, options.onProblem), options);
}

/** Fields of one kind are alternatives; `+` stands between kinds that are. (`-u` and the kernel cannot be asked for together.) */
export function journalctlArguments({ units, since, until }: JournalQuery): string[] {
  const times = [...(since === undefined ? [] : [`--since=@${seconds(since)}`]), ...(until === undefined ? [] : [`--until=@${seconds(until)}`])];
  const wanted =
    units.length > 0
      ? units.map((unit) => `--unit=${unit}`)
      : [...UNITS.map((unit) => `_SYSTEMD_UNIT=${unit}`), '+', ...UNITS.map((unit) => `UNIT=${unit}`), '+', ...IDENTIFIERS.map((name) => `SYSLOG_IDENTIFIER=${name}`), '+', '_TRANSPORT=kernel'];
  return ['--output=json', '--all', '--no-pager', ...times, ...wanted];
}

/** Never cuts off what is wanted: the times of records are looked at again. */
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
      ? new SourceError('unreadable-input', 'Cannot read the journal without the program journalctl', 'Where there is no systemd, name the log file, e.g. /var/log/syslog')
      : new SourceError('unreadable-input', `Cannot read the journal: ${error.message}`, error.message.includes('permission') ? SUDO : 'Try what journalctl -n 5 says');
  }
}

/** journalctl succeeds but says that something is missing, such as the right to see all messages. */
function remark(said: string, name: string): Problem {
  const isPartial = said.includes('not seeing messages');
  return {
    level: isPartial ? 'error' : 'warning',
    check: isPartial ? 'partial-journal' : 'journalctl',
    message: isPartial ? 'Expected the whole journal, got only what this user may see' : `journalctl: ${said}`,
    where: { file: name, line: null },
    help: isPartial ? SUDO : 'Without a journal, name the log file, e.g. /var/log/syslog',
  };
}
