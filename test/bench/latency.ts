import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { failures } from '../follow/load.js';
import { spread, type Spread } from './table.js';

const BINARY = fileURLToPath(new URL('../../bin/ipsec-logwatch.js', import.meta.url));
const WARM_UP = 20;
/** Milliseconds between two failures. */
const EVERY = 30;

export interface Latency extends Spread {
  /** 99th percentile in milliseconds. */
  readonly slowest: number;
}

/**
 * Milliseconds from writing a line to the pipe until the finding is in the output, for failures that a single line
 * decides. Failures that may still recover, and silence, are reported later on purpose.
 */
export async function measureLatency(count: number): Promise<Latency> {
  const child = spawn(process.execPath, [BINARY, '--format', 'ndjson'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const begun = new Map<string, number>();
  const took: number[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const now = performance.now();
    for (const [, name = ''] of text.matchAll(/"change":"failed","connection":\{"name":"([^"]+)"/g)) took.push(now - (begun.get(name) ?? NaN));
  });
  const load = failures();
  for (let sent = 0; sent < count + WARM_UP; sent += 1) {
    const { messages, failed } = load.next().value;
    const stamp = new Date().toISOString();
    for (const name of failed) begun.set(name, performance.now());
    child.stdin.write(messages.map((message) => `${stamp} gw charon: ${message}\n`).join(''));
    await new Promise((resolve) => { setTimeout(resolve, EVERY); });
  }
  child.stdin.end();
  await new Promise((resolve) => child.once('close', resolve));
  const counted = took.slice(WARM_UP).sort((a, b) => a - b);
  return { ...spread(counted), slowest: counted[Math.ceil(counted.length * 0.99) - 1] ?? NaN };
}
