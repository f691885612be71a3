import { join } from 'node:path';
import { captureHosts, captureTruth, emptyCapture } from './capture.js';
import { controlOf, type Control } from './daemons.js';
import { exec, prepareHost, removeHosts, startHost, stopHost, writeFile, type Host } from './host.js';
import type { DaemonName } from './install.js';
import type { Pair } from './matrix.js';
import { buildNetwork, removeNetwork, setLink, setMtu, setRouter, startTcpdump, type Side } from './network.js';
import { gatewayOf, sidesOf, type Scenario, type Step, type WholeGateway } from './scenario.js';
import { attempt, sleep } from './shell.js';
import { statusCommand } from './status.js';

/** Set if this program runs inside the virtual machine, whose kernel has ESP. */
export const INSIDE = process.env['LAB_MACHINE'] === '1';

/** A running gateway of a scenario. */
interface Station {
  host: Host;
  gateway: WholeGateway;
  control: Control;
}

type Stations = Partial<Record<Side, Station>>;

/** Runs a scenario with one pair of daemons, on a network and hosts of its own. */
export async function runPair(scenario: Scenario, pair: Pair, directory: string): Promise<void> {
  const sides = sidesOf(scenario).map((side) => ({ side, daemon: side === 'east' ? pair.east : pair.west, gateway: wanted(scenario, side) }));
  const stations: Stations = {};
  emptyCapture(directory);
  if (INSIDE) forgetKernelLog();
  try {
    buildNetwork(sides.map(({ side, gateway }) => ({ side, queue: gateway.queue })));
    setRouter(scenario.router ?? []);
    for (const { side, daemon, gateway } of sides) stations[side] = await startStation(side, daemon, gateway);
    await perform(scenario, stations);
    await captureHosts(Object.values(stations).map(({ host }) => host), directory);
    captureTruth(directory, { title: scenario.title, ...scenario.truth });
  } finally {
    for (const { host } of Object.values(stations)) await stopHost(host);
    removeHosts();
    removeNetwork();
  }
}

async function startStation(side: Side, daemon: DaemonName, gateway: WholeGateway): Promise<Station> {
  const control = controlOf(daemon);
  prepareHost(side);
  control.configure(side, gateway, daemon);
  for (const [path, content] of Object.entries(gateway.files)) writeFile(side, path, content);
  return { host: await startHost(side, daemon, gateway.zone, INSIDE && gateway.kernelLog), gateway, control };
}

/**
 * The gateway adapted to this place: in the virtual machine the kernel has ESP, so libipsec is not needed, and the
 * processor is slow.
 */
function wanted(scenario: Scenario, side: Side): WholeGateway {
  const gateway = gatewayOf(scenario, side);
  return INSIDE ? { ...gateway, libipsec: false, timing: gateway.timing === 'short' ? 'slow' : gateway.timing } : gateway;
}

/** Discards kernel messages from boot or from an earlier pair. */
function forgetKernelLog(): void {
  attempt('timeout', ['0.5', 'cat', '/proc/kmsg'], { maxBuffer: 64_000_000 });
}

async function perform(scenario: Scenario, stations: Stations): Promise<void> {
  for (const { side, command } of scenario.before ?? []) exec(stationOf(stations, side).host, command);
  // A daemon that does not come up may be the subject of the scenario
  for (const { control, gateway, host } of Object.values(stations))
    if (gateway.daemon) await control.start(host, gateway).catch((error: Error) => console.log(error.message));
  for (const step of scenario.steps) {
    const said = await take(step, stations);
    if (process.env['LAB_VERBOSE']) console.log(JSON.stringify(step), said);
  }
}

/** Performs a step. The output of clients is shown but never judged: the purpose of the run is the logs. */
async function take(step: Step, stations: Stations): Promise<string> {
  if (step.do === 'wait') await sleep(step.seconds);
  else if (step.do === 'router') setRouter(step.rules);
  else if (step.do === 'link') setLink(step.side, step.state);
  else if (step.do === 'mtu') setMtu(step.side, step.bytes);
  else return await ask(step, stationOf(stations, step.side));
  return '';
}

function stationOf(stations: Stations, side: Side): Station {
  const station = stations[side];
  if (!station) throw new Error(`the scenario has no host ${side}`);
  return station;
}

/** A step that runs a command in a host. */
async function ask(step: Exclude<Step, { do: 'wait' | 'router' | 'link' | 'mtu' }>, { host, gateway, control }: Station): Promise<string> {
  const tunnel = ('tunnel' in step && step.tunnel) || 'west-east';
  switch (step.do) {
    case 'initiate':
      return initiate(host, control, step, tunnel);
    case 'terminate':
      return exec(host, control.terminate(tunnel)).output;
    case 'rekey':
      return exec(host, placed(step, control.rekey(tunnel, step.what))).output;
    case 'ping':
      return exec(host, `ping -c2 -W1 -I ${step.side === 'west' ? '203.0.113.1 203.0.113.65' : '203.0.113.65 203.0.113.1'}`).output;
    case 'kill':
      return exec(host, `kill -9 $(pidof ${control.process}); ${untilGone(control)}`).output;
    case 'stop':
      return exec(host, `${control.stop}; ${untilGone(control)}`).output;
    case 'start':
      await control.start(host, gateway);
      return '';
    case 'run':
      return exec(host, step.command).output;
    case 'tcpdump':
      startTcpdump(step.side, join(host.files, 'var/log/status', `${step.name}.txt`));
      return '';
    case 'status':
      return exec(host, statusCommand(control.process, step.name)).output;
  }
}

/** Waits for the client at least as long as its daemon needs to give up. */
function initiate(host: Host, { initiate, patience }: Control, step: { seconds?: number; background?: boolean }, tunnel: string): string {
  const seconds = Math.max(step.seconds ?? 20, patience);
  return exec(host, placed(step, initiate(tunnel, seconds)), seconds + 5).output;
}

/** Waits for a daemon to exit, because a new one would find its ports still in use. */
const untilGone = ({ process }: Control): string => `for n in $(seq 100); do pidof ${process} > /dev/null || break; sleep 0.1; done`;

/** A command to wait for, or one that continues during the next steps. */
const placed = (step: { background?: boolean }, command: string): string => (step.background ? `(${command}) > /dev/null 2>&1 &` : command);
