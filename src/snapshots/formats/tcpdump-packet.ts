import type { IcmpObservation, PacketsObservation } from '../../model/observation.js';
import { spiOf } from '../format.js';

/** The relevant parts of a packet. For cleartext packets these are source and destination only. */
export type Packet = Omit<PacketsObservation, 'type' | 'format' | 'line' | 'device' | 'direction' | 'packets'>;

type Body = Pick<Packet, 'kind'> & Partial<Packet>;

interface End {
  readonly address: string;
  readonly port: number | null;
}

const OTHER: Omit<Packet, 'source' | 'destination'> = { kind: 'other', sourcePort: null, destinationPort: null, spi: null, version: null, exchange: null, isFragmented: false, icmp: null };

/** Port names that tcpdump prints without -n, from services(5). */
const PORTS: ReadonlyMap<string, number> = new Map([['isakmp', 500], ['ipsec-nat-t', 4500], ['ipsec-msft', 4500], ['sae-urn', 4500]]);
const ENDS = /^(\S{2,80}) > (\S{2,80}):(?: |$)/;
/** Checksum remarks printed with -v. */
const CHECKSUM = /^\[[^\]]{1,60}\] /;
/** `isakmp: phase 1 I ident[E]`, `isakmp 2.0 msgid 00000000 cookie ...->...: parent_sa ikev2_init[I]:` (tcpdump, print-isakmp.c) */
const IKE = /^(?:NONESP-encap: )?isakmp(?: (\d)\.\d)?(?: msgid [0-9a-f]{8})?(?: cookie [0-9a-f]{16}->[0-9a-f]{16})?:? ?(?:(phase) \d(?:\/others)? [IR?] ([\w#-]{1,30})|\w{1,30} +([\w#]{1,30})\[[IR]{0,2}\])?/;
const FRAGMENT6 = /^frag \((?:0x[0-9a-f]{1,8}:)?(\d{1,5})\|\d{1,5}\) ?(?:([\w-]{1,20}) > ([\w-]{1,20}): )?/;

/**
 * Parses what tcpdump prints of a packet after the IP header: `192.0.2.1.500 > 198.51.100.7.500: isakmp: phase 1 I
 * ident`. Null if it is not a packet.
 */
export function readPacket(header: string, text: string): Packet | null {
  const ends = ENDS.exec(text);
  if (ends === null) return null;
  const fragment = fragmentOf(header);
  const from = readEnd(ends[1] ?? '');
  const to = readEnd(ends[2] ?? '');
  const body = fragment === 'later' ? { kind: 'fragment' as const } : readBody(text.slice(ends[0].length).replace(CHECKSUM, ''), from, to);
  if (body === null) return { ...OTHER, source: from.address, destination: to.address };
  return {
    source: from.address, destination: to.address, sourcePort: from.port, destinationPort: to.port,
    spi: null, version: null, exchange: null, isFragmented: fragment === 'first', icmp: null, ...body,
  };
}

function fragmentOf(header: string): 'first' | 'later' | null {
  const offset = /\boffset (\d{1,5})/.exec(header)?.[1];
  if (offset !== undefined && offset !== '0') return /proto UDP/.test(header) ? 'later' : null;
  return /\bflags \[\+/.test(header) ? 'first' : null;
}

/** The port follows a point, for IPv6 too. */
function readEnd(text: string): End {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*|[\w.-]*?[A-Za-z][\w.-]*?)(?:\.(\d{1,5}|isakmp|ipsec-nat-t|ipsec-msft|sae-urn))?$/.exec(text);
  if (match === null) return { address: text, port: null };
  return { address: match[1] ?? text, port: portOf(match[2]) };
}

function portOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = PORTS.get(text) ?? Number(text);
  return Number.isInteger(port) && port <= 65_535 ? port : null;
}

function readBody(text: string, from: End, to: End): Body | null {
  if (text.startsWith('ICMP')) return readIcmp(text);
  if (/^(?:ip-proto-17|udp)$/i.test(text.trim())) return { kind: 'fragment' };
  if (text.startsWith('isakmp-nat-keep-alive') || text.startsWith('NAT-keepalive')) return { kind: 'keepalive' };
  if (text.startsWith('frag (')) return readFragment6(text, from, to);
  const sa = /^(?:UDP-encap: )?(ESP|AH)\((?:[^()]{0,80}(?:\([^()]{0,20}\),)?)?spi=(0x[0-9a-f]{1,8})/.exec(text);
  if (sa !== null) return { kind: sa[1] === 'ESP' ? 'esp' : 'ah', spi: spiOf(sa[2]) };
  return readIke(text, from, to);
}

function readIke(text: string, from: End, to: End): Body | null {
  if (text.trim().startsWith('[|isakmp')) return { kind: 'ike' };
  const match = IKE.exec(text);
  if (match === null) return text.startsWith('UDP, length') && (from.port === 500 || to.port === 500) ? { kind: 'ike' } : null;
  const [, version, phase, exchange1, exchange2] = match;
  const isFirst = version === '1' || phase !== undefined;
  const exchange = exchange1 ?? exchange2 ?? null;
  return { kind: 'ike', version: isFirst ? 1 : version === '2' || exchange !== null ? 2 : null, exchange };
}

function readFragment6(text: string, from: End, to: End): Body | null {
  const match = FRAGMENT6.exec(text);
  if (match === null) return null;
  if (match[1] !== '0') return { kind: 'fragment' };
  const ports = { sourcePort: portOf(match[2]), destinationPort: portOf(match[3]) };
  const body = readIke(text.slice(match[0].length), { ...from, port: ports.sourcePort }, { ...to, port: ports.destinationPort });
  return body === null ? null : { ...body, ...ports, isFragmented: true };
}

/** ICMP errors only; those about UDP ports other than IKE's are ignored. */
function readIcmp(text: string): Body | null {
  const icmp = text.startsWith('ICMP6') ? readIcmp6(text) : readIcmp4(text);
  return icmp === null || (icmp.port !== null && icmp.port !== 500 && icmp.port !== 4500) ? null : { kind: 'icmp', icmp };
}

/** RFC 792, in the wording of tcpdump's print-icmp.c. */
function readIcmp4(text: string): IcmpObservation | null {
  const port = /^ICMP (\S{2,60}) udp port ([\w-]{1,20}) unreachable/.exec(text);
  if (port !== null) return { reason: 'port', about: port[1] ?? null, port: portOf(port[2]), mtu: null };
  const protocol = /^ICMP (\S{2,60}) protocol (?:50|51|esp|ah) unreachable/i.exec(text);
  if (protocol !== null) return { reason: 'protocol', about: protocol[1] ?? null, port: null, mtu: null };
  const large = /^ICMP (\S{2,60}) unreachable - need to frag(?:ment)?(?: \(mtu (\d{1,5})\))?/.exec(text);
  if (large !== null) return { reason: 'too-big', about: large[1] ?? null, port: null, mtu: large[2] === undefined ? null : Number(large[2]) };
  const host = /^ICMP (?:host|net) (\S{2,60}) unreachable( - admin prohibited)?/.exec(text);
  return host === null ? null : { reason: host[2] === undefined ? 'host' : 'prohibited', about: host[1] ?? null, port: null, mtu: null };
}

/** RFC 4443, in the wording of tcpdump's print-icmp6.c. */
function readIcmp6(text: string): IcmpObservation | null {
  const large = /^ICMP6, packet too big, mtu (\d{1,6})/.exec(text);
  if (large !== null) return { reason: 'too-big', about: null, port: null, mtu: Number(large[1]) };
  const match = /^ICMP6, destination unreachable, {1,2}unreachable (port|prohibited|address|route|host)(?:,)? ([0-9a-fA-F:.]{2,45})(?: udp port ([\w-]{1,20}))?/.exec(text);
  if (match === null) return null;
  const reason = match[1] === 'port' ? 'port' : match[1] === 'prohibited' ? 'prohibited' : 'host';
  return { reason, about: match[2] ?? null, port: portOf(match[3]), mtu: null };
}
