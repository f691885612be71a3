import type { Attempt } from '../model/attempt.js';
import type { PeerProduct, Product } from '../model/product.js';

/** What a line calls a vendor ID that its daemon does not know: hex digits, in whatever groups; cut off if it is long. */
const HEX = /^(?:0x)?([0-9a-f][0-9a-f :]*)(?:\.{3})?$/i;
const GAPS = /[ :]/g;

/**
 * The product at the other end of an attempt, by vendor IDs that no other product sends. Null if those of several were
 * received; if none was, it is the product `assumed`. `load` is called at the first attempt for which it matters.
 */
export function productRecogniser(load: () => readonly Product[], assumed: string | null = null): (attempt: Attempt) => PeerProduct | null {
  let loaded: readonly Product[] | null = null;
  return (attempt) => {
    const ids = vendorIdsOf(attempt);
    if (ids.length === 0 && assumed === null) return null;
    loaded ??= load();
    const [found, another] = loaded.filter((product) => ids.some((id) => isSign(product, id)));
    if (found !== undefined) return another === undefined ? { product: found, by: 'vendor-id' } : null;
    const product = loaded.find(({ id }) => id === assumed);
    return product === undefined ? null : { product, by: 'option' };
  };
}

/** IKE SAs begin with the vendor IDs; what follows has those of the latest one with the same peer. */
function vendorIdsOf({ vendorIds, connection, peerAddress }: Attempt): readonly string[] {
  if (vendorIds.length > 0) return vendorIds;
  return connection.attempts.findLast((other) => other.vendorIds.length > 0 && other.peerAddress === peerAddress)?.vendorIds ?? [];
}

function isSign({ vendorIds, names }: Product, id: string): boolean {
  const digits = HEX.exec(id)?.[1]?.replace(GAPS, '').toLowerCase();
  return digits === undefined ? names.some((name) => id.startsWith(name)) : vendorIds.some((pattern) => fits(digits, pattern));
}

function fits(digits: string, pattern: string): boolean {
  const isBeginning = pattern.endsWith('*');
  const length = isBeginning ? pattern.length - 1 : pattern.length;
  if (isBeginning ? digits.length < length : digits.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (pattern[at] !== '.' && pattern[at] !== digits[at]) return false;
  return true;
}
