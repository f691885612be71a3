import type { Connection, TimelineEntry } from './attempt.js';
import type { ChildSaObservation, ConnectionObservation, IkeSaObservation, KernelSaObservation, Observation, PacketsObservation, PolicyObservation } from './observation.js';

/** All that the status outputs of one gateway show. */
export interface Gateway {
  /** The gateway's own addresses, as far as known. */
  readonly addresses: ReadonlySet<string>;
  readonly observations: readonly Observation[];
  /** ESP is processed in user space: the kernel's tables are empty although tunnels are up. */
  readonly userland: boolean;
}

/** Captured packets of a tunnel. `errors`: ICMP errors about packets sent to the peer. */
export interface Captured {
  readonly sent: readonly PacketsObservation[];
  readonly heard: readonly PacketsObservation[];
  readonly errors: readonly PacketsObservation[];
}

/** What status outputs can confirm to be in order. */
export type TunnelConfirmation = 'ike-sent' | 'ike-heard' | 'nat' | 'forwarding' | 'routes' | 'ping' | 'large-packets' | 'no-errors';

/** The confirming observation; null if there is none. */
export type Confirmed = Readonly<Record<TunnelConfirmation, Observation | null>>;

/** A connection, with what status outputs of its gateway say about it. */
export interface Tunnel {
  readonly connection: Connection;
  readonly gateway: Gateway | null;
  readonly localAddress: string | null;
  readonly peerAddress: string | null;
  readonly localNet: string | null;
  readonly peerNet: string | null;
  /** An address of this gateway inside the tunnel, and one behind the peer: the endpoints for a test ping. */
  readonly pingSource: string | null;
  readonly pingTarget: string | null;
  readonly loaded: ConnectionObservation | null;
  readonly ikeSas: readonly IkeSaObservation[];
  readonly childSas: readonly ChildSaObservation[];
  readonly inbound: readonly KernelSaObservation[];
  readonly outbound: readonly KernelSaObservation[];
  readonly policies: readonly PolicyObservation[];
  readonly captured: Captured;
  readonly confirmed: Confirmed;
  /** Problems shown by the outputs, most significant first. */
  readonly problems: readonly TimelineEntry[];
  /** Problems of the gateway as a whole. */
  readonly gatewayProblems: readonly TimelineEntry[];
}
