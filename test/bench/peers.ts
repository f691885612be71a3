import { accessSync, constants, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Command } from './measure.js';

/** A program that reads the same file. What it does with it differs: README.md states what each comparison is worth. */
export interface Contender {
  readonly name: string;
  /** The program that must be installed. */
  readonly needs: string;
  command(file: string, scratch: string): Command;
}

const PATTERN = 'charon|pluto|racoon|ipsec|klips';
/** Bytes instead of characters: the fastest mode of grep and similar programs. */
const C = { LC_ALL: 'C' };
const BINARY = fileURLToPath(new URL('../../bin/ipsec-logwatch.js', import.meta.url));

/** Our program, as shipped (with a second thread for large files) and with one thread. */
export const OURS: Contender = ours('ipsec-logwatch', []);
export const ALONE: Contender = ours('... --threads 1', ['--threads', '1']);

/** Exit status 1 means that failures were found. */
function ours(name: string, options: readonly string[]): Contender {
  return { name, needs: process.execPath, command: (file) => ({ program: process.execPath, args: [BINARY, '--format', 'json', ...options, file], accepted: [0, 1] }) };
}

export const PEERS: readonly Contender[] = [
  { name: 'grep -cE', needs: 'grep', command: (file) => ({ program: 'grep', args: ['-cE', PATTERN, file], env: C }) },
  { name: 'rg -c', needs: 'rg', command: (file) => ({ program: 'rg', args: ['-c', PATTERN, file], env: C }) },
  { name: 'lnav (SQL)', needs: 'lnav', command: lnav },
  { name: 'logwatch pluto', needs: 'logwatch', command: logwatch },
  { name: 'sec (6 rules)', needs: 'sec', command: sec },
];

/** Is the program on the path, or at the given path? */
export function isInstalled({ needs }: Contender): boolean {
  const places = needs.includes('/') ? [needs] : (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, needs));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Loads the file, parses every line and counts the messages of our daemons. HOME is set, so that no user settings
 * apply.
 */
function lnav(file: string, scratch: string): Command {
  // Without that directory lnav creates its own in the current one.
  mkdirSync(scratch, { recursive: true });
  const query = `;SELECT log_procname, count(*) FROM syslog_log WHERE log_procname IN ('charon', 'pluto') GROUP BY log_procname`;
  return { program: 'lnav', args: ['-N', '-n', '-c', query, '-c', ':write-csv-to -', file], env: { HOME: scratch, XDG_CONFIG_HOME: scratch, TERM: 'dumb' } };
}

/** logwatch finds logs by name in a directory; pluto is in its group `secure`, to which auth.log belongs. */
function logwatch(file: string, scratch: string): Command {
  const directory = join(scratch, 'logwatch');
  const link = join(directory, 'auth.log');
  mkdirSync(directory, { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(file, link);
  return { program: 'logwatch', args: ['--service', 'pluto', '--logdir', directory, '--range', 'all', '--detail', 'high', '--output', 'stdout'] };
}

/** Rules one would write for sec by hand: the failures themselves, not their causes. */
const SEC_PATTERNS = [
  'charon.*received (\\S+) (?:error )?notify',
  'charon.*giving up after (\\d+) retransmits',
  'charon.*no proposal (?:found|chosen)',
  'charon.*MAC mismatched',
  'pluto.*AUTHENTICATION_FAILED',
  'pluto.*timeout exceeded after (\\d+) retransmits',
];

function sec(file: string, scratch: string): Command {
  const rules = join(scratch, 'sec.conf');
  const rule = (pattern: string): string => `type=Single\nptype=RegExp\npattern=${pattern}\ndesc=$0\naction=write - %s\n`;
  mkdirSync(scratch, { recursive: true });
  writeFileSync(rules, SEC_PATTERNS.map(rule).join('\n'));
  return { program: 'sec', args: [`--conf=${rules}`, `--input=${file}`, '--notail', '--quoting', '--debug=3'] };
}
