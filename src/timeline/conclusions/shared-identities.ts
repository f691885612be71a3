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
/** Limit on remembered identities; beyond it, the oldest are forgotten. */
const MAX_IDENTITIES = 4_096;

/** A tunnel that took the place of another one with the same identity. */
interface Turn {
  readonly from: string;
  readonly time: number | null;
}

/**
 * Clients of one daemon that share an identity and replace each other's tunnels, although each of these comes up: on the
 * gateway, an identity has one tunnel at a time unless configured otherwise.
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
  comesUp({ peerAddress, peerPort, ikeUp }: SecurityAssociation): Event | null {
    const { evicting } = this;
    this.evicting = null;
    if (evicting === null || peerAddress === null || !isSoonAfter(TOGETHER, evicting.message.record.time, ikeUp)) return null;
    const key = String(evicting.fields['peer.id']);
    const turn: Turn = { from: peerPort === null ? peerAddress : `${peerAddress}:${peerPort}`, time: ikeUp };
    const turns = [...this.turns.get(key) ?? [], turn].slice(-RETURNS_IF_SLOW);
    this.keep(key, turns);
    if (this.told.has(key) || !(isReturn(turns.slice(-RETURNS), RETURNS, SOON) || isReturn(turns, RETURNS_IF_SLOW, BACK))) return null;
    if (this.told.size < MAX_IDENTITIES) this.told.add(key);
    return { ...evicting, kind: 'observed.identity_shared', fields: { ...evicting.fields, 'peer.address': peerAddress } };
  }

  private keep(key: string, turns: readonly Turn[]): void {
    this.turns.delete(key);
    this.turns.set(key, turns);
    const [oldest] = this.turns.keys();
    if (this.turns.size > MAX_IDENTITIES && oldest !== undefined) this.turns.delete(oldest);
  }
}

/** Do two places take turns, each within this time (milliseconds)? */
function isReturn(turns: readonly Turn[], least: number, within: number): boolean {
  return turns.length >= least && turns.every(({ from, time }, index) => {
    const [before, earlier] = [turns[index - 1], turns[index - 2]];
    return before === undefined || (before.from !== from && isSoonAfter(within, before.time, time) && (earlier === undefined || earlier.from === from));
  });
}
