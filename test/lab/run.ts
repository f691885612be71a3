import { parseArgs } from 'node:util';
import { allScenarios, nameOf, pairsOf, type Choice } from './matrix.js';
import { INSIDE, runPair } from './pair.js';
import { captureOf } from './paths.js';
import { prepare } from './prepare.js';
import { readScenario } from './scenario.js';
import { attempt } from './shell.js';
import { continueInMachine } from './vm.js';

/** A pair that fails to run is reported, and the others still run. */
async function runScenario(name: string, choice: Choice): Promise<void> {
  for (const pair of pairsOf(name, INSIDE ? 'vm' : 'pairs', choice)) {
    console.log(`${name} ${nameOf(pair)}`);
    await runPair(readScenario(name), pair, captureOf(name, nameOf(pair))).catch(report);
  }
}

function report(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Continues with the scenarios that need the virtual machine. */
function goOnInMachine(names: readonly string[], choice: Choice): void {
  const needing = names.filter((name) => pairsOf(name, 'vm', choice).length > 0);
  if (needing.length === 0) return;
  continueInMachine('run.ts', [...needing, ...(choice.missing ? ['--missing'] : []), ...(choice.unlisted ? ['--unlisted'] : []), ...(choice.only === undefined ? [] : ['--pair', choice.only])]);
}

/** Lets the firewalls of all namespaces log, inside the virtual machine. */
function openKernelLog(): void {
  attempt('sh', ['-c', 'modprobe -a nf_log_syslog nft_log; echo 1 > /proc/sys/net/netfilter/nf_log_all_netns']);
}

const FLAG = { type: 'boolean', default: false } as const;

/**
 * Arguments are scenario names; `--pair west-east` selects one pairing, `--unlisted` runs it even if no scenario lists
 * it, `--missing` selects pairs never captured.
 */
async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { pair: { type: 'string' }, missing: FLAG, unlisted: FLAG } });
  const choice = { only: values.pair, missing: values.missing, unlisted: values.unlisted };
  const names = positionals.length > 0 ? positionals : allScenarios();
  if (INSIDE) openKernelLog();
  else prepare(names.flatMap((name) => [...pairsOf(name, 'pairs', choice), ...pairsOf(name, 'vm', choice)]));
  for (const name of names) await runScenario(name, choice);
  if (!INSIDE) goOnInMachine(names, choice);
}

main(process.argv.slice(2)).catch(report);
