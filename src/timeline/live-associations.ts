import type { SecurityAssociation } from './security-association.js';

/** How many of the SAs that came last are remembered in their order. */
const LATEST = 16;
/** Of so many SAs with one name or peer, a line that says no more can hardly mean an old one. */
const MANY = 64;
/** SAs of one connection with one peer that may be up at the same time, clients behind one NAT among them. */
const STANDING = 32;
/** The same where the peer has one identity: what was replaced may take a while to go. */
const TWINS = 8;
/** Of more than so many, none is looked for. */
const LOOKED_THROUGH = 1_024;
const NONE: readonly SecurityAssociation[] = [];

/** Most names and peers have one SA, which needs no set of its own. */
type Index = Map<string | null, SecurityAssociation | Set<SecurityAssociation>>;

/**
 * The SAs of one daemon process of which something may still be said. A gateway may have very many, so they are found by the
 * name of their connection or the address of their peer, never by looking through all.
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

  /** A line is about this one. */
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

  /** The SA's connection is known, or is another one than was thought. */
  rename(sa: SecurityAssociation, name: string | null): void {
    if (sa.name === name) return;
    outOf(this.byName, sa.name, sa);
    sa.name = name;
    if (this.all.has(sa)) into(this.byName, name, sa);
  }

  /** The SA's peer is known, or has moved. */
  readdress(sa: SecurityAssociation, peer: string): void {
    if (sa.peerAddress === peer) return;
    outOf(this.byPeer, sa.peerAddress, sa);
    sa.peerAddress = peer;
    if (this.all.has(sa)) into(this.byPeer, peer, sa);
  }

  /** Oldest first; where there are very many, only of the latest. */
  named(name: string | null): readonly SecurityAssociation[] {
    return this.few(this.byName.get(name));
  }

  /** Those with this peer; null: those whose peer is not known yet. Oldest first; where there are very many, only of the latest. */
  ofPeer(address: string | null): readonly SecurityAssociation[] {
    return this.few(this.byPeer.get(address));
  }

  /** Older SAs like this one that are up, more of them than can be: the log has lost the lines that would say how they ended. */
  outlived(sa: SecurityAssociation): readonly SecurityAssociation[] {
    const likely = sa.peerAddress === null ? this.byName.get(sa.name) : this.byPeer.get(sa.peerAddress);
    if (!(likely instanceof Set) || likely.size <= TWINS || likely.size > LOOKED_THROUGH) return NONE;
    const alike = [...likely].filter((other) => other !== sa && other.isUp && other.name === sa.name && other.peerAddress === sa.peerAddress);
    const { peerId } = sa;
    const twins = peerId === undefined ? alike.slice(-TWINS) : alike.filter((other) => other.peerId === peerId);
    const excess = new Set(twins.slice(0, Math.max(0, twins.length - TWINS)));
    return alike.filter((other, index) => excess.has(other) || index < alike.length - STANDING);
  }

  /** Other IKE SAs of the same connection with the same peer that are up. Oldest first. */
  upBeside(sa: SecurityAssociation): readonly SecurityAssociation[] {
    return this.named(sa.name).filter((other) => other !== sa && other.isUp && !other.gone && other.peerAddress === sa.peerAddress);
  }

  /** The IKE SA that rekeying has put in the place of this one; IKEv1 makes anew what was under the old one. */
  heirOf(sa: SecurityAssociation): SecurityAssociation | null {
    return this.upBeside(sa).findLast(({ ike }) => ike?.purpose === 'rekey' && ike.exchange === 'ikev2') ?? null;
  }

  /** The few that came last, latest first. */
  lastAdded(): SecurityAssociation[] {
    return this.latest.filter((sa) => this.all.has(sa)).slice(-LATEST).reverse();
  }

  /** The latest of these few of which it is true. */
  lastOf(isMeant: (sa: SecurityAssociation) => boolean): SecurityAssociation | undefined {
    for (let at = this.latest.length - 1, seen = 0; at >= 0 && seen < LATEST; at -= 1) {
      const sa = this.latest[at];
      if (sa === undefined || !this.all.has(sa)) continue;
      if (isMeant(sa)) return sa;
      seen += 1;
    }
    return undefined;
  }

  /** The few that came last, latest first, also those that are gone. */
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
 * Every SA is without name and peer at first. Were the key for that deleted with the last of them and set for the next one, again and
 * again, a Map that holds many others would look through all those deleted entries each time.
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
