import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DaemonKind, DaemonName } from './install.js';
import { ADDRESS, type Side } from './network.js';

/** One tunnel as one gateway is configured to see it. */
export interface Tunnel {
  name: string;
  ike: 1 | 2;
  aggressive: boolean;
  mode: 'tunnel' | 'transport';
  localAddress: string;
  /** `%any` where the peer may come from anywhere. */
  peerAddress: string;
  localId: string;
  /** `%any` where the peer may be anybody. */
  peerId: string;
  localNet: string;
  peerNet: string;
  /** The same for both ends: the client of `eap` and `xauth` shows a password, its server a certificate or, for XAuth, a secret. */
  auth: 'psk' | 'cert' | 'eap' | 'xauth';
  /** Which end is the client of `eap` and `xauth`. */
  client: boolean;
  user: string;
  password: string;
  /** A client asks for an address; a server has these to give. */
  virtualIp: boolean;
  pool: string | null;
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
  /** Further lines of the tunnel's configuration, as the daemon of that kind wants them; the others are those of sections of swanctl.conf. */
  extra: Partial<Record<DaemonKind | 'child' | 'local' | 'remote', string[]>>;
}

/** What one gateway runs, beyond its tunnels. */
export interface Gateway {
  /** false: the host is there, no daemon runs on it. */
  daemon: boolean;
  /** false: the daemon is started and cannot stay up. */
  starts: boolean;
  /** Capabilities that the daemon has not, as capabilities(7) names them, without CAP_. */
  lacks: string[];
  /** false: the connections are in the configuration file and are not loaded. */
  load: boolean;
  /** Which certificate of the laboratory's PKI this gateway presents, and the CA it trusts. */
  cert: string;
  ca: string;
  /** Whether it has the list of revoked certificates. */
  crl: boolean;
  /** ESP in user space, for kernels without it (strongSwan only; not used in the virtual machine). */
  libipsec: boolean;
  /** Retransmission as the daemon ships it, or shortened; `slow` is what `short` becomes in the virtual machine, which takes its time. */
  timing: 'short' | 'default' | 'slow';
  /** Where the daemon logs: to syslog, or to a file of its own without syslog (Libreswan only). */
  logfile: boolean;
  /** Whether the daemon speaks IKEv1 at all (Libreswan only). */
  ikev1: boolean;
  /** Further lines of the daemon's own settings: the section `charon` of strongswan.conf, `config setup` of ipsec.conf. */
  setup: Partial<Record<DaemonKind, string[]>>;
  /** Whether its syslog has the kernel's lines too. One host at most, and only in the virtual machine, whose kernel is nobody else's. */
  kernelLog: boolean;
  /** Files of the host, by path. */
  files: Record<string, string>;
  /** The host's time zone, in POSIX form, such as CET-1. */
  zone: string;
  /** What the daemon believes the time to be, such as -400d; journald and rsyslogd know better. */
  clock: string | null;
  /** How many lines wait for rsyslogd at most; the kernel's own value of 10 loses some, 1 many. */
  queue: number;
}

/** Overrides of one side: everything a tunnel or a gateway has, and `tunnels` where there are several. */
export type Overrides = Partial<Tunnel> & Partial<Gateway> & { tunnels?: Partial<Tunnel>[] };

/** A gateway as a scenario wants it, every default filled in. */
export type WholeGateway = Gateway & { tunnels: Tunnel[] };

export type Step =
  | { do: 'initiate'; side: Side; tunnel?: string; seconds?: number; background?: boolean }
  | { do: 'wait'; seconds: number }
  | { do: 'router'; rules: string[] }
  | { do: 'link'; side: Side; state: 'up' | 'down' }
  | { do: 'mtu'; side: Side; bytes: number }
  | { do: 'ping'; side: 'west' | 'east' }
  | { do: 'kill' | 'stop' | 'start'; side: Side }
  | { do: 'rekey'; side: Side; what: 'ike' | 'child'; tunnel?: string; background?: boolean }
  | { do: 'terminate'; side: Side; tunnel?: string }
  | { do: 'run'; side: Side; command: string }
  | { do: 'tcpdump'; side: Side; name: string }
  | { do: 'status'; side: Side; name: string };

/** What the log of one host lets one know, as somebody found who read it. Where nothing fails, `firstFailure` is left out. */
export interface Told {
  /** As in samples/README.md. */
  outcome: 'failing' | 'up' | 'down' | 'none';
  /** A part of its line. */
  firstFailure?: string;
  /** The cause that must come first; without it, the log cannot know, and what was injected must be among those that are listed. */
  cause?: string;
  /** Causes that may come first instead, as far as this log goes; those of other attempts in it. */
  among?: string[];
  also?: string[];
}

export interface Scenario {
  title: string;
  /** West and east. Those of `vm` run in the virtual machine, whose kernel has ESP, AH and PF_KEY. */
  pairs?: [DaemonName, DaemonName][];
  vm?: [DaemonName, DaemonName][];
  both?: Overrides;
  west?: Overrides;
  east?: Overrides;
  /** A third host, next to west, with the same daemon; without it there are two. */
  north?: Overrides;
  router?: string[];
  /** Commands in a host before its daemon starts. */
  before?: { side: Side; command: string }[];
  steps: Step[];
  truth: {
    cause: string | null;
    side: Side | 'between';
    sentence: string;
    /**
     * By pair, then by host, or by file where a form of the log tells more or less than the others: of captures of which no sample was made.
     * Where nothing was injected and nothing is said here, the tunnel comes up and nothing fails.
     */
    logs?: Record<string, Record<string, Told>>;
  };
}

/** What is the same in all scenarios unless one says otherwise. */
const TUNNEL = {
  name: 'west-east',
  ike: 2,
  aggressive: false,
  mode: 'tunnel',
  auth: 'psk',
  user: 'dora',
  password: 'walnut-ferry-92',
  pool: null,
  sendCert: true,
  psk: 'lantern-orchard-velvet-48',
  ikeProposal: 'aes256-sha256-modp2048',
  espProposal: 'aes256-sha256-modp2048',
  dpd: 0,
  restart: false,
  virtualIp: false,
  extra: {},
} as const;

const GATEWAY: Omit<Gateway, 'cert'> = {
  daemon: true, starts: true, lacks: [], load: true, ca: 'lab', crl: false, libipsec: false, timing: 'short', logfile: false, ikev1: true, kernelLog: false,
  setup: {}, files: {}, zone: 'UTC', clock: null,
  // as systemd sets it at boot
  queue: 512,
};

const SITE = {
  west: { id: 'west.example.com', net: '203.0.113.0/26' },
  east: { id: 'east.example.com', net: '203.0.113.64/26' },
  north: { id: 'north.example.com', net: '203.0.113.128/26' },
} as const;

function ends(side: Side): Pick<Tunnel, 'localAddress' | 'peerAddress' | 'localId' | 'peerId' | 'localNet' | 'peerNet' | 'client'> {
  const peer = side === 'east' ? 'west' : 'east';
  return {
    localAddress: ADDRESS[side].host,
    peerAddress: ADDRESS[peer].host,
    localId: SITE[side].id,
    peerId: SITE[peer].id,
    localNet: SITE[side].net,
    peerNet: SITE[peer].net,
    client: side !== 'east',
  };
}

/** A gateway as the scenario wants it, every default filled in. */
export function gatewayOf(scenario: Scenario, side: Side): WholeGateway {
  const merged: Overrides = { ...scenario.both, ...scenario[side] };
  const { tunnels = [{}], ...rest } = merged;
  const whole = { ...TUNNEL, ...ends(side), ...GATEWAY, cert: side, ...rest };
  return { ...whole, tunnels: tunnels.map((tunnel) => ({ ...whole, ...tunnel })) };
}

/** The hosts of a scenario, the one that is asked to initiate first. */
export const sidesOf = (scenario: Scenario): Side[] => (scenario.north ? ['west', 'north', 'east'] : ['west', 'east']);

export function readScenario(name: string): Scenario {
  return JSON.parse(readFileSync(fileOf(name), 'utf8')) as Scenario;
}

export const hasScenario = (name: string): boolean => existsSync(fileOf(name));

const fileOf = (name: string): string => fileURLToPath(new URL(`./scenarios/${name}.json`, import.meta.url));
