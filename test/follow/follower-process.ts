import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/ipsec-logwatch.js', import.meta.url));

/** A follower as users run it, with a state and an output file. */
export class FollowerProcess {
  private child: ChildProcess | null = null;
  errors = '';

  constructor(
    private readonly log: string,
    readonly state: string,
    readonly output: string,
  ) {}

  start(): void {
    const args = [BIN, '--follow', this.log, '--format', 'ndjson', '--state', this.state, '--output', this.output];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr?.on('data', (text: Buffer) => this.note(String(text)));
    const child = this.child;
    child.once('exit', (code, signal) => {
      if (this.child === child) this.note(`ended by itself: ${signal ?? `status ${code}`}\n`);
    });
  }

  /** Ends it with a signal and waits for it to exit. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = null;
    if (child === null || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** Has it read the initial contents, so that its state names the log? */
  hasBegun(): boolean {
    return existsSync(this.state) && readFileSync(this.state, 'utf8').includes('"logs":[{');
  }

  private note(text: string): void {
    this.errors = (this.errors + text).slice(-4000);
  }

  /** What was reported, one key per output line: type of change, connection, and the line at which it failed. */
  told(): string[] {
    if (!existsSync(this.output)) return [];
    const written = readFileSync(this.output, 'utf8');
    // Anything after the last line end may be half written.
    return written.slice(0, written.lastIndexOf('\n') + 1).split('\n').filter((line) => line !== '').map(keyOf);
  }

  /** Names of the connections reported as failed. */
  failed(): string[] {
    return this.told().flatMap((key) => (key.startsWith('failed ') ? [key.split(' ')[1] ?? ''] : []));
  }
}

function keyOf(line: string): string {
  const { change, connection, attempt } = JSON.parse(line) as { change: string; connection?: { name: string | null }; attempt?: { subject: string; repeats: number; firstFailure: { text: string } | null } };
  return `${change} ${connection?.name} ${attempt?.subject} ${attempt?.repeats} ${attempt?.firstFailure?.text}`;
}

/** Keys that occur more than once. */
export function twice(keys: readonly string[]): string[] {
  const seen = new Set<string>();
  return keys.filter((key) => seen.size === seen.add(key).size);
}
