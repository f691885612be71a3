import type { AskPeer, Example } from './cause.js';
import type { Daemon } from './daemons.js';

/** A step to the peer's own log, in the terms of its product. */
export interface ProductLog {
  /** IKE version it is for; both, if there is none. */
  readonly version?: AskPeer['version'];
  /** One sentence that starts with a verb. */
  readonly do: string;
  /** Complete commands, one a line, for the product's own command line; nothing is filled in. */
  readonly command?: string | undefined;
}

/** A text in the product's log that decides between causes. */
export interface ProductText extends Omit<AskPeer, 'for' | 'fault'> {
  /** Ids of the causes between which it decides. */
  readonly causes: readonly string[];
}

/**
 * A file `rules/products/<name>.json`: what a peer is recognised by, and where its log is. The id is the file's name.
 */
export interface Product {
  readonly id: string;
  readonly title: string;
  /** Completes a sentence that begins with the peer's address: `is a FortiGate`. */
  readonly is: string;
  /** Vendor IDs that nobody else sends, in hex digits: `.` any digit, `*` at the end any rest. */
  readonly vendorIds: readonly string[];
  /** What the daemons that know these vendor IDs call them in their logs; the beginning is enough. */
  readonly names: readonly string[];
  /** The daemon whose messages its log contains, if this program knows it. */
  readonly daemon: Daemon | null;
  /** Commands for a root shell of Linux work there too. */
  readonly shell: boolean;
  /** Shows the packets from and to this gateway, on the product's own command line. */
  readonly capture?: string | undefined;
  readonly logs: readonly ProductLog[];
  readonly texts: readonly ProductText[];
  readonly references: readonly string[];
  /** Logs in which the peer is this product. */
  readonly examples: readonly Example[];
}

/** The product at the other end, and what says so. */
export interface PeerProduct {
  readonly product: Product;
  readonly by: 'vendor-id' | 'option';
}

/** The id of its rule, which is its path: `products/fortigate`. */
export const productRule = (id: string): string => `products/${id}`;
