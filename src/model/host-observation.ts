import type { Seen } from './seen.js';

/** A network interface; what the output does not show is null. */
export interface InterfaceObservation extends Seen {
  readonly type: 'interface';
  readonly name: string;
  readonly up: boolean | null;
  readonly mtu: number | null;
  readonly addresses: readonly string[];
  readonly receivedPackets: number | null;
  readonly sentPackets: number | null;
  readonly receiveErrors: number | null;
  readonly receiveDropped: number | null;
  readonly sendErrors: number | null;
  readonly sendDropped: number | null;
}

/** A kernel setting: `net.ipv4.ip_forward` and its value. */
export interface SettingObservation extends Seen {
  readonly type: 'setting';
  readonly name: string;
  readonly value: string;
}

/** One line of `ipsec verify`. */
export interface CheckObservation extends Seen {
  readonly type: 'check';
  readonly check: string;
  readonly result: 'ok' | 'failed' | 'warning' | 'unknown';
}

/** A client that could not reach its daemon. */
export interface ToolObservation extends Seen {
  readonly type: 'tool';
  readonly reason: 'not-running' | 'not-permitted';
  /** The command of its unit that failed, if the service manager names it. */
  readonly step?: string;
}

/** A bound UDP socket; what the output does not show is null. */
export interface SocketObservation extends Seen {
  readonly type: 'socket';
  readonly address: string | null;
  readonly port: number;
  readonly process: string | null;
}

/**
 * A completed ping. `size`: bytes per IP packet (for IPv6, of its payload). `mtu`: as reported by an error about the
 * packet size.
 */
export interface PingObservation extends Seen {
  readonly type: 'ping';
  readonly source: string | null;
  readonly target: string;
  readonly size: number;
  readonly sent: number | null;
  readonly received: number | null;
  readonly mtu: number | null;
}
