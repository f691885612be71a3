import type { SecurityAssociation } from './security-association.js';

/** Number of latest SAs remembered in order. */
const LATEST = 16;
/** With more SAs of one name or peer than this, a line that says no more hardly refers to an old one. */
const MANY = 64;
/** SAs of one connection with one peer that may be up at the same time, including clients behind one NAT. */
const STANDING = 32;
/** The same for a single identity: a replaced SA may take a while to disappear. */
const TWINS = 8;
/** Beyond this number, SAs are not searched at all. */
const LOOKED_THROUGH = 1_024;
const NONE: readonly SecurityAssociation[] = [];

/** Most names and peers have one SA, which needs no set. */
type Index = Map<string | null, SecurityAssociation | Set<SecurityAssociation>>;

/**
 * The SAs of one daemon process to which lines may still refer. Because a gateway may have very many, they are found by
 * connection name or peer address, never by a full scan.
 */
export class LiveAssociations {
  private readonly all = new Set<SecurityAssociation>();
  private readonly byName: Index = unnamedOnly();
  private readonly byPeer: Index = unnamedOnly();
  private latest: SecurityAssociation[] = [];
  private lines = 0;

  [Symbol.iterator](): IterableIterator<SecurityAssociation> {
    return this.all[Symbol.iterator]();
  }

  /** A line is about this SA. */
  hear(sa: SecurityAssociation): void {
    sa.lastLine = ++this.lines;
  }

  get isEmpty(): boolean {
    return this.all.size === 0;
  }

  has(sa: SecurityAssociation): boolean {
    return this.all.has(sa);
  }

  add(sa: SecurityAssociation): void {
    this.all.add(sa);
    into(this.byName, sa.name, sa);
    into(this.byPeer, sa.peerAddress, sa);
    this.latest.push(sa);
    if (this.latest.length > 4 * LATEST) this.latest = this.latest.slice(-LATEST);
  }

  delete(sa: SecurityAssociation): boolean {
    outOf(this.byName, sa.name, sa);
    outOf(this.byPeer, sa.peerAddress, sa);
    return this.all.delete(sa);
  }

  /** Sets the SA's connection, on learning it or on a change. */
  rename(sa: SecurityAssociation, name: string | null): void {
    if (sa.name === name) return;
    outOf(this.byName, sa.name, sa);
    sa.name = name;
    if (this.all.has(sa)) into(this.byName, name, sa);
  }

  /** Sets the SA's peer address, on learning it or after a move. */
  readdress(sa: SecurityAssociation, peer: string): void {
    if (sa.peerAddress === peer) return;
    outOf(this.byPeer, sa.peerAddress, sa);
    sa.peerAddress = peer;
    if (this.all.has(sa)) into(this.byPeer, peer, sa);
  }

  /** Oldest first; if there are very many, only the latest. */
  named(name: string | null): readonly SecurityAssociation[] {
    return this.few(this.byName.get(name));
  }

  /** SAs with this peer, or with an unknown peer for null. Oldest first; if there are very many, only the latest. */
  ofPeer(address: string | null): readonly SecurityAssociation[] {
    return this.few(this.byPeer.get(address));
  }

  /**
   * Older similar SAs in excess of what can be up at the same time: the lines about their ends are missing from the
   * log.
   */
  outlived(sa: SecurityAssociation): readonly SecurityAssociation[] {
    const likely = sa.peerAddress === null ? this.byName.get(sa.name) : this.byPeer.get(sa.peerAddress);
    if (!(likely instanceof Set) || likely.size <= TWINS || likely.size > LOOKED_THROUGH) return NONE;
    const alike = [...likely].filter((other) => other !== sa && other.isUp && other.name === sa.name && other.peerAddress === sa.peerAddress);
    const { peerId } = sa;
    const twins = peerId === undefined ? alike.slice(-TWINS) : alike.filter((other) => other.peerId === peerId);
    const excess = new Set(twins.slice(0, Math.max(0, twins.length - TWINS)));
    return alike.filter((other, index) => excess.has(other) || index < alike.length - STANDING);
  }

  /** Other established IKE SAs of the same connection and peer, oldest first. */
  upBeside(sa: SecurityAssociation): readonly SecurityAssociation[] {
    return this.named(sa.name).filter((other) => other !== sa && other.isUp && !other.gone && other.peerAddress === sa.peerAddress);
  }

  /** The IKE SA that replaced this one by rekeying and inherits its Child SAs; in IKEv1 those are created anew. */
  heirOf(sa: SecurityAssociation): SecurityAssociation | null {
    return this.upBeside(sa).findLast(({ ike }) => ike?.purpose === 'rekey' && ike.exchange === 'ikev2') ?? null;
  }

  /** The latest few, latest first. */
  lastAdded(): SecurityAssociation[] {
    return this.latest.filter((sa) => this.all.has(sa)).slice(-LATEST).reverse();
  }

  /** The latest of these few for which the predicate is true. */
  lastOf(isMeant: (sa: SecurityAssociation) => boolean): SecurityAssociation | undefined {
    for (let at = this.latest.length - 1, seen = 0; at >= 0 && seen < LATEST; at -= 1) {
      const sa = this.latest[at];
      if (sa === undefined || !this.all.has(sa)) continue;
      if (isMeant(sa)) return sa;
      seen += 1;
    }
    return undefined;
  }

  /** The latest few, latest first, including those that are gone. */
  lately(): SecurityAssociation[] {
    return this.latest.slice(-LATEST).reverse();
  }

  private few(found: SecurityAssociation | ReadonlySet<SecurityAssociation> | undefined): readonly SecurityAssociation[] {
    if (found === undefined) return NONE;
    if (!(found instanceof Set)) return [found as SecurityAssociation];
    return found.size <= MANY ? [...found] : this.lastAdded().filter((sa) => found.has(sa)).reverse();
  }
}

/**
 * Keeps the set for SAs without name or peer, where every SA starts, permanently in the index: deleting and re-adding
 * that key again and again would make a large Map skip all deleted entries each time.
 */
function unnamedOnly(): Index {
  return new Map([[null, new Set()]]);
}

function into(index: Index, key: string | null, sa: SecurityAssociation): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, sa);
  else if (known instanceof Set) known.add(sa);
  else if (known !== sa) index.set(key, new Set([known, sa]));
}

function outOf(index: Index, key: string | null, sa: SecurityAssociation): void {
  const known = index.get(key);
  if (known === sa || (known instanceof Set && known.delete(sa) && known.size === 0 && key !== null)) index.delete(key);
}
