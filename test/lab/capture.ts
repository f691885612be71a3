import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec, type Host } from './host.js';
import { until } from './shell.js';

/** Output formats of journalctl, by the suffix of the file that holds them. */
const JOURNAL_FORMS = {
  'journal.short.log': 'short',
  'journal.short-iso.log': 'short-iso',
  'journal.short-precise.log': 'short-precise',
  'journal.json': 'json',
} as const;

/** Files written by daemons and rsyslogd themselves. */
const FILES = {
  'syslog.log': 'var/log/syslog',
  'iso.log': 'var/log/syslog.iso',
  'charon.log': 'var/log/charon.log',
  'pluto.log': 'var/log/pluto.log',
} as const;

/** Empties the directory, so that nothing from an earlier run remains. */
export function emptyCapture(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
}

/** All processes that log for a daemon of the laboratory. */
const DAEMONS = 'charon-systemd charon starter pluto addconn iked';

/**
 * Captures every form of each host's log unchanged, because the lines are evidence. The daemons are stopped first, so
 * that all forms end with the same line.
 */
export async function captureHosts(hosts: readonly Host[], directory: string): Promise<void> {
  for (const host of hosts) exec(host, `kill -STOP $(pidof ${DAEMONS})`);
  for (const host of hosts) {
    exec(host, 'journalctl --sync');
    await settle(host);
    captureHost(host, directory);
  }
}

/** Waits until rsyslogd has written everything it got from journald. */
async function settle(host: Host): Promise<void> {
  // The second of the two files that rsyslogd writes
  const file = join(host.files, FILES['iso.log']);
  const size = (): number => (existsSync(file) ? statSync(file).size : 0);
  let last = -1;
  await until(`rsyslogd on ${host.side}`, () => {
    const before = last;
    last = size();
    return before === last;
  });
}

function captureHost(host: Host, directory: string): void {
  for (const [end, form] of Object.entries(JOURNAL_FORMS)) {
    const text = exec(host, `journalctl --no-pager -q -o ${form} > /var/log/capture`).output;
    if (text) throw new Error(`journalctl on ${host.side}: ${text}`);
    copyFileSync(join(host.files, 'var/log/capture'), join(directory, `${host.side}.${end}`));
  }
  for (const [end, path] of Object.entries(FILES)) {
    const source = join(host.files, path);
    if (existsSync(source)) copyFileSync(source, join(directory, `${host.side}.${end}`));
  }
  captureStatus(join(host.files, 'var/log/status'), host, directory);
}

/** Collects the status outputs that steps of a scenario produced. */
function captureStatus(folder: string, host: Host, directory: string): void {
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder)) copyFileSync(join(folder, file), join(directory, `${host.side}.${file}`));
}

/** Records what was injected, next to the logs. */
export function captureTruth(directory: string, truth: unknown): void {
  writeFileSync(join(directory, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
}
