import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  readonly mixedBytes: number;
  readonly denseLines: number;
  readonly runs: number;
  readonly cache: string;
  /** Compare memory at 100 MB and 1 GB of input and of a follower, and nothing else. */
  readonly memory: boolean;
  /** How many lines a follower has seen when its memory is compared. */
  readonly followedLines: number;
  /** Compare time and memory where strangers send packets, and nothing else. */
  readonly strangers: boolean;
  /** Compare time and memory at up to 100,000 connections, and nothing else. */
  readonly connections: boolean;
  readonly peers: boolean;
  /** Measure the time from a line to its finding, and nothing else. */
  readonly latency: boolean;
  /** Measure the time to the first answer, and nothing else. */
  readonly start: boolean;
}

export const USAGE = `npm run bench -- [--quick] [--mixed-mb N] [--dense-lines N] [--runs N] [--cache DIR] [--memory] [--followed-lines N] [--strangers] [--connections] [--no-peers] [--latency] [--start]`;

/** Reads the command line. Throws for options that do not exist and numbers that are none. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      'mixed-mb': { type: 'string' },
      'dense-lines': { type: 'string' },
      runs: { type: 'string' },
      cache: { type: 'string', default: join(tmpdir(), 'ipsec-logwatch-bench') },
      memory: { type: 'boolean', default: false },
      'followed-lines': { type: 'string', default: '10000000' },
      strangers: { type: 'boolean', default: false },
      connections: { type: 'boolean', default: false },
      'no-peers': { type: 'boolean', default: false },
      latency: { type: 'boolean', default: false },
      start: { type: 'boolean', default: false },
    },
  });
  return {
    mixedBytes: 1e6 * count('mixed-mb', values['mixed-mb'] ?? (values.quick ? '60' : '450')),
    denseLines: count('dense-lines', values['dense-lines'] ?? (values.quick ? '200000' : '2000000')),
    runs: count('runs', values.runs ?? (values.quick ? '3' : '5')),
    cache: values.cache,
    memory: values.memory,
    followedLines: count('followed-lines', values['followed-lines']),
    strangers: values.strangers,
    connections: values.connections,
    peers: !values['no-peers'],
    latency: values.latency,
    start: values.start,
  };
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} ${text}: not a whole number above 0`);
  return value;
}
