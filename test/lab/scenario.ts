import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DaemonKind, DaemonName } from './install.js';
import { ADDRESS, type Side } from './network.js';

/** One tunnel as configured on one gateway. */
export interface Tunnel {
  name: string;
  ike: 1 | 2;
  aggressive: boolean;
  mode: 'tunnel' | 'transport';
  localAddress: string;
  /** `%any` if the peer may have any address. */
  peerAddress: string;
  localId: string;
  /** `%any` if the peer may have any identity. */
  peerId: string;
  localNet: string;
  peerNet: string;
  /**
   * The same on both ends: the client of `eap` and `xauth` uses a password; the server a certificate, or a pre-shared
   * key for XAuth.
   */
  auth: 'psk' | 'cert' | 'eap' | 'xauth';
  /** Which end is the client of `eap` and `xauth`. */
  client: boolean;
  user: string;
  password: string;
  /** A client requests a virtual address; a server assigns them from this pool. */
  virtualIp: boolean;
  pool: string | null;
  /** Send our certificate to peers that do not request it; pluto does not always request one. */
  sendCert: boolean;
  /** null: no secret is configured for this tunnel. */
  psk: string | null;
  ikeProposal: string;
  espProposal: string;
  /** Seconds between liveness checks (DPD); 0 for none. */
  dpd: number;
  /** Retry forever after the peer was declared dead (strongSwan only). */
  restart: boolean;
  /** Further lines of the tunnel's configuration, by kind of daemon, or by section of swanctl.conf. */
  extra: Partial<Record<DaemonKind | 'child' | 'local' | 'remote', string[]>>;
}

/** Settings of one gateway, apart from its tunnels. */
export interface Gateway {
  /** false: the host exists, but no daemon runs on it. */
  daemon: boolean;
  /** false: the daemon is started but cannot stay up. */
  starts: boolean;
  /** Capabilities withheld from the daemon, named as in capabilities(7) without CAP_. */
  lacks: string[];
  /** false: the connections are configured but not loaded. */
  load: boolean;
  /** The certificate from the laboratory's PKI that this gateway presents, and the CA it trusts. */
  cert: string;
  ca: string;
  /** Whether it has the certificate revocation list, or one that is overdue. */
  crl: boolean | 'overdue';
  /** ESP in user space, for kernels without it (strongSwan only; not used in the virtual machine). */
  libipsec: boolean;
  /** The daemon's default retransmission, or a shortened one; `slow` replaces `short` in the slower virtual machine. */
  timing: 'short' | 'default' | 'slow';
  /** Log to a file instead of syslog (Libreswan only). */
  logfile: boolean;
  /** Whether the daemon accepts IKEv1 at all (Libreswan only). */
  ikev1: boolean;
  /** Further lines of the daemon's settings: section `charon` of strongswan.conf, `config setup` of ipsec.conf. */
  setup: Partial<Record<DaemonKind, string[]>>;
  /**
   * Include kernel messages in its syslog. For one host at most, and only in the virtual machine, which has a kernel of
   * its own.
   */
  kernelLog: boolean;
  /** Files of the host, by path. */
  files: Record<string, string>;
  /** The host's time zone, in POSIX form, such as CET-1. */
  zone: string;
  /** The time that the daemon sees: an offset such as -400d, or where it starts (`@2029-12-31 23:59:30`); journald and
   * rsyslogd have the real time. */
  clock: string | null;
  /** Maximum number of lines waiting for rsyslogd; the kernel's default of 10 loses some, 1 loses many. */
  queue: number;
}

/** Overrides for one side: any property of a tunnel or gateway, and `tunnels` if there are several. */
export type Overrides = Partial<Tunnel> & Partial<Gateway> & { tunnels?: Partial<Tunnel>[] };

/** A gateway with all defaults filled in. */
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

/**
 * What can be known from the log of one host, as determined by a person who read it. If nothing fails, `firstFailure`
 * is omitted.
 */
export interface Told {
  /** As in samples/README.md. */
  outcome: 'failing' | 'up' | 'down' | 'none';
  /** A part of its line. */
  firstFailure?: string;
  /**
   * The cause that must be ranked first; without it, the log cannot tell, and the injected cause must be among those
   * listed.
   */
  cause?: string;
  /** Causes that may be ranked first instead, as far as this log tells; `also`: those of other attempts in it. */
  among?: string[];
  also?: string[];
}

export interface Scenario {
  title: string;
  /** Pairs of west and east. Those of `vm` run in the virtual machine, whose kernel has ESP, AH and PF_KEY. */
  pairs?: [DaemonName, DaemonName][];
  vm?: [DaemonName, DaemonName][];
  both?: Overrides;
  west?: Overrides;
  east?: Overrides;
  /** A third host next to west with the same daemon; by default there are two. */
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
     * For captures without a sample: by pair, then by host (or by file, if one form of the log says more or less than
     * the others). If nothing was injected and nothing is stated here, the tunnel comes up and nothing fails.
     */
    logs?: Record<string, Record<string, Told>>;
  };
}

/** Defaults of all scenarios. */
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
  // As set by systemd at boot
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

/** A gateway of the scenario, with all defaults filled in. */
export function gatewayOf(scenario: Scenario, side: Side): WholeGateway {
  const merged: Overrides = { ...scenario.both, ...scenario[side] };
  const { tunnels = [{}], ...rest } = merged;
  const whole = { ...TUNNEL, ...ends(side), ...GATEWAY, cert: side, ...rest };
  return { ...whole, tunnels: tunnels.map((tunnel) => ({ ...whole, ...tunnel })) };
}

/** The hosts of a scenario; the first is the usual initiator. */
export const sidesOf = (scenario: Scenario): Side[] => (scenario.north ? ['west', 'north', 'east'] : ['west', 'east']);

export function readScenario(name: string): Scenario {
  return JSON.parse(readFileSync(fileOf(name), 'utf8')) as Scenario;
}

export const hasScenario = (name: string): boolean => existsSync(fileOf(name));

const fileOf = (name: string): string => fileURLToPath(new URL(`./scenarios/${name}.json`, import.meta.url));
