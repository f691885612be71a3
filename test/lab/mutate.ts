import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nameOf } from './matrix.js';
import { chosen, mutated, type Mutant } from './mutation.js';
import { INSIDE, runPair } from './pair.js';
import { LAB_ROOT } from './paths.js';
import { prepare } from './prepare.js';
import { continueInMachine } from './vm.js';

/** Mutants always run in the virtual machine, so that its complete kernel is never what is wrong with them. */
function goOnInMachine(args: readonly string[], mutants: readonly Mutant[]): void {
  prepare(mutants.map(({ pair }) => pair));
  mkdirSync(join(LAB_ROOT, 'mutations'), { recursive: true });
  continueInMachine('mutate.ts', args);
}

/**
 * `--seed` shuffles the table of mutations; `--count` of them are run, starting `--from` an index; `--only` selects
 * those with these names (separated by commas).
 */
async function main(args: string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { seed: text, from: text, count: text, only: text, list: { type: 'boolean', default: false } } });
  const { seed = '1', from = '0', count = '35' } = values;
  const mutants = chosen(Number(seed), Number(from), Number(count)).filter(({ name }) => values.only?.split(',').includes(name) ?? true);
  for (const mutant of mutants) if (values.list || INSIDE) console.log(`${String(mutant.number).padStart(3, '0')} ${mutant.name} ${mutant.base} ${nameOf(mutant.pair)} ${mutant.side}`);
  if (values.list) return;
  if (!INSIDE) return goOnInMachine(args, mutants);
  for (const mutant of mutants) await run(seed, mutant);
}

async function run(seed: string, mutant: Mutant): Promise<void> {
  const number = String(mutant.number).padStart(3, '0');
  const directory = join(LAB_ROOT, 'mutations', seed, `${number}-${mutant.name}-${nameOf(mutant.pair)}`);
  await runPair(mutated(mutant), mutant.pair, directory).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

void main(process.argv.slice(2));
