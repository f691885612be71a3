/** Is the IPv4 `address` in `network` (`192.0.2.0/24`, or a single address)? False for anything else. */
export function contains(network: string, address: string): boolean {
  const slash = network.indexOf('/');
  const bits = slash < 0 ? 32 : Number(network.slice(slash + 1));
  const base = toNumber(slash < 0 ? network : network.slice(0, slash));
  const inside = toNumber(address);
  if (base === null || inside === null || !Number.isInteger(bits) || bits < 1 || bits > 32) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(base / size) === Math.floor(inside / size);
}

function toNumber(address: string): number | null {
  const parts = address.split('.');
  if (parts.length !== 4 || address.length > 15) return null;
  let number = 0;
  for (const part of parts) {
    const byte = part === '' ? Number.NaN : Number(part);
    if (!Number.isInteger(byte) || byte < 0 || byte > 255) return null;
    number = number * 256 + byte;
  }
  return number;
}
