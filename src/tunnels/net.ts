/** An IPv4 or IPv6 network: `family` 4 or 6, `bits` the address as a number, `length` the prefix length. */
export interface Net {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly length: number;
}

/**
 * Parses `192.0.2.0/24`, `192.0.2.1`, `2001:db8::/32`, optionally followed by charon's `[udp/53]`, and pluto's
 * `192.0.2.0-192.0.2.255:0-65535 0`. Null for anything else (`dynamic`, `%any`).
 */
export function parseNet(text: string | null | undefined): Net | null {
  const [first = ''] = (text ?? '').trim().split(/[\s[|]/);
  const range = /^([\d.]+)-([\d.]+)(?::|$)/.exec(first);
  if (range !== null) return parseRange(range[1]!, range[2]!);
  const [address = '', prefix] = first.split('/');
  const bits = address.includes(':') ? parseIPv6(address) : parseIPv4(address);
  if (bits === null) return null;
  const family = address.includes(':') ? 6 : 4;
  const width = family === 4 ? 32 : 128;
  const length = prefix === undefined ? width : Number(prefix);
  return Number.isInteger(length) && length >= 0 && length <= width ? { family, bits: mask(bits, width, length), length } : null;
}

/** The network in CIDR notation; IPv6 networks as written. Null if it is none. */
export function networkIn(text: string): string | null {
  const net = parseNet(text);
  if (net === null) return null;
  return net.family === 4 ? `${dotted(net.bits)}/${net.length}` : (text.trim().split(/[\s[|]/)[0] ?? null);
}

/** Is every address of `inner` also in `outer`? */
export function covers(outer: Net, inner: Net): boolean {
  const width = outer.family === 4 ? 32 : 128;
  return outer.family === inner.family && outer.length <= inner.length && mask(inner.bits, width, outer.length) === outer.bits;
}

/** Do the networks share an address? */
export function overlaps(one: Net, other: Net): boolean {
  return covers(one, other) || covers(other, one);
}

/** A plausible host address in the network: the first one. Null for IPv6, where hosts may have any address. */
export function firstHost(net: Net): string | null {
  if (net.family !== 4) return null;
  const bits = net.length < 31 ? net.bits + 1n : net.bits;
  return dotted(bits);
}

const dotted = (bits: bigint): string => [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join('.');

/** Null for ranges that do not form a CIDR network. */
function parseRange(from: string, to: string): Net | null {
  const [first, last] = [parseIPv4(from), parseIPv4(to)];
  if (first === null || last === null || last < first) return null;
  const hosts = first ^ last;
  const isNet = (hosts & (hosts + 1n)) === 0n && (first & hosts) === 0n;
  return isNet ? { family: 4, bits: first, length: 32 - (hosts === 0n ? 0 : hosts.toString(2).length) } : null;
}

const mask = (bits: bigint, width: number, length: number): bigint => (bits >> BigInt(width - length)) << BigInt(width - length);

function parseIPv4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseIPv6(text: string): bigint | null {
  const [head = '', tail, rest] = text.split('::');
  if (rest !== undefined || text.includes('.') || text.length > 39) return null;
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
