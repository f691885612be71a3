import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './host.js';
/** The forms in which journalctl prints the same lines, by the end of the file that holds them. */
const JOURNAL_FORMS = {
    'journal.short.log': 'short',
    'journal.short-iso.log': 'short-iso',
    'journal.short-precise.log': 'short-precise',
    'journal.json': 'json',
};
/** Files that daemons and rsyslogd write themselves. */
const FILES = {
    'syslog.log': 'var/log/syslog',
    'iso.log': 'var/log/syslog.iso',
    'charon.log': 'var/log/charon.log',
    'pluto.log': 'var/log/pluto.log',
};
/** Begins a capture, so that nothing of an earlier run is taken for this one's. */
export function emptyCapture(directory) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
}
/** Takes every form of one host's log, as it is: the lines are evidence. */
export function captureHost(host, directory) {
    exec(host, 'journalctl --sync');
    for (const [end, form] of Object.entries(JOURNAL_FORMS)) {
        const text = exec(host, `journalctl --no-pager -q -o ${form} > /var/log/capture`).output;
        if (text)
            throw new Error(`journalctl on ${host.side}: ${text}`);
        copyFileSync(join(host.files, 'var/log/capture'), join(directory, `${host.side}.${end}`));
    }
    for (const [end, path] of Object.entries(FILES)) {
        const source = join(host.files, path);
        if (existsSync(source))
            copyFileSync(source, join(directory, `${host.side}.${end}`));
    }
    captureStatus(join(host.files, 'var/log/status'), host, directory);
}
/** Takes the status outputs that the steps of a scenario asked for. */
function captureStatus(folder, host, directory) {
    if (!existsSync(folder))
        return;
    for (const file of readdirSync(folder))
        copyFileSync(join(folder, file), join(directory, `${host.side}.${file}`));
}
/** Notes what was injected next to what was logged. */
export function captureTruth(directory, truth) {
    writeFileSync(join(directory, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
}
