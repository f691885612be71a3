import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DAEMONS, type DaemonName } from './install.js';
import { captureOf } from './paths.js';
import { readScenario, type Scenario } from './scenario.js';

export interface Pair {
  west: DaemonName;
  east: DaemonName;
}

/** Selects pairs: only one pairing, or only those never captured. */
export interface Choice {
  only: string | undefined;
  missing: boolean;
  /** Runs the given pairing in the virtual machine, even if the scenario does not list it. */
  unlisted: boolean;
}

/** The names of all scenarios. */
export function allScenarios(): string[] {
  const folder = fileURLToPath(new URL('./scenarios/', import.meta.url));
  return readdirSync(folder).map((file) => file.replace(/\.json$/, '')).sort();
}

/** The pairs of a scenario that run on this kernel, or those that need the virtual machine's. */
export function pairsOf(name: string, where: 'pairs' | 'vm', choice: Choice = { only: undefined, missing: false, unlisted: false }): Pair[] {
  if (choice.unlisted) return where === 'vm' ? [pairOf(choice.only)] : [];
  const pairs = (readScenario(name)[where] ?? []).map(([west, east]) => ({ west, east }));
  return pairs.filter((pair) => (choice.only ?? nameOf(pair)) === nameOf(pair) && !(choice.missing && isCaptured(name, pair)));
}

function pairOf(name = ''): Pair {
  const [west, east] = name.split('-') as [DaemonName, DaemonName];
  if (!(west in DAEMONS) || !(east in DAEMONS)) throw new Error(`--pair wants two daemons, not "${name}"`);
  return { west, east };
}

export const nameOf = ({ west, east }: Pair): string => `${west}-${east}`;

/** The truth is written last, so a capture without it was interrupted. */
const isCaptured = (name: string, pair: Pair): boolean => existsSync(join(captureOf(name, nameOf(pair)), 'truth.json'));

/** The README's overview of all scenarios in Markdown: counts per pair, and a list. */
export function overview(): string {
  const names = allScenarios();
  return [`${names.length} scenarios, ${names.flatMap(everyPair).length} pairs of them.`, grid(names), catalogue(names)].join('\n\n');
}

const everyPair = (name: string): Pair[] => [...pairsOf(name, 'pairs'), ...pairsOf(name, 'vm')];

/** Number of scenarios per pair: west from top to bottom, east from left to right. */
function grid(names: readonly string[]): string {
  const count = new Map<string, number>();
  for (const pair of names.flatMap(everyPair).map(nameOf)) count.set(pair, (count.get(pair) ?? 0) + 1);
  const daemons = Object.keys(DAEMONS) as DaemonName[];
  const west = daemons.filter((daemon) => daemons.some((east) => count.has(nameOf({ west: daemon, east }))));
  const east = daemons.filter((daemon) => daemons.some((other) => count.has(nameOf({ west: other, east: daemon }))));
  const rows = west.map((daemon) => [`\`${daemon}\``, ...east.map((other) => String(count.get(nameOf({ west: daemon, east: other })) ?? ''))]);
  return table([['west \\ east', ...east.map((daemon) => `\`${daemon}\``)], ['---', ...east.map(() => '---:')], ...rows]);
}

function catalogue(names: readonly string[]): string {
  const rows = names.map((name) => [`\`${name}\``, readScenario(name).title, pairings(readScenario(name))]);
  return table([['scenario', 'what happens', 'pairs'], ['---', '---', '---'], ...rows]);
}

function pairings({ pairs = [], vm = [] }: Scenario): string {
  const list = (all: readonly (readonly string[])[]): string => all.map((pair) => pair.join('-')).join(', ');
  return [...(pairs.length > 0 ? [list(pairs)] : []), ...(vm.length > 0 ? [`vm: ${list(vm)}`] : [])].join('; ');
}

const table = (rows: readonly (readonly string[])[]): string => rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
