import type { Attempt } from '../model/attempt.js';
import type { GatewayLog } from '../model/counterpart.js';
import type { FieldValue } from '../model/fields.js';

/** What is known about the log of each host. */
export type Logs = ReadonlyMap<string, GatewayLog>;

/**
 * How the ends of two attempts match: each is the other's peer; one is, and nothing is known of the other; or they do
 * not match.
 */
export type Fit = 'both ends' | 'one end' | 'none';

/** Behind a NAT an end's address differs from the one its peer sees; then the identities have to match. */
export function fitOf(here: Attempt, there: Attempt, logs: Logs): Fit {
  const ends = [isAt(here, peerOf(there), logs), isAt(there, peerOf(here), logs)];
  if (!ends.includes(true)) return 'none';
  if (ends.includes(false)) return namesFit(here, there) ? 'both ends' : 'none';
  return ends.includes(null) ? 'one end' : 'both ends';
}

/** Local address of an attempt. Clients share a connection, so the attempt's own value has precedence. */
export function localOf({ fields, connection }: Attempt): string | null {
  return address(fields['local.address']) ?? connection.local.address;
}

/** Address of the peer in this attempt, otherwise the connection's. */
export function peerOf({ connection, peerAddress }: Attempt): string | null {
  return peerAddress ?? connection.peer.address;
}

/** End of an attempt, including the repetitions folded into it. */
export function endOf({ ended, lastRepeat }: Attempt, started: number): number {
  return Math.max(ended ?? started, lastRepeat ?? started);
}

/** Is the attempt's own gateway at this address? Null if the logs do not tell. */
export function isAt(attempt: Attempt, peer: string | null, logs: Logs): boolean | null {
  if (peer === null) return null;
  const local = localOf(attempt);
  if (local === peer) return true;
  const listened = logs.get(attempt.connection.host)?.addresses;
  if (listened?.has(peer) === true) return true;
  return local === null && (listened === undefined || listened.size === 0) ? null : false;
}

/** At least one end has the same identity on both sides, and no end has different ones. */
function namesFit(here: Attempt, there: Attempt): boolean {
  const ends = [isSame(nameOf(here, 'local'), nameOf(there, 'peer')), isSame(nameOf(here, 'peer'), nameOf(there, 'local'))];
  return ends.includes(true) && !ends.includes(false);
}

function nameOf({ fields, connection }: Attempt, end: 'local' | 'peer'): string | null {
  const named = fields[`${end}.id`];
  return typeof named === 'string' ? named : connection[end].id;
}

/**
 * Equal identities: pluto writes `@gw.example.com` for charon's `gw.example.com`, and separates distinguished names
 * with different blanks.
 */
function isSame(one: string | null, other: string | null): boolean | null {
  return one === null || other === null ? null : plain(one) === plain(other);
}

function plain(name: string): string {
  return name.replace(/^@/, '').replaceAll(', ', ',').toLowerCase();
}

function address(value: FieldValue | undefined): string | null {
  return typeof value !== 'string' || value.startsWith('%') ? null : value;
}
