import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ADDRESS, type Side } from './network.js';
import type { DaemonName } from './install.js';

/** One tunnel as one gateway is configured to see it. */
export interface Tunnel {
  name: string;
  ike: 1 | 2;
  aggressive: boolean;
  localAddress: string;
  peerAddress: string;
  localId: string;
  peerId: string;
  localNet: string;
  peerNet: string;
  auth: 'psk' | 'cert';
  /** Whether our certificate is sent to peers that do not ask for it: pluto does not always ask. */
  sendCert: boolean;
  /** null: no secret is configured for this tunnel. */
  psk: string | null;
  ikeProposal: string;
  espProposal: string;
  /** Seconds between liveness checks; 0 for none. */
  dpd: number;
  /** Whether a tunnel whose peer was declared dead is tried again, for ever (strongSwan only). */
  restart: boolean;
}

/** What one gateway runs, beyond its tunnels. */
export interface Gateway {
  /** false: the host is there, no daemon runs on it. */
  daemon: boolean;
  /** false: the daemon is started and cannot stay up. */
  starts: boolean;
  /** false: the connections are in the configuration file and are not loaded. */
  load: boolean;
  /** Which certificate of the laboratory's PKI this gateway presents, and the CA it trusts. */
  cert: string;
  ca: string;
  /** ESP in user space, for kernels without it (strongSwan only). */
  libipsec: boolean;
  /** Retransmission as the daemon ships it, or shortened. */
  timing: 'short' | 'default';
  /** Where the daemon logs: to syslog, or to a file of its own without syslog (Libreswan only). */
  logfile: boolean;
  /** Whether the daemon speaks IKEv1 at all (Libreswan only). */
  ikev1: boolean;
}

/** Overrides of one side: everything a tunnel or a gateway has, and `tunnels` where there are several. */
export type Overrides = Partial<Tunnel> & Partial<Gateway> & { tunnels?: Partial<Tunnel>[] };

export type Step =
  | { do: 'initiate'; side: Side; tunnel?: string; seconds?: number }
  | { do: 'wait'; seconds: number }
  | { do: 'router'; rules: string[] }
  | { do: 'link'; side: Side; state: 'up' | 'down' }
  | { do: 'ping'; side: Side }
  | { do: 'kill'; side: Side }
  | { do: 'terminate'; side: Side; tunnel?: string }
  | { do: 'run'; side: Side; command: string };

export interface Scenario {
  title: string;
  /** West and east. Those of `vm` run in the virtual machine, whose kernel has ESP, AH and PF_KEY. */
  pairs?: [DaemonName, DaemonName][];
  vm?: [DaemonName, DaemonName][];
  both?: Overrides;
  west?: Overrides;
  east?: Overrides;
  router?: string[];
  /** Commands in a host before its daemon starts. */
  before?: { side: Side; command: string }[];
  steps: Step[];
  truth: { cause: string | null; side: Side | 'between'; sentence: string };
}

/** What is the same in all scenarios unless one says otherwise. */
const TUNNEL = {
  name: 'west-east',
  ike: 2,
  aggressive: false,
  auth: 'psk',
  sendCert: true,
  psk: 'lantern-orchard-velvet-48',
  ikeProposal: 'aes256-sha256-modp2048',
  espProposal: 'aes256-sha256-modp2048',
  dpd: 0,
  restart: false,
} as const;

const GATEWAY: Omit<Gateway, 'cert'> = {
  daemon: true, starts: true, load: true, ca: 'lab', libipsec: false, timing: 'short', logfile: false, ikev1: true,
};

const SITE = {
  west: { id: 'west.example.com', net: '203.0.113.0/26' },
  east: { id: 'east.example.com', net: '203.0.113.64/26' },
} as const;

function ends(side: Side): Pick<Tunnel, 'localAddress' | 'peerAddress' | 'localId' | 'peerId' | 'localNet' | 'peerNet'> {
  const peer = side === 'west' ? 'east' : 'west';
  return {
    localAddress: ADDRESS[side].host,
    peerAddress: ADDRESS[peer].host,
    localId: SITE[side].id,
    peerId: SITE[peer].id,
    localNet: SITE[side].net,
    peerNet: SITE[peer].net,
  };
}

/** A gateway as the scenario wants it, every default filled in. */
export function gatewayOf(scenario: Scenario, side: Side): Gateway & { tunnels: Tunnel[] } {
  const merged: Overrides = { ...scenario.both, ...scenario[side] };
  const { tunnels = [{}], ...rest } = merged;
  const whole = { ...TUNNEL, ...ends(side), ...GATEWAY, cert: side, ...rest };
  return { ...whole, tunnels: tunnels.map((tunnel) => ({ ...whole, ...tunnel })) };
}

export function readScenario(name: string): Scenario {
  const file = fileURLToPath(new URL(`./scenarios/${name}.json`, import.meta.url));
  return JSON.parse(readFileSync(file, 'utf8')) as Scenario;
}
