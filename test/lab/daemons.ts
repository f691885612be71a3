import type { Host } from './host.js';
import { IKECTL } from './iked.js';
import { DAEMONS, type DaemonKind, type DaemonName } from './install.js';
import { WHACK } from './libreswan.js';
import type { Side } from './network.js';
import { SETUP } from './openswan.js';
import type { WholeGateway } from './scenario.js';
import { STARTER } from './starter.js';
import { SWANCTL } from './strongswan.js';

/** How the laboratory controls a daemon of any kind. Commands are for a shell in its host. */
export interface Control {
  /** Writes its configuration into a host that has not started yet. */
  configure: (side: Side, gateway: WholeGateway, daemon: DaemonName) => void;
  /** Starts it and returns when its connections are loaded. */
  start: (host: Host, gateway: WholeGateway) => Promise<void>;
  stop: string;
  initiate: (name: string, seconds: number) => string;
  terminate: (name: string) => string;
  rekey: (name: string, what: 'ike' | 'child') => string;
  process: string;
  /** Seconds after which it gives up an attempt, if that cannot be shortened. */
  patience: number;
}

const CONTROLS: Readonly<Record<DaemonKind, Control>> = { charon: SWANCTL, starter: STARTER, pluto: WHACK, openswan: SETUP, iked: IKECTL };

export const controlOf = (daemon: DaemonName): Control => CONTROLS[DAEMONS[daemon].kind];
