import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { corpus } from './corpus.js';
import { denseLines } from './dense.js';
import { measure } from './measure.js';
import type { Options } from './options.js';
import { OURS } from './peers.js';
import { grouped, megabytes } from './table.js';

/** About twelve attempts. */
const LINES_PER_CONNECTION = 120;
const CONNECTIONS = [['tunnels5k', 5_000], ['tunnels20k', 20_000], ['tunnels100k', 100_000]] as const;
const MOST_MEMORY = 1e9;
/** Input sizes between which memory must not grow. */
const INPUT_BYTES = [100e6, 1000e6];
/** Numbers of lines about unsolicited packets, each from a new address, between which memory must not grow. */
const STRANGER_LINES = [500_000, 2_000_000];
/** Lines after which a follower's memory is first measured; it must not grow until the last measurement. */
const FOLLOWED_FIRST = 1e6;
/** Runs in the follower's process: reports, on request, the memory in use after a garbage collection. */
const PROBE = "data:text/javascript,process.on('message',()=>{gc();process.send(process.memoryUsage())});process.channel.unref()";
const SEED = 4500;
const WRITE_CHARACTERS = 1 << 18;

const say = (text: string): void => console.log(text);

/** Time and memory per attempt must not depend on the number of connections. */
export async function compareConnections({ cache }: Options): Promise<void> {
  const perAttempt: number[] = [];
  for (const [kind, connections] of CONNECTIONS) {
    const log = await corpus(kind, { lines: connections * LINES_PER_CONNECTION }, cache);
    const attempts = new AttemptCounter();
    const { seconds, peak } = await measure(OURS.command(log.file, cache), (output) => attempts.take(output));
    perAttempt.push(seconds / attempts.count);
    const kept = peak === null ? '' : `, ${(peak / 1e3 / connections).toFixed(1)} kB a connection`;
    say(`${grouped(connections)} connections, ${grouped(attempts.count)} attempts, ${grouped(log.lines)} lines: ${seconds.toFixed(1)} s, ${(1e6 * (perAttempt.at(-1) ?? NaN)).toFixed(0)} µs an attempt; peak memory ${megabytes(peak ?? NaN)}${kept}.`);
    if (connections === CONNECTIONS.at(-1)?.[1]) say(`Goal: below ${megabytes(MOST_MEMORY)}, ${(peak ?? NaN) < MOST_MEMORY ? 'reached' : 'missed'}.`);
  }
  const [least = NaN] = perAttempt;
  say(`An attempt among the most connections takes ${((perAttempt.at(-1) ?? NaN) / least).toFixed(2)} × the time of one among the fewest. Goal: linear, 1.`);
}

/** Counts the attempts in a JSON report that arrives in pieces. */
class AttemptCounter {
  count = 0;
  private rest = '';

  take(output: Buffer): void {
    const text = this.rest + output.toString('latin1');
    const end = text.lastIndexOf(',') + 1;
    for (const [, number] of text.slice(0, end).matchAll(/"(?:repeats|omittedAttempts)":(\d+)/g)) this.count += Number(number);
    this.rest = text.slice(end);
  }
}

/** Peak memory for logs of one host, and for a follower after few and after very many lines. */
export async function compareMemory({ cache, followedLines }: Options): Promise<void> {
  for (const kind of ['mixed', 'dense'] as const) {
    const peaks: number[] = [];
    for (const bytes of INPUT_BYTES) {
      const { file } = await corpus(kind, { bytes }, cache);
      peaks.push((await measure(OURS.command(file, cache))).peak ?? NaN);
    }
    const [small = NaN, large = NaN] = peaks;
    say(`Peak memory, ${kind}: ${megabytes(small)} for 100 MB, ${megabytes(large)} for 1 GB of input (${(large / small).toFixed(2)} ×). Goal: flat.`);
  }
  const [early, late] = await follow(cache, followedLines);
  say(`A follower after ${[FOLLOWED_FIRST, followedLines].map(grouped).join(' and ')} lines: ${megabytes(early.heapUsed)} and ${megabytes(late.heapUsed)} in use (${(late.heapUsed / early.heapUsed).toFixed(2)} ×), ${megabytes(early.rss)} and ${megabytes(late.rss)} resident. Goal: flat.`);
}

/**
 * Time and peak memory if most of a log is about unsolicited packets: time must be linear, and memory must not grow.
 */
export async function compareStrangers({ cache }: Options): Promise<void> {
  const runs: { readonly lines: number; readonly seconds: number; readonly peak: number }[] = [];
  for (const lines of STRANGER_LINES) {
    const { file } = await corpus('strangers', { lines }, cache);
    const { seconds, peak } = await measure(OURS.command(file, cache));
    runs.push({ lines, seconds, peak: peak ?? NaN });
    say(`${grouped(lines)} lines of packets of strangers: ${seconds.toFixed(1)} s, ${grouped(Math.round(lines / seconds))} lines/s; peak memory ${megabytes(peak ?? NaN)}.`);
  }
  const [few, many] = [runs[0], runs.at(-1)];
  if (few === undefined || many === undefined) return;
  const slower = many.seconds / many.lines / (few.seconds / few.lines);
  say(`A line among the most takes ${slower.toFixed(2)} × the time of one among the fewest, peak memory is ${(many.peak / few.peak).toFixed(2)} ×. Goal: linear and flat.`);
}

/** Writes lines into a pipe as fast as they are read, and measures the reader's memory at both counts. */
async function follow(cache: string, last: number): Promise<readonly [NodeJS.MemoryUsage, NodeJS.MemoryUsage]> {
  const { program, args } = OURS.command('-', cache);
  const child = spawn(program, ['--expose-gc', '--import', PROBE, ...args.map((arg) => (arg === 'json' ? 'ndjson' : arg))], { stdio: ['pipe', 'ignore', 'inherit', 'ipc'] });
  const lines = denseLines(SEED);
  await feed(child, lines, FOLLOWED_FIRST);
  const early = await memoryOf(child);
  await feed(child, lines, last - FOLLOWED_FIRST);
  const late = await memoryOf(child);
  child.stdin?.end();
  await once(child, 'close');
  return [early, late];
}

async function feed({ stdin }: ChildProcess, lines: Iterator<string, never>, count: number): Promise<void> {
  let batch = '';
  for (let left = count; left > 0; left--) {
    batch += `${lines.next().value}\n`;
    if (batch.length < WRITE_CHARACTERS && left > 1) continue;
    if (stdin?.write(batch, 'latin1') === false) await once(stdin, 'drain');
    batch = '';
  }
}

async function memoryOf(child: ChildProcess): Promise<NodeJS.MemoryUsage> {
  const answer = once(child, 'message');
  child.send('memory');
  return ((await answer) as [NodeJS.MemoryUsage])[0];
}
