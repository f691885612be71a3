import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { corpus, describe, type Corpus } from './corpus.js';
import { compareConnections, compareMemory, compareStrangers } from './growth.js';
import { measureLatency } from './latency.js';
import { measure, type Run } from './measure.js';
import { readOptions, USAGE, type Options } from './options.js';
import { ALONE, isInstalled, OURS, PEERS, type Contender } from './peers.js';
import { grouped, megabytes, spread, table, type Row } from './table.js';

const SMALL = fileURLToPath(new URL('../../samples/psk-mismatch-ikev2-ls410-ss598/west.syslog.log', import.meta.url));
const SMALL_RUNS = 21;
const GOALS = { mixed: '250 MB/s', dense: '400,000 lines/s with one thread', first: 0.15, latency: 10 };
/** Number of findings timed. */
const LATENCIES = 300;

const say = (text: string): void => console.log(text);

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.latency) return latency();
  if (options.start) return firstAnswer(options);
  if (options.memory) return compareMemory(options);
  if (options.connections) return compareConnections(options);
  if (options.strangers) return compareStrangers(options);
  say(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}\n`);
  await compare('Mixed syslog, 5 % IPsec', GOALS.mixed, await corpus('mixed', { bytes: options.mixedBytes }, options.cache), options);
  await compare('Dense charon and pluto log', GOALS.dense, await corpus('dense', { lines: options.denseLines }, options.cache), options);
  await firstAnswer(options);
}

async function compare(title: string, goal: string, log: Corpus, options: Options): Promise<void> {
  say(`${title}: ${megabytes(log.bytes)}, ${grouped(log.lines)} lines, ${options.runs} rounds after a warm-up. Goal: ${goal}.`);
  const rows = await inTurn([OURS, ALONE, ...(options.peers ? PEERS : [])], log.file, options);
  say(`${table(rows, log)}\n`);
}

/**
 * Rounds with one run per contender, so that a temporary slowdown of the machine affects all of them. The first round
 * is a warm-up and not counted.
 */
async function inTurn(contenders: readonly Contender[], file: string, { runs, cache }: Options): Promise<Row[]> {
  const scratch = join(cache, 'scratch');
  const rows = contenders.map((contender) => ({ contender, name: contender.name, runs: isInstalled(contender) ? ([] as Run[]) : `${contender.needs} is not installed` }));
  for (let round = 0; round <= runs; round++) {
    for (const row of rows) {
      if (typeof row.runs === 'string') continue;
      const run = await measure(row.contender.command(file, scratch)).catch((error: unknown) => String(error));
      if (typeof run === 'string') row.runs = run;
      else if (round > 0) row.runs.push(run);
    }
  }
  return rows;
}

async function firstAnswer({ cache }: Options): Promise<void> {
  const { lines } = await describe(SMALL);
  const command = OURS.command(SMALL, cache);
  const text = { ...command, args: command.args.filter((arg) => arg !== '--format' && arg !== 'json') };
  const bare = { program: process.execPath, args: ['-e', 'console.log()'] };
  const runs: { readonly ours: Run; readonly node: Run }[] = [];
  for (let round = 0; round <= SMALL_RUNS; round++) runs.push({ node: await measure(bare), ours: await measure(text) });
  const [first, node] = [spread(runs.slice(1).map(({ ours }) => ours.firstOutput ?? NaN)), spread(runs.slice(1).map((run) => run.node.firstOutput ?? NaN))];
  const verdict = first.median <= GOALS.first ? 'reached' : 'missed';
  say(`First answer on a log of ${lines} lines: ${ms(first.median)} (${ms(first.least)}–${ms(first.most)}), ${SMALL_RUNS} runs; ${ms(node.median)} of them are Node.js itself. Goal: ${ms(GOALS.first)}, ${verdict}.\n`);
}

/** Median and tail over many findings; on a busy machine the tail is the machine's. */
async function latency(): Promise<void> {
  const { median, most, slowest } = await measureLatency(LATENCIES);
  const verdict = slowest <= GOALS.latency ? 'reached' : 'missed';
  say(`From a line to its finding, ${LATENCIES} times: median ${median.toFixed(1)} ms, 99 of 100 within ${slowest.toFixed(1)} ms, at most ${most.toFixed(1)} ms. Goal: 99 of 100 within ${GOALS.latency} ms, ${verdict}.`);
}

const ms = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(USAGE);
  process.exitCode = 1;
}
