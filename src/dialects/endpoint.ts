export interface AddressAndPort {
  readonly address: string | null;
  readonly port: number | null;
}

/** Parses `192.0.2.1:500`, `[2001:db8::1]:500` or, from old releases, `2001:db8::1:500`. */
export function readEndpoint(text: string): AddressAndPort {
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  const address = text.slice(0, Math.max(colon, 0)).replace(/^\[|\]$/g, '');
  if (colon === text.length - 1 || !Number.isInteger(port) || port > 65_535 || !isAddress(address)) return readAddress(text);
  return { address, port };
}

/** The peer of an instance: `192.0.2.9`, `192.0.2.9:4500`, opportunistic `10.0.0.0/8=== ...192.0.2.23===10.1.0.0/16`. */
export function readInstancePeer(suffix: string): AddressAndPort {
  const dots = suffix.indexOf('...');
  const far = dots < 0 ? suffix : suffix.slice(dots + 3);
  const end = far.indexOf('===');
  const address = (end < 0 ? far : far.slice(0, end)).trim();
  return isAddress(address) ? { address, port: null } : readEndpoint(address);
}

/** As in captures, groups may be masked by whoever posted the log: `198.51.100.7`, `xx.xx.xx.xx`, `198.51.*.*`. */
const IPV4 = /^(?:\d{1,3}|([a-zA-Z*#_])\1{0,2})(?:\.(?:\d{1,3}|([a-zA-Z*#_])\2{0,2})){3}$/;

function readAddress(text: string): AddressAndPort {
  return { address: isAddress(text) ? text : null, port: null };
}

function isAddress(text: string): boolean {
  if (text.length < 2 || text.length > 60) return false;
  if (text.indexOf(':') !== text.lastIndexOf(':')) return /^[0-9a-fA-F:.]+(?:%[\w.-]+)?$/.test(text);
  return IPV4.test(text);
}
