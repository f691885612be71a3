import { isIPv6 } from 'node:net';

/**
 * Addresses that belong to nobody's network: documentation ranges (RFC 5737, RFC 3849), loopback and similar, multicast
 * (RFC 1112, RFC 6676).
 */
const NOBODYS_IPV4 = /^(?:192\.0\.2|198\.51\.100|203\.0\.113|127\.0\.0|224\.0\.0|233\.252\.0|0\.0\.0)\.\d+$|^239\.255\.255\.250$|^255\.255\.255\.\d+$|^127\.255\.255\.255$/;
const NOBODYS_IPV6 = /^(?:(?:0000:){7}0000|2001:0?db8:|::1?$|fe80:|ff0[0-9a-f]:)/i;
/**
 * Text that only looks like an address: an RFC section number, and the remainder of an address that a daemon cut in
 * two.
 */
const NO_ADDRESS = ['section-4.1.2.5', 'addconn: 8.51.100.20)'];

const IPV4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)/g;
const IPV6 = /(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,}(?![\w.])/g;
/** A name below in-addr.arpa contains an address with its bytes reversed. */
const REVERSED = /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?=\.in-addr\.arpa)/g;

/**
 * Addresses in a text that may belong to somebody, private ones included: rules and samples may use documentation
 * addresses only.
 */
export function foreignAddresses(text: string): string[] {
  const plain = NO_ADDRESS.reduce((rest, known) => rest.replaceAll(known, ''), text);
  const ipv4 = plain.replace(REVERSED, '$4.$3.$2.$1').match(IPV4) ?? [];
  const ipv6 = (plain.match(IPV6) ?? []).filter(isIPv6);
  return [...new Set([...ipv4.filter((address) => !NOBODYS_IPV4.test(address)), ...ipv6.filter((address) => !NOBODYS_IPV6.test(address))])];
}
