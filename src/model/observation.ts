import type { SourceLine } from './source-line.js';

/** Every status output that is read: what it is called, and the command that prints it. */
export const SNAPSHOT_FORMATS = {
  'xfrm-state': { title: 'SAs of the kernel', command: 'ip -s xfrm state' },
  'xfrm-policy': { title: 'policies of the kernel', command: 'ip -s xfrm policy' },
  'xfrm-stat': { title: 'error counters of the kernel', command: 'cat /proc/net/xfrm_stat' },
  'setkey-sad': { title: 'SAs of the kernel', command: 'setkey -D' },
  'setkey-spd': { title: 'policies of the kernel', command: 'setkey -DP' },
  'racoon-isakmp': { title: 'IKE SAs of racoon', command: 'racoonctl show-sa isakmp' },
  'swanctl-sas': { title: 'SAs of charon', command: 'swanctl --list-sas' },
  'swanctl-conns': { title: 'connections of charon', command: 'swanctl --list-conns' },
  'swanctl-pols': { title: 'traps and shunts of charon', command: 'swanctl --list-pols' },
  'swanctl-raw': { title: 'SAs of charon', command: 'swanctl --list-sas --raw' },
  'stroke-status': { title: 'SAs and connections of charon', command: 'ipsec statusall' },
  'pluto-status': { title: 'SAs and connections of pluto', command: 'ipsec status' },
  iptables: { title: 'firewall rules', command: 'iptables-save -c' },
  nftables: { title: 'firewall rules', command: 'nft list ruleset' },
  routes: { title: 'routes', command: 'ip route show table all' },
  rules: { title: 'routing rules', command: 'ip rule' },
  interfaces: { title: 'interfaces and their addresses', command: 'ip -s address' },
  settings: { title: 'kernel settings', command: 'sysctl -a' },
  klips: { title: "KLIPS' eroutes, SAs and interfaces", command: 'ipsec look' },
  verify: { title: 'checks of the installation', command: 'ipsec verify' },
  tcpdump: { title: 'packets on the wire', command: 'tcpdump -ni any' },
  tool: { title: 'answer of a client', command: 'swanctl --stats' },
  'xfrm-counts': { title: 'numbers of SAs and policies, and what happens without a policy', command: 'ip xfrm policy getdefault' },
  'xfrm-monitor': { title: 'what happened to SAs of the kernel', command: 'ip xfrm monitor' },
  conntrack: { title: 'flows that the firewall follows', command: 'conntrack -L' },
  sockets: { title: 'UDP sockets', command: 'ss -lunp' },
  modules: { title: 'modules of the kernel', command: 'lsmod' },
  ping: { title: 'answers to a ping', command: 'ping' },
  ikectl: { title: 'SAs of OpenIKED', command: 'ikectl show sa' },
  'racoon-status': { title: 'SAs of racoon', command: 'racoonctl status' },
} as const;

export type SnapshotFormatName = keyof typeof SNAPSHOT_FORMATS;

/** Where an observation stands. Lines that hold keys are kept without them: no text here ever had one. */
interface Seen {
  readonly format: SnapshotFormatName;
  readonly line: SourceLine;
  /** When it was printed, where a date stands with it: epoch milliseconds of the clock on the wall. */
  readonly taken?: number;
  /** The host that the envelope names behind which it stands. */
  readonly host?: string;
}

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

/** One eroute of KLIPS: `%trap`, `%hold`, `%pass`, `%drop`, `%reject`, or the SA packets go to. */
export interface ErouteObservation extends Seen {
  readonly type: 'eroute';
  readonly source: string;
  readonly destination: string;
  readonly target: string;
  readonly packets: number;
}

/** One line of `ipsec verify`. */
export interface CheckObservation extends Seen {
  readonly type: 'check';
  readonly check: string;
  readonly result: 'ok' | 'failed' | 'warning' | 'unknown';
}

/** A client could not talk to its daemon. */
export interface ToolObservation extends Seen {
  readonly type: 'tool';
  readonly reason: 'not-running' | 'not-permitted';
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

/** A UDP socket that waits for packets; what the output does not say is null. */
export interface SocketObservation extends Seen {
  readonly type: 'socket';
  readonly address: string | null;
  readonly port: number;
  readonly process: string | null;
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

/** A ping that has ended. `size`: bytes of each IP packet (of IPv6: of its data). `mtu`: what was told to be too large. */
export interface PingObservation extends Seen {
  readonly type: 'ping';
  readonly source: string | null;
  readonly target: string;
  readonly size: number;
  readonly sent: number | null;
  readonly received: number | null;
  readonly mtu: number | null;
}

export type Observation =
  | SectionObservation | KernelSaObservation | PolicyObservation | IkeSaObservation | ChildSaObservation
  | ConnectionObservation | CounterObservation | ChainObservation | RuleObservation | RouteObservation
  | InterfaceObservation | SettingObservation | ErouteObservation | CheckObservation | PacketsObservation
  | ToolObservation | FlowObservation | SocketObservation | KernelEventObservation | PingObservation;

export type ObservationOf<T extends Observation['type']> = Extract<Observation, { type: T }>;
