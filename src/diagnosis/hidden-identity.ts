/** Addresses not visible to other networks: RFC 1918, and RFC 6598 for carrier-grade NAT. */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)\d+(?:\.\d+){0,2}$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * Is our identity this host's private address, while the peer is outside and sees a NAT's public address? That is the
 * default identity, but peers expect the public address. If the peer's address is masked, a detected NAT is required.
 */
export function hidesIdentity(identity: string | undefined, peer: string | undefined, nat: boolean): boolean {
  if (identity === undefined || !PRIVATE.test(identity) || peer === undefined || PRIVATE.test(peer)) return false;
  return ADDRESS.test(peer) || nat;
}

/** Is a peer's identity a private address while its packets come from a public one? */
export function isBehindNat(identity: string | undefined, address: string | undefined): boolean {
  return identity !== undefined && PRIVATE.test(identity) && address !== undefined && ADDRESS.test(address) && !PRIVATE.test(address);
}

/** Is an identity an address, and another one than that end has, as seen from here? */
export function isOtherAddress(identity: string | undefined, address: string | undefined): boolean {
  return identity !== undefined && ADDRESS.test(identity) && address !== undefined && ADDRESS.test(address) && identity !== address;
}
