import type { Connection, TimelineEntry } from './attempt.js';
import type { ChildSaObservation, ConnectionObservation, IkeSaObservation, KernelSaObservation, Observation, PacketsObservation, PolicyObservation } from './observation.js';

/** Everything status outputs of one gateway show. */
export interface Gateway {
  /** Addresses of its own, as far as the outputs tell. */
  readonly addresses: ReadonlySet<string>;
  readonly observations: readonly Observation[];
  /** ESP is in user space: the kernel's tables are empty although tunnels are up. */
  readonly userland: boolean;
}

/** What captures of packets show of a tunnel. `errors`: ICMP about packets that were sent to the peer. */
export interface Captured {
  readonly sent: readonly PacketsObservation[];
  readonly heard: readonly PacketsObservation[];
  readonly errors: readonly PacketsObservation[];
}

/** What status outputs show to be as it should be. */
export type Confirmation = 'ike-sent' | 'ike-heard' | 'nat' | 'forwarding' | 'routes' | 'ping' | 'large-packets' | 'no-errors';

/** What shows it; null where nothing does. */
export type Confirmed = Readonly<Record<Confirmation, Observation | null>>;

/** A connection with what the status outputs of its gateway say about it. */
export interface Tunnel {
  readonly connection: Connection;
  readonly gateway: Gateway | null;
  readonly localAddress: string | null;
  readonly peerAddress: string | null;
  readonly localNet: string | null;
  readonly peerNet: string | null;
  /** An address of this gateway inside the tunnel, and one behind the peer: what a ping has to be sent between. */
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
  /** What the outputs show to be wrong with it; most telling first. */
  readonly problems: readonly TimelineEntry[];
  /** What they show to be wrong with its gateway as a whole. */
  readonly gatewayProblems: readonly TimelineEntry[];
}
