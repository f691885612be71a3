import type { Event } from '../model/event.js';
import type { Fields, FieldValue } from '../model/fields.js';
import type { AttemptInProgress } from './attempt-in-progress.js';

/** Child SAs of charon that may be up beside the latest one: others under the same IKE SA, and the one that was just rekeyed. */
const MAX_OLDER = 16;
/** Milliseconds without a line. */
const FORGOTTEN_AFTER = 3_600_000;
/** SPIs of racoon's Child SAs that are remembered, two for each. */
const MAX_SPIS = 64;

/**
 * An SA number of one daemon process, and what is known of it. charon counts IKE SAs and their Child SAs share the number;
 * pluto gives every state a number of its own, `parent` is then the IKE SA.
 */
export class SecurityAssociation {
  /** Name of the connection, null until the responder has selected one. */
  name: string | null = null;
  peerAddress: string | null = null;
  peerPort: number | null = null;
  localAddress: string | null = null;
  parent: SecurityAssociation | null = null;
  /** pluto's Child SA that was made under this IKE SA last. */
  latestChild: SecurityAssociation | null = null;
  ike: AttemptInProgress | null = null;
  child: AttemptInProgress | null = null;
  /** Those that came up before the latest one and whose deletion was not logged. */
  private olderChildren: AttemptInProgress[] | null = null;
  /** racoon's Child SAs by the SPIs of both directions. */
  private childOfSpi: Map<FieldValue, AttemptInProgress> | null = null;
  /** Retransmissions, DPD and deletion of an SA that is up; kept only if they come to something. */
  upkeep: AttemptInProgress | null = null;
  /** DPD requests since the last sign of the peer. */
  probes = 0;
  /** When it was established, message time. */
  ikeUp: number | null = null;
  isUp = false;
  gone = false;
  /** Message ID of this side's own request to delete it (null: not logged), and how often charon has repeated it. */
  deletion: { readonly id: FieldValue | null; repeats: number } | null = null;
  /** The peer has said something since it came up that a peer says to whom it is up, too. */
  isUsed = false;
  /** racoon's Child SA has reached a lifetime: the next one is negotiated in its place. */
  isChildExpiring = false;
  /** A line that nothing understands, before anything that was understood. */
  unread: Event | null = null;
  lastTime: number | null = null;
  /** Number of the line that was about it last: of one second, stamps do not tell which came first. */
  lastLine = 0;

  constructor(public number: number | null) {}

  /** Who the peer is, as far as the log has said. */
  get peerId(): FieldValue | undefined {
    return this.ike?.fields['peer.id'] ?? this.child?.fields['peer.id'];
  }

  /** Nothing is under way and nothing is up: only late lines can come. */
  isSettled(): boolean {
    const { ike, child, upkeep } = this;
    if (this.gone) return true;
    if (ike === null && child === null) return false;
    return isSettled(ike) && isSettled(child) && (upkeep === null || upkeep.over);
  }

  /** Packets came that were the beginning of nothing. */
  isForgotten(time: number): boolean {
    return this.ike === null && this.child === null && !this.isUp && this.lastTime !== null && time - this.lastTime >= FORGOTTEN_AFTER;
  }

  /** Its latest Child SA is gone, and nothing that is said now can repeat why. */
  forgetChild(time: number): void {
    const { latestChild } = this;
    if (latestChild?.gone === true && (latestChild.lastTime === null || time - latestChild.lastTime >= FORGOTTEN_AFTER)) this.latestChild = null;
  }

  /** The latest Child SA gives its place to another one, and may stay up. */
  keepChild(): void {
    if (this.child?.outcome !== 'established' || this.child.retired) return;
    const older = (this.olderChildren ??= []);
    older.push(this.child);
    if (older.length > MAX_OLDER) older.shift();
  }

  /** Its Child SAs go on under another IKE SA, as after rekeying (RFC 7296 section 2.8). */
  passChildrenTo(heir: SecurityAssociation): void {
    this.keepChild();
    if (this.child?.outcome === 'established') this.child = null;
    if (this.olderChildren === null) return;
    heir.olderChildren = [...(heir.olderChildren ?? []), ...this.olderChildren].slice(-MAX_OLDER);
    this.olderChildren = null;
  }

  /** Others came up before the latest one. */
  get hadChildren(): boolean {
    return this.olderChildren !== null;
  }

  /** The Child SA that is up with this number, or this SPI, or this name, of charon; one that is not the latest is no longer remembered. */
  childNamed(said: Fields): AttemptInProgress | null {
    if (this.child?.outcome === 'established' && !this.child.retired && isNamed(this.child, said)) return this.child;
    const older = this.olderChildren ?? [];
    const at = older.findIndex((child) => isNamed(child, said));
    return at < 0 ? null : older.splice(at, 1)[0] ?? null;
  }

  /** Is the Child SA that is up with this number one of its own? */
  hasChild(said: Fields): boolean {
    return [this.child, ...(this.olderChildren ?? [])].some((child) => child?.outcome === 'established' && !child.retired && isNamed(child, said));
  }

  /** The Child SA has this SPI in one direction. */
  rememberSpi(spi: FieldValue, child: AttemptInProgress): void {
    const known = (this.childOfSpi ??= new Map());
    known.set(spi, child);
    const [oldest] = known.keys();
    if (known.size > MAX_SPIS && oldest !== undefined) known.delete(oldest);
  }

  /** The Child SA that is up with this SPI; it is not remembered any longer. */
  childWith(spi: FieldValue | undefined): AttemptInProgress | null {
    const child = spi === undefined ? undefined : this.childOfSpi?.get(spi);
    if (spi === undefined || child === undefined) return null;
    this.childOfSpi?.delete(spi);
    return child.outcome === 'established' && !child.retired ? child : null;
  }

  /** It is not up any more. `by`: the line that says so. */
  close(time: number | null, by: Event | null = null): void {
    this.ike?.close(time, by);
    this.child?.close(time, by);
    // a Child SA that was refused before did not fail because of this
    if (this.child?.failing === true) this.child.end('failed', time);
    for (const child of this.olderChildren ?? []) child.retired = true;
    this.olderChildren = null;
    this.childOfSpi = null;
  }

  /** A line of it that nothing understands: whatever is under way may have failed with it. */
  noteUnread(event: Event): void {
    if (this.ike === null && this.child === null && !this.isUp) this.unread ??= event;
    else for (const attempt of this.open()) attempt.noteUnread(event);
  }

  /** Attempts that are still under way. */
  open(): AttemptInProgress[] {
    return [this.ike, this.child, this.upkeep].filter((attempt) => attempt !== null && !attempt.over) as AttemptInProgress[];
  }
}

const isSettled = (attempt: AttemptInProgress | null): boolean => attempt === null || (attempt.over && attempt.outcome !== 'established');

function isNamed({ fields }: AttemptInProgress, said: Fields): boolean {
  const number = said['child.number'];
  if (number !== undefined) return fields['child.number'] === number;
  const spi = said['spi.out'];
  if (spi !== undefined) return fields['spi.out'] === spi;
  const name = said['child.name'];
  return name !== undefined && fields['child.name'] === name;
}

/** Known addresses of an SA. */
type Addresses = Pick<SecurityAssociation, 'peerAddress' | 'localAddress'>;

/** What is known of the addresses does not speak against what a line says; an address that either leaves open fits. */
export function fitsAddresses({ peerAddress, localAddress }: Addresses, said: Fields): boolean {
  return agrees(peerAddress, said['peer.address']) && agrees(localAddress, said['local.address']);
}

const agrees = (known: string | null, said: FieldValue | undefined): boolean => known === null || said === undefined || known === said;

/** Was the SA heard of at most so many milliseconds before? Without stamps, nobody knows that it was not. */
export function isWithin(limit: number, { lastTime }: SecurityAssociation, { message: { record } }: Event): boolean {
  return record.time === null || lastTime === null || record.time - lastTime <= limit;
}
