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

type Pair = Record<Side, DaemonName>;
type Hosts = Record<Side, Host>;

const clientOf = (daemon: DaemonName): typeof STRONGSWAN => (DAEMONS[daemon].kind === 'charon' ? STRONGSWAN : LIBRESWAN);

function configure(scenario: Scenario, side: Side, daemon: DaemonName): void {
  const gateway = gatewayOf(scenario, side);
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

/** Arguments are scenario names; `--pair west-east` keeps one pairing of them. */
async function main(args: string[]): Promise<void> {
  const at = args.indexOf('--pair');
  const only = at < 0 ? undefined : args.splice(at, 2)[1];
  for (const name of args.length > 0 ? args : allScenarios()) {
    const scenario = readScenario(name);
    for (const [west, east] of scenario.pairs) {
      if (only && only !== `${west}-${east}`) continue;
      [west, east, 'ss598' as const].forEach(install);
      makePki();
      console.log(`${name} ${west}-${east}`);
      await runPair(name, scenario, { west, east });
    }
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
