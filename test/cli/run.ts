import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/ipsec-logwatch.js', import.meta.url));

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command. */
export interface Running {
  write(text: string): void;
  end(): void;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the output contains the text; rejects if the command ends before. */
  until(text: string): Promise<void>;
  readonly result: Promise<Result>;
}

/** Starts the built command without a terminal. */
export function start(args: readonly string[], cwd?: string, nodeOptions: readonly string[] = []): Running {
  const child = spawn(process.execPath, [...nodeOptions, BIN, ...args], { cwd, env: { ...process.env, FORCE_COLOR: undefined } });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    listeners.forEach((listener) => listener());
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  const result = new Promise<Result>((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
  return {
    write: (text) => void child.stdin.write(text),
    end: () => void child.stdin.end(),
    signal: (signal) => void child.kill(signal),
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
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
export function run(args: readonly string[], options: { cwd?: string; input?: string } = {}): Promise<Result> {
  const running = start(args, options.cwd);
  running.write(options.input ?? '');
  running.end();
  return running.result;
}
