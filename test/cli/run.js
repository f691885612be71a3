import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
const BIN = fileURLToPath(new URL('../../bin/ipsec-logwatch.js', import.meta.url));
/** Starts the command as it was built, without a terminal. */
export function start(args, cwd) {
    const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...process.env, FORCE_COLOR: undefined } });
    let stdout = '';
    let stderr = '';
    const listeners = new Set();
    child.stdout.setEncoding('utf8').on('data', (text) => {
        stdout += text;
        listeners.forEach((listener) => listener());
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.stdin.on('error', () => undefined);
    const result = new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
    return {
        write: (text) => void child.stdin.write(text),
        end: () => void child.stdin.end(),
        signal: (signal) => void child.kill(signal),
        until: (text) => new Promise((resolve, reject) => {
            const look = () => {
                if (stdout.includes(text)) {
                    listeners.delete(look);
                    resolve();
                }
            };
            listeners.add(look);
            void result.then(() => reject(new Error(`ended without ${text}: ${stdout}${stderr}`)));
            look();
        }),
        result,
    };
}
/** Runs the command to its end with this standard input. */
export function run(args, options = {}) {
    const running = start(args, options.cwd);
    running.write(options.input ?? '');
    running.end();
    return running.result;
}
