import type { CheckObservation, InterfaceObservation, PingObservation, SettingObservation, SocketObservation, ToolObservation } from './host-observation.js';
import type { Seen } from './seen.js';

export type { CheckObservation, InterfaceObservation, PingObservation, SettingObservation, SocketObservation, ToolObservation };

/** Something is printed by this command, be it nothing: what is not in a complete output does not exist. */
export interface SectionObservation extends Seen {
  readonly type: 'section';
  /** Entries that followed. */
  readonly entries: number;
}

export interface LifetimeObservation {
  /** Seconds; null where unlimited or not printed. */
  readonly age: number | null;
  /** When it began, in epoch milliseconds of the clock on the wall, where that is printed instead. */
  readonly since?: number;
  readonly soft: number | null;
  readonly hard: number | null;
}

/** One SA of the kernel. `spi` as a number, whatever the spelling; 0 or no keys: `larval`, still being negotiated. */
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
  /** Integrity algorithm, and the bits of its checksum (ICV) that are sent. */
  readonly integrity: string | null;
  readonly integrityBits: number | null;
  /** `0x6/0xffffffff`, and the ID of the xfrm interface: both have to fit the policy's. */
  readonly mark: string | null;
  readonly interfaceId: number | null;
  readonly replayWindow: number | null;
  readonly packets: number | null;
  readonly bytes: number | null;
  /** Packets whose integrity check failed, that came twice, and that came too late for the replay window. */
  readonly failures: number | null;
  readonly replays: number | null;
  readonly late: number | null;
  readonly lifetime: LifetimeObservation;
  /** The packet that asked for it, of a larval SA. */
  readonly selector: string | null;
}

/** One policy of the kernel; template addresses are null where it has none. */
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

export interface IkeSaObservation extends Seen {
  readonly type: 'ike-sa';
  readonly name: string | null;
  readonly number: number | null;
  readonly version: 1 | 2 | null;
  readonly established: boolean;
  /** The daemon's own word for its state. */
  readonly state: string;
  readonly localAddress: string | null;
  readonly localId: string | null;
  readonly peerAddress: string | null;
  readonly peerId: string | null;
  /** The peer has answered, as its SPI shows; null where that is not printed. */
  readonly peerAnswered: boolean | null;
  readonly initiator: boolean | null;
  /** Seconds until it is rekeyed, replaced or expires; negative when that is overdue. */
  readonly renewsIn: number | null;
  /** The output ends before all of it is told: nor are its Child SAs. */
  readonly isCut?: true;
}

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

/** A connection that a daemon has loaded. */
export interface ConnectionObservation extends Seen {
  readonly type: 'connection';
  readonly name: string;
  readonly localAddress: string | null;
  readonly peerAddress: string | null;
  readonly localId: string | null;
  readonly peerId: string | null;
  readonly localNet: string | null;
  readonly peerNet: string | null;
  /** pluto: false when neither end is an address of this host. */
  readonly oriented: boolean | null;
  /** pluto: its eroute or routing. */
  readonly routing: string | null;
  /** pluto's workaround for peers that truncate SHA2-256 to 96 bits. */
  readonly truncatesSha2: boolean | null;
}

export interface CounterObservation extends Seen {
  readonly type: 'counter';
  readonly name: string;
  readonly value: number;
}

export interface ChainObservation extends Seen {
  readonly type: 'chain';
  readonly table: string;
  readonly chain: string;
  /** Which hook it hangs on: INPUT, FORWARD, OUTPUT, PREROUTING, POSTROUTING; null for a chain that others call. */
  readonly hook: string | null;
  readonly policy: 'accept' | 'drop' | null;
  readonly packets: number | null;
}

/** One firewall rule; what the output does not say (without -v) is null. */
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
  /** `policy match dir out pol ipsec` and its like: which packets of IPsec the rule is about. */
  readonly ipsec: 'with' | 'without' | null;
  /** The rule tests something else too, which is not understood. */
  readonly hasOtherMatches: boolean;
}

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

/** One eroute of KLIPS: `%trap`, `%hold`, `%pass`, `%drop`, `%reject`, or the SA packets go to. */
export interface ErouteObservation extends Seen {
  readonly type: 'eroute';
  readonly source: string;
  readonly destination: string;
  readonly target: string;
  readonly packets: number;
}

/** What an ICMP error says, and about which packet. */
export interface IcmpObservation {
  readonly reason: 'port' | 'protocol' | 'host' | 'prohibited' | 'too-big';
  /** To which address, and UDP port, the packet went that it is about; null where it is not printed. */
  readonly about: string | null;
  readonly port: number | null;
  readonly mtu: number | null;
}

/** Packets that a capture shows, all of one kind from one address to another; the line is that of the first. */
export interface PacketsObservation extends Seen {
  readonly type: 'packets';
  /** `fragment`: not the first one of its packet, so that nobody knows what it carries. `other`: in clear. */
  readonly kind: 'ike' | 'esp' | 'ah' | 'keepalive' | 'fragment' | 'icmp' | 'other';
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  /** Where it was captured, and which way it crossed that interface; null where that is not told. */
  readonly device: string | null;
  readonly direction: 'in' | 'out' | null;
  /** Of ESP and AH. */
  readonly spi: number | null;
  /** Of IKE: its version, and the exchange in tcpdump's word, such as `ikev2_init`, `ident`, `oakley-quick`. */
  readonly version: 1 | 2 | null;
  readonly exchange: string | null;
  /** First fragments of larger packets. */
  readonly isFragmented: boolean;
  readonly icmp: IcmpObservation | null;
  readonly packets: number;
}

/** A flow that connection tracking follows; the addresses of answers tell what NAT made of it. `protocol` by its number. */
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

/** Something happened to an SA of the kernel. `isFinal`: it is gone, and not only to be rekeyed. */
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
