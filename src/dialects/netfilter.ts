/** Turns a firewall's log line about a packet into one sentence for signatures to match. */

/** Words in rule names which mean that the packet was stopped; `-D]` is used by EdgeOS, UniFi and VyOS. */
const DROPS = /DROP|DENY|DENIED|BLOCK|REJECT|DISCARD|-D\]|\bdrop|\bdeny|\bblock|\breject/;
const IKE_PORTS = new Set(['500', '4500']);

interface Packet {
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly rest: string;
}

/**
 * Parses a line of netfilter's LOG or NFLOG target (Linux, nf_log_syslog.c): `[UFW BLOCK] IN=eth0 OUT= ...
 * SRC=192.0.2.1 DST=198.51.100.7 ... PROTO=UDP SPT=500 DPT=500 LEN=40`. The result says what happened to which packet,
 * such as `firewall drop input IKE 192.0.2.1[500] > 198.51.100.7[500] rule [UFW BLOCK]`; null if the line is not about
 * an IPsec packet. Only the rule's name shows whether the packet was dropped.
 */
export function readNetfilter(message: string): string | null {
  const begin = message.indexOf('IN=');
  if (begin < 0 || begin > 160 || message.indexOf(' OUT=', begin) < 0) return null;
  const rule = message.slice(0, begin).trim();
  const bracket = message.indexOf('[', begin);
  const packet = readPacket(bracket < 0 ? message.slice(begin) : message.slice(begin, bracket));
  if (packet === null) return null;
  const verdict = DROPS.test(rule) ? 'drop' : 'log';
  const what = packet.protocol === 'ICMP' || packet.protocol === 'ICMPv6' ? describeIcmp(packet, message, bracket) : describe(packet);
  return what === null ? null : `firewall ${verdict} ${hook(message, begin)} ${what} rule ${rule === '' ? 'without a name' : rule}`;
}

/**
 * Parses a pf line as logged by FreeBSD, pfSense and OPNsense:
 * `5,,,1000000103,em0,match,block,in,4,...,17,udp,60,192.0.2.1,198.51.100.7,500,500,40`. Null if it is not about an
 * IPsec packet.
 */
export function readFilterlog(message: string): string | null {
  const columns = message.split(',', 32);
  const isIpv6 = columns[8] === '6';
  const [protocol = '', , source = '', destination = '', from = '', to = ''] = isIpv6 ? [columns[12], ...columns.slice(14)] : columns.slice(16);
  const action = columns[6] === 'block' || columns[6] === 'reject' ? 'drop' : 'log';
  const packet = { protocol: protocol.toUpperCase(), source, destination, rest: ` SPT=${from} DPT=${to} ` };
  const what = source === '' || destination === '' ? null : describe(packet);
  return what === null ? null : `firewall ${action} ${columns[7] === 'in' ? 'input' : 'output'} ${what} rule ${columns[0] ?? ''}`;
}

function hook(message: string, begin: number): string {
  const hasInput = message.charCodeAt(begin + 3) !== 0x20;
  const out = message.indexOf(' OUT=', begin) + 5;
  const hasOutput = message.charCodeAt(out) !== 0x20;
  return hasInput && hasOutput ? 'forward' : hasInput ? 'input' : 'output';
}

function readPacket(text: string): Packet | null {
  const source = value(text, 'SRC=');
  const destination = value(text, 'DST=');
  const protocol = value(text, 'PROTO=');
  return source === null || destination === null || protocol === null ? null : { protocol, source, destination, rest: text };
}

function describe({ protocol, source, destination, rest }: Packet): string | null {
  if (protocol === 'ESP' || protocol === 'AH') return `${protocol} ${source} > ${destination} spi ${value(rest, 'SPI=') ?? '0x0'}`;
  const from = value(rest, 'SPT=');
  const to = value(rest, 'DPT=');
  if (protocol !== 'UDP' || from === null || to === null || !(IKE_PORTS.has(to) || IKE_PORTS.has(from))) return null;
  return `IKE ${source}[${from}] > ${destination}[${to}]`;
}

/** ICMP errors quote the packet that they are about in brackets. */
function describeIcmp({ source, rest }: Packet, message: string, bracket: number): string | null {
  const quoted = bracket < 0 ? null : readPacket(message.slice(bracket + 1));
  const about = quoted === null ? null : describe(quoted);
  const mtu = bracket < 0 ? null : value(message.slice(bracket), 'MTU=');
  return about === null ? null : `ICMP ${value(rest, 'TYPE=')}/${value(rest, 'CODE=')} by ${source} about ${about} mtu ${mtu ?? 0}`;
}

/** The word after `key`, if the key starts a word. */
function value(text: string, key: string): string | null {
  const at = text.startsWith(key) ? 0 : text.indexOf(` ${key}`) + 1;
  if (at === 0 && !text.startsWith(key)) return null;
  const begin = at + key.length;
  const end = text.indexOf(' ', begin);
  const word = text.slice(begin, end < 0 ? undefined : end);
  return word === '' || word.length > 64 ? null : word;
}
