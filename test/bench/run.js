import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { corpus, describe } from './corpus.js';
import { measure } from './measure.js';
import { readOptions, USAGE } from './options.js';
import { isInstalled, OURS, PEERS } from './peers.js';
import { grouped, megabytes, spread, table } from './table.js';
const SMALL = fileURLToPath(new URL('../../samples/psk-mismatch-ikev2-ls410-ss598/west.syslog.log', import.meta.url));
const SMALL_RUNS = 11;
const GOALS = { mixed: '250 MB/s', dense: '400,000 lines/s', first: 0.2 };
/** Sizes between which memory must not grow. */
const MEMORY_BYTES = [100e6, 1000e6];
const say = (text) => console.log(text);
async function main(args) {
    const options = readOptions(args);
    say(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}\n`);
    await compare('Mixed syslog, 5 % IPsec', GOALS.mixed, await corpus('mixed', { bytes: options.mixedBytes }, options.cache), options);
    await compare('Dense charon and pluto log', GOALS.dense, await corpus('dense', { lines: options.denseLines }, options.cache), options);
    await firstAnswer(options);
    if (options.memory)
        await compareMemory(options);
}
async function compare(title, goal, log, options) {
    say(`${title}: ${megabytes(log.bytes)}, ${grouped(log.lines)} lines, ${options.runs} rounds after a warm-up. Goal: ${goal}.`);
    const rows = await inTurn([OURS, ...(options.peers ? PEERS : [])], log.file, options);
    say(`${table(rows, log)}\n`);
}
/** Rounds of one run each, so that whatever slows the machine for a while slows everybody. The first round warms up and is not counted. */
async function inTurn(contenders, file, { runs, cache }) {
    const scratch = join(cache, 'scratch');
    const rows = contenders.map((contender) => ({ contender, name: contender.name, runs: isInstalled(contender) ? [] : `${contender.needs} is not installed` }));
    for (let round = 0; round <= runs; round++) {
        for (const row of rows) {
            if (typeof row.runs === 'string')
                continue;
            const run = await measure(row.contender.command(file, scratch)).catch((error) => String(error));
            if (typeof run === 'string')
                row.runs = run;
            else if (round > 0)
                row.runs.push(run);
        }
    }
    return rows;
}
async function firstAnswer({ cache }) {
    const { lines } = await describe(SMALL);
    const command = OURS.command(SMALL, cache);
    const text = { ...command, args: command.args.filter((arg) => arg !== '--format' && arg !== 'json') };
    const runs = [];
    for (let round = 0; round <= SMALL_RUNS; round++)
        runs.push(await measure(text));
    const first = spread(runs.slice(1).map((run) => run.firstOutput ?? NaN));
    const verdict = first.median <= GOALS.first ? 'reached' : 'missed';
    say(`First answer on a log of ${lines} lines: ${ms(first.median)} (${ms(first.least)}–${ms(first.most)}), ${SMALL_RUNS} runs. Goal: ${ms(GOALS.first)}, ${verdict}.\n`);
}
async function compareMemory({ cache }) {
    for (const kind of ['mixed', 'dense']) {
        const peaks = [];
        for (const bytes of MEMORY_BYTES) {
            const { file } = await corpus(kind, { bytes }, cache);
            peaks.push((await measure(OURS.command(file, cache))).peak ?? NaN);
        }
        const [small = NaN, large = NaN] = peaks;
        say(`Peak memory, ${kind}: ${megabytes(small)} for 100 MB, ${megabytes(large)} for 1 GB of input (${(large / small).toFixed(2)} ×). Goal: flat.`);
    }
}
const ms = (seconds) => `${(seconds * 1000).toFixed(0)} ms`;
try {
    await main(process.argv.slice(2));
}
catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(USAGE);
    process.exitCode = 1;
}
