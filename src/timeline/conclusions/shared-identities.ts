import type { Event } from '../../model/event.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import { isSoonAfter } from '../values/elapsed.js';

/** One of these lines precedes the one that the new SA is up. */
const EVICTIONS: ReadonlySet<string> = new Set(['ike.replaced_by_duplicate', 'lifecycle.peer_restarted']);
/** Maximum milliseconds between them. */
const TOGETHER = 5_000;
/**
 * Tunnels of one identity, each taking the place of the one before, that show two clients: the one that was replaced
 * is back. More if that takes it longer, because a client may leave a network and return to it.
 */
const RETURNS = 3;
const RETURNS_IF_SLOW = 4;
/** Milliseconds within which it is back soon, or at all. */
const SOON = 120_000;
const BACK = 600_000;
const TWO_CONNECTIONS = 'of two connections';
/** Limit on remembered identities; beyond it, the oldest are forgotten. */
const MAX_IDENTITIES = 4_096;

/** A tunnel that took the place of another one with the same identity: of which address and connection. */
interface Turn {
  readonly from: string;
  readonly name: string | null;
  readonly time: number | null;
}

/**
 * Clients of one daemon that share an identity, or connections with one peer, that replace each other's tunnels, although
 * each of these comes up: on the gateway, an identity has one tunnel at a time unless configured otherwise.
 */
export class SharedIdentities {
  private readonly turns = new Map<string, readonly Turn[]>();
  private readonly told = new Set<string>();
  private evicting: Event | null = null;

  /** Takes a line before its SA does. */
  hear(event: Event): void {
    if (EVICTIONS.has(event.kind) && event.fields['peer.id'] !== undefined) this.evicting = event;
  }

  /** An IKE SA has come up. Returns the failure to report, once for each identity. */
  comesUp({ peerAddress, peerPort, name, ikeUp }: SecurityAssociation): Event | null {
    const { evicting } = this;
    this.evicting = null;
    if (evicting === null || peerAddress === null || !isSoonAfter(TOGETHER, evicting.message.record.time, ikeUp)) return null;
    const key = String(evicting.fields['peer.id']);
    const turn: Turn = { from: peerPort === null ? peerAddress : `${peerAddress}:${peerPort}`, name, time: ikeUp };
    const turns = [...this.turns.get(key) ?? [], turn].slice(-RETURNS_IF_SLOW);
    this.keep(key, turns);
    const ofClients = isReturn(turns, ({ from }) => from);
    if (this.told.has(key) || !(ofClients || isReturn(turns, connectionOf))) return null;
    if (this.told.size < MAX_IDENTITIES) this.told.add(key);
    const detail = ofClients ? {} : { detail: TWO_CONNECTIONS };
    return { ...evicting, kind: 'observed.identity_shared', fields: { ...evicting.fields, 'peer.address': peerAddress, ...detail } };
  }

  private keep(key: string, turns: readonly Turn[]): void {
    this.turns.delete(key);
    this.turns.set(key, turns);
    const [oldest] = this.turns.keys();
    if (this.turns.size > MAX_IDENTITIES && oldest !== undefined) this.turns.delete(oldest);
  }
}

/** Two connections with one peer; null if the log does not name it. */
const connectionOf = ({ from, name }: Turn): string | null => (name === null ? null : `${name} ${from}`);

/** Do two places, or two connections, take turns? */
function isReturn(turns: readonly Turn[], whose: (turn: Turn) => string | null): boolean {
  return alternate(turns.slice(-RETURNS), whose, RETURNS, SOON) || alternate(turns, whose, RETURNS_IF_SLOW, BACK);
}

/** Do they, each within this time (milliseconds)? */
function alternate(turns: readonly Turn[], whose: (turn: Turn) => string | null, least: number, within: number): boolean {
  return turns.length >= least && turns.every((turn, index) => {
    const [before, earlier] = [turns[index - 1], turns[index - 2]];
    if (whose(turn) === null) return false;
    return before === undefined || (whose(before) !== whose(turn) && isSoonAfter(within, before.time, turn.time) && (earlier === undefined || whose(earlier) === whose(turn)));
  });
}
