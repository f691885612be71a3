import type { CheckObservation, InterfaceObservation, PingObservation, SettingObservation, SocketObservation, ToolObservation } from './host-observation.js';
import type { Seen } from './seen.js';

export type { CheckObservation, InterfaceObservation, PingObservation, SettingObservation, SocketObservation, ToolObservation };

/** A command printed its output, possibly empty: what a complete output does not list does not exist. */
export interface SectionObservation extends Seen {
  readonly type: 'section';
  /** Number of entries in the output. */
  readonly entries: number;
}

/** Age and lifetimes of an SA. */
export interface LifetimeObservation {
  /** Seconds; null if unlimited or not printed. */
  readonly age: number | null;
  /** Creation time instead of the age, if that is printed: epoch milliseconds of the local time read as UTC. */
  readonly since?: number;
  readonly soft: number | null;
  readonly hard: number | null;
}

/**
 * An SA in the kernel. `spi` as a number; if it is 0, or there are no keys, the SA is `larval`: still being negotiated.
 */
export interface KernelSaObservation extends Seen {
  readonly type: 'kernel-sa';
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly spi: number;
  readonly reqid: number | null;
  readonly mode: string | null;
  readonly state: 'larval' | 'mature' | 'dying' | 'dead';
  readonly udpEncapsulated: boolean;
  /** Integrity algorithm, and the number of ICV bits transmitted. */
  readonly integrity: string | null;
  readonly integrityBits: number | null;
  /** Mark such as `0x6/0xffffffff`, and xfrm interface ID: both must match the policy's. */
  readonly mark: string | null;
  readonly interfaceId: number | null;
  readonly replayWindow: number | null;
  readonly packets: number | null;
  readonly bytes: number | null;
  /** Packets that failed the integrity check, were duplicates, or were too late for the replay window. */
  readonly failures: number | null;
  readonly replays: number | null;
  readonly late: number | null;
  readonly lifetime: LifetimeObservation;
  /** The packet that triggered a larval SA. */
  readonly selector: string | null;
  /** The output ends within this entry, so others may be missing. */
  readonly isCut?: true;
}

/** A policy in the kernel; template addresses are null if it has no template. */
export interface PolicyObservation extends Seen {
  readonly type: 'policy';
  readonly source: string;
  readonly destination: string;
  readonly direction: 'in' | 'out' | 'fwd';
  readonly action: 'ipsec' | 'allow' | 'block';
  readonly priority: number | null;
  readonly templateSource: string | null;
  readonly templateDestination: string | null;
  readonly reqid: number | null;
  readonly mode: string | null;
  readonly mark: string | null;
  readonly interfaceId: number | null;
}

/** An IKE SA listed by its daemon. */
export interface IkeSaObservation extends Seen {
  readonly type: 'ike-sa';
  readonly name: string | null;
  readonly number: number | null;
  readonly version: 1 | 2 | null;
  readonly established: boolean;
  /** The daemon's own name of the state. */
  readonly state: string;
  readonly localAddress: string | null;
  readonly localId: string | null;
  readonly peerAddress: string | null;
  readonly peerId: string | null;
  /** Has the peer answered, judged by its SPI? Null if that is not printed. */
  readonly peerAnswered: boolean | null;
  readonly initiator: boolean | null;
  /** Seconds until it is rekeyed, replaced or expires; negative if overdue. */
  readonly renewsIn: number | null;
  /** The output ends before the SA is complete, so its Child SAs may be missing. */
  readonly isCut?: true;
}

/** A Child SA (both directions) listed by its daemon. */
export interface ChildSaObservation extends Seen {
  readonly type: 'child-sa';
  readonly name: string | null;
  readonly number: number | null;
  readonly ikeName: string | null;
  readonly ikeNumber: number | null;
  readonly installed: boolean;
  readonly state: string;
  readonly reqid: number | null;
  readonly spiIn: number | null;
  readonly spiOut: number | null;
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
  readonly packetsIn: number | null;
  readonly packetsOut: number | null;
  readonly udpEncapsulated: boolean | null;
  readonly integrity: string | null;
  readonly localNet: string | null;
  readonly peerNet: string | null;
  readonly localAddress: string | null;
  readonly peerAddress: string | null;
  readonly renewsIn: number | null;
  readonly expiresIn: number | null;
}

/** A connection loaded by a daemon. */
export interface ConnectionObservation extends Seen {
  readonly type: 'connection';
  readonly name: string;
  readonly localAddress: string | null;
  readonly peerAddress: string | null;
  readonly localId: string | null;
  readonly peerId: string | null;
  readonly localNet: string | null;
  readonly peerNet: string | null;
  /** pluto: false if neither end is an address of this host. */
  readonly oriented: boolean | null;
  /** pluto: eroute or routing state. */
  readonly routing: string | null;
  /** pluto's workaround for peers that truncate SHA2-256 to 96 bits. */
  readonly truncatesSha2: boolean | null;
}

/** A kernel counter, such as one of `/proc/net/xfrm_stat`. */
export interface CounterObservation extends Seen {
  readonly type: 'counter';
  readonly name: string;
  readonly value: number;
}

/** A firewall chain, with its default policy. */
export interface ChainObservation extends Seen {
  readonly type: 'chain';
  readonly table: string;
  readonly chain: string;
  /** The hook it is attached to: INPUT, FORWARD, OUTPUT, PREROUTING, POSTROUTING; null for user-defined chains. */
  readonly hook: string | null;
  readonly policy: 'accept' | 'drop' | null;
  readonly packets: number | null;
}

/** A firewall rule; what the output omits (without -v) is null. */
export interface RuleObservation extends Seen {
  readonly type: 'rule';
  readonly table: string;
  readonly chain: string;
  readonly hook: string | null;
  readonly action: 'accept' | 'drop' | 'masquerade' | 'snat' | 'return' | 'jump' | 'other';
  readonly protocol: string | null;
  readonly ports: readonly number[];
  readonly source: string | null;
  readonly destination: string | null;
  readonly inInterface: string | null;
  readonly outInterface: string | null;
  readonly packets: number | null;
  /**
   * An IPsec policy match such as `policy match dir out pol ipsec`: whether the rule applies to packets with or without
   * IPsec.
   */
  readonly ipsec: 'with' | 'without' | null;
  /** The rule has further conditions that are not understood. */
  readonly hasOtherMatches: boolean;
}

/** An entry of a routing table. */
export interface RouteObservation extends Seen {
  readonly type: 'route';
  /** `unicast`, or `unreachable`, `blackhole`, `prohibit`, ... */
  readonly kind: string;
  readonly destination: string;
  readonly via: string | null;
  readonly device: string | null;
  readonly table: string | null;
  readonly preferredSource: string | null;
}

/** A KLIPS eroute: `%trap`, `%hold`, `%pass`, `%drop`, `%reject`, or the SA that packets use. */
export interface ErouteObservation extends Seen {
  readonly type: 'eroute';
  readonly source: string;
  readonly destination: string;
  readonly target: string;
  readonly packets: number;
}

/** The content of an ICMP error. */
export interface IcmpObservation {
  readonly reason: 'port' | 'protocol' | 'host' | 'prohibited' | 'too-big';
  /** Destination address and UDP port of the packet that the error is about; null if not printed. */
  readonly about: string | null;
  readonly port: number | null;
  readonly mtu: number | null;
}

/** Captured packets of one kind between two addresses; the line is that of the first. */
export interface PacketsObservation extends Seen {
  readonly type: 'packets';
  /** `fragment`: not the first fragment, so its content is unknown. `other`: cleartext. */
  readonly kind: 'ike' | 'esp' | 'ah' | 'keepalive' | 'fragment' | 'icmp' | 'other';
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  /** Capture interface, and the direction across it; null if not stated. */
  readonly device: string | null;
  readonly direction: 'in' | 'out' | null;
  /** ESP and AH only. */
  readonly spi: number | null;
  /** IKE only: version, and exchange as named by tcpdump, such as `ikev2_init`, `ident`, `oakley-quick`. */
  readonly version: 1 | 2 | null;
  readonly exchange: string | null;
  /** First fragment of a larger packet. */
  readonly isFragmented: boolean;
  readonly icmp: IcmpObservation | null;
  readonly packets: number;
}

/** A flow in connection tracking; the reply addresses reveal any NAT. `protocol`: protocol number. */
export interface FlowObservation extends Seen {
  readonly type: 'flow';
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly replySource: string;
  readonly replyDestination: string;
  readonly destinationPort: number | null;
  readonly isAnswered: boolean;
}

/** An event of a kernel SA. `isFinal`: the SA is gone, not just due for rekeying. */
export interface KernelEventObservation extends Seen {
  readonly type: 'kernel-event';
  readonly event: 'acquire' | 'expired' | 'deleted' | 'flushed' | 'mapping';
  readonly source: string | null;
  readonly destination: string | null;
  readonly spi: number | null;
  readonly isFinal: boolean;
}

export type Observation =
  | SectionObservation | KernelSaObservation | PolicyObservation | IkeSaObservation | ChildSaObservation
  | ConnectionObservation | CounterObservation | ChainObservation | RuleObservation | RouteObservation
  | InterfaceObservation | SettingObservation | ErouteObservation | CheckObservation | PacketsObservation
  | ToolObservation | FlowObservation | SocketObservation | KernelEventObservation | PingObservation;

export type ObservationOf<T extends Observation['type']> = Extract<Observation, { type: T }>;
