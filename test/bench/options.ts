import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  readonly mixedBytes: number;
  readonly denseLines: number;
  readonly runs: number;
  readonly cache: string;
  /** Only compare memory at 100 MB and 1 GB of input, and of a follower. */
  readonly memory: boolean;
  /** Lines that a follower has read when its memory is compared. */
  readonly followedLines: number;
  /** Only compare time and memory with unsolicited packets. */
  readonly strangers: boolean;
  /** Only compare time and memory at up to 100,000 connections. */
  readonly connections: boolean;
  readonly peers: boolean;
  /** Only measure the time from a line to its finding. */
  readonly latency: boolean;
  /** Only measure the time to the first answer. */
  readonly start: boolean;
}

export const USAGE = `npm run bench -- [--quick] [--mixed-mb N] [--dense-lines N] [--runs N] [--cache DIR] [--memory] [--followed-lines N] [--strangers] [--connections] [--no-peers] [--latency] [--start]`;

/** Parses the command line. Throws for unknown options and invalid numbers. */
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
