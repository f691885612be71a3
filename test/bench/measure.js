import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
const GNU_TIME = '/usr/bin/time';
const POLL = 10;
const ERROR_CHARACTERS = 2000;
/** Asked once: GNU time may be missing, and other programs of that name know no format. */
let gnuTime;
/** Runs a command to its end. Throws with its last words if it fails. */
export async function measure({ program, args, env = {}, accepted = [0] }) {
    const report = join(tmpdir(), `ipsec-logwatch-bench-peak-${process.pid}`);
    const isTimed = await (gnuTime ??= hasGnuTime());
    const [file, ...rest] = isTimed ? [GNU_TIME, '-q', '-f', '%M', '-o', report, program, ...args] : [program, ...args];
    const begin = performance.now();
    // A pipe that is read, not /dev/null: grep stops at the first match when nobody can see its output.
    const child = spawn(file, rest, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const polled = isTimed ? undefined : pollPeak(child);
    const output = watch(child, begin);
    const [status] = (await once(child, 'close'));
    const seconds = (performance.now() - begin) / 1000;
    const peak = isTimed ? readPeak(report) : (polled?.() ?? null);
    if (status === null || !accepted.includes(status))
        throw new Error(`${program}: exit status ${status}: ${output.errors.trim()}`);
    return { seconds, firstOutput: output.first, peak };
}
async function hasGnuTime() {
    const child = spawn(GNU_TIME, ['-f', '%M', 'true'], { stdio: 'ignore' });
    const outcome = await Promise.race([once(child, 'close'), once(child, 'error')]).catch(() => [1]);
    return outcome[0] === 0;
}
function watch(child, begin) {
    const output = { first: null, errors: '' };
    child.stdout?.on('data', () => (output.first ??= (performance.now() - begin) / 1000));
    child.stderr?.on('data', (text) => (output.errors = (output.errors + String(text)).slice(-ERROR_CHARACTERS)));
    return output;
}
function readPeak(report) {
    const kilobytes = Number(readFileSync(report, 'utf8').trim().split('\n').at(-1));
    rmSync(report);
    return Number.isFinite(kilobytes) ? kilobytes * 1024 : null;
}
/** Without GNU time: Linux keeps the high-water mark while the process lives, so the last look is the answer, less what came behind it. */
function pollPeak({ pid }) {
    let peak = null;
    const timer = setInterval(() => {
        try {
            const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
            if (kilobytes !== undefined)
                peak = Number(kilobytes) * 1024;
        }
        catch {
            clearInterval(timer); // ended, or there is no /proc
        }
    }, POLL);
    return () => {
        clearInterval(timer);
        return peak;
    };
}
