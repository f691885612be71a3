import type { Fields } from '../../model/fields.js';

/** Peers send about ten; whoever sends more is not recognised by them. */
const MOST_VENDOR_IDS = 24;
/** Longest part kept of a vendor ID: more than any known one has. */
const LONGEST = 160;

/** The vendor IDs of a peer with one more, as its line has it: in hex digits, or by the name the daemon knows it by. */
export function withVendorId(known: readonly string[], { detail, 'peer.vendor': vendor }: Fields): readonly string[] {
  const id = detail ?? vendor;
  if (id === undefined || known.length >= MOST_VENDOR_IDS) return known;
  const text = String(id).slice(0, LONGEST);
  return known.includes(text) ? known : [...known, text];
}
