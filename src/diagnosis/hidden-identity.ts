/** Addresses that no other network sees: RFC 1918, and RFC 6598 for carriers' NATs. */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)\d+(?:\.\d+){0,2}$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * Is our identity the private address of this host, while the peer is out where it sees that of a NAT? That is so by default, and what
 * peers accept is the public one. An address of the peer that is masked counts where a NAT was seen.
 */
export function hidesIdentity(identity: string | undefined, peer: string | undefined, nat: boolean): boolean {
  if (identity === undefined || !PRIVATE.test(identity) || peer === undefined || PRIVATE.test(peer)) return false;
  return ADDRESS.test(peer) || nat;
}
