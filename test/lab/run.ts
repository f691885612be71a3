import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { captureHost, captureTruth, emptyCapture } from './capture.js';
import { exec, prepareHost, removeHosts, startHost, stopHost, type Host } from './host.js';
import { DAEMONS, install, type DaemonName } from './install.js';
import { configureLibreswan, LIBRESWAN, startLibreswan } from './libreswan.js';
import { buildNetwork, removeNetwork, setLink, setRouter, SIDES, type Side } from './network.js';
import { captureOf } from './paths.js';
import { makePki } from './pki.js';
import { gatewayOf, readScenario, type Gateway, type Scenario, type Step } from './scenario.js';
import { sleep } from './shell.js';
import { configureStrongswan, startStrongswan, STRONGSWAN } from './strongswan.js';
import { runInMachine } from './vm.js';

/** Set where this program runs inside the virtual machine, whose kernel has ESP. */
const INSIDE = process.env['LAB_MACHINE'] === '1';

type Pair = Record<Side, DaemonName>;
type Hosts = Record<Side, Host>;

const clientOf = (daemon: DaemonName): typeof STRONGSWAN => (DAEMONS[daemon].kind === 'charon' ? STRONGSWAN : LIBRESWAN);

function configure(scenario: Scenario, side: Side, daemon: DaemonName): void {
  const gateway = { ...gatewayOf(scenario, side), ...(INSIDE ? { libipsec: false } : {}) };
  prepareHost(side);
  if (DAEMONS[daemon].kind === 'charon') configureStrongswan(side, gateway);
  else configureLibreswan(side, daemon, gateway);
}

async function startDaemon(host: Host, daemon: DaemonName, gateway: Gateway): Promise<void> {
  if (!gateway.daemon) return;
  if (DAEMONS[daemon].kind === 'charon') await startStrongswan(host, gateway);
  else await startLibreswan(host, gateway);
}

/** One step of a scenario. What a client says is shown, never judged: the logs are what the run is for. */
async function take(step: Step, hosts: Hosts, pair: Pair): Promise<string> {
  const ask = (side: Side, command: string, seconds = 60): string => exec(hosts[side], command, seconds).output;
  const client = (side: Side): typeof STRONGSWAN => clientOf(pair[side]);
  const tunnel = 'tunnel' in step && step.tunnel ? step.tunnel : 'west-east';
  switch (step.do) {
    case 'initiate':
      return ask(step.side, client(step.side).initiate(tunnel, step.seconds ?? 20), (step.seconds ?? 20) + 5);
    case 'terminate':
      return ask(step.side, client(step.side).terminate(tunnel));
    case 'ping':
      return ask(step.side, step.side === 'west' ? 'ping -c2 -W1 -I 203.0.113.1 203.0.113.65' : 'ping -c2 -W1 -I 203.0.113.65 203.0.113.1');
    case 'kill':
      return ask(step.side, `kill -9 $(pidof ${client(step.side).process})`);
    case 'run':
      return ask(step.side, step.command);
    case 'router':
      setRouter(step.rules);
      return '';
    case 'link':
      setLink(step.side, step.state);
      return '';
    case 'wait':
      await sleep(step.seconds);
      return '';
  }
}

async function perform(scenario: Scenario, hosts: Hosts, pair: Pair): Promise<void> {
  for (const { side, command } of scenario.before ?? []) exec(hosts[side], command);
  for (const side of SIDES) await startDaemon(hosts[side], pair[side], gatewayOf(scenario, side));
  for (const step of scenario.steps) {
    const said = await take(step, hosts, pair);
    if (process.env['LAB_VERBOSE']) console.log(JSON.stringify(step), said);
  }
}

/** One scenario with one pair of daemons, on a network and hosts made for it alone. */
async function runPair(name: string, scenario: Scenario, pair: Pair): Promise<void> {
  const directory = captureOf(name, `${pair.west}-${pair.east}`);
  emptyCapture(directory);
  buildNetwork();
  setRouter(scenario.router ?? []);
  for (const side of SIDES) configure(scenario, side, pair[side]);
  const hosts = { west: await startHost('west', pair.west), east: await startHost('east', pair.east) };
  try {
    await perform(scenario, hosts, pair);
    for (const side of SIDES) captureHost(hosts[side], directory);
    captureTruth(directory, { title: scenario.title, ...scenario.truth });
  } finally {
    for (const side of SIDES) await stopHost(hosts[side]);
    removeHosts();
    removeNetwork();
  }
}

/** Every scenario, when none is named. */
function allScenarios(): string[] {
  const folder = fileURLToPath(new URL('./scenarios/', import.meta.url));
  return readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
}

/** Those pairs of a scenario that run on this kernel, or that need the virtual machine's. */
function pairsOf(scenario: Scenario, where: 'pairs' | 'vm', only: string | undefined): Pair[] {
  const pairs = (scenario[where] ?? []).map(([west, east]) => ({ west, east }));
  return pairs.filter(({ west, east }) => only === undefined || only === `${west}-${east}`);
}

/** A pair that fails to run is told, and the others are run all the same. */
async function runScenario(name: string, only: string | undefined): Promise<void> {
  const scenario = readScenario(name);
  for (const pair of pairsOf(scenario, INSIDE ? 'vm' : 'pairs', only)) {
    console.log(`${name} ${pair.west}-${pair.east}`);
    await runPair(name, scenario, pair).catch(report);
  }
}

function report(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Chroots and certificates, which the virtual machine only reads. */
function prepare(names: readonly string[], only: string | undefined): void {
  const pairs = names.map(readScenario).flatMap((scenario) => [...pairsOf(scenario, 'pairs', only), ...pairsOf(scenario, 'vm', only)]);
  new Set<DaemonName>(['ss598', ...pairs.flatMap(({ west, east }) => [west, east])]).forEach(install);
  makePki();
}

/** The same run, in the virtual machine, for the scenarios that need it. */
function continueInMachine(names: readonly string[], only: string | undefined): void {
  const needing = names.filter((name) => pairsOf(readScenario(name), 'vm', only).length > 0);
  if (needing.length === 0) return;
  const settings = `LAB_ROOT=/lab LAB_MACHINE=1 LAB_VERBOSE=${process.env['LAB_VERBOSE'] ?? ''}`;
  const pair = only === undefined ? '' : ` --pair ${only}`;
  const lab = 'node node_modules/tsx/dist/cli.mjs test/lab/run.ts';
  const status = runInMachine(`cd /repository && ${settings} ${lab} ${needing.join(' ')}${pair}`);
  if (status !== 0) process.exitCode = 1;
}

/** Arguments are scenario names; `--pair west-east` keeps one pairing of them. */
async function main(args: string[]): Promise<void> {
  const at = args.indexOf('--pair');
  const only = at < 0 ? undefined : args.splice(at, 2)[1];
  const names = args.length > 0 ? args : allScenarios();
  if (!INSIDE) prepare(names, only);
  for (const name of names) await runScenario(name, only);
  if (!INSIDE) continueInMachine(names, only);
}

main(process.argv.slice(2)).catch(report);
