import type { Event } from '../../model/event.js';
import type { Fields, FieldValue } from '../../model/fields.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';
import { isSoonAfter } from '../values/elapsed.js';
import { RepeatedRequest } from './lost-replies.js';

/** charon's Child SAs that may be up next to the latest one: others under the same IKE SA, and the one just rekeyed. */
const MAX_OLDER = 16;
/** Milliseconds without a line. */
const FORGOTTEN_AFTER = 3_600_000;
/** SPIs remembered of racoon's Child SAs, two for each. */
const MAX_SPIS = 64;

/**
 * An SA number of one daemon process, and what is known about it. charon numbers IKE SAs, and their Child SAs share the
 * number; pluto numbers every state, and `parent` is then the IKE SA.
 */
export class SecurityAssociation {
  /** Name of the connection; null until the responder has selected one. */
  name: string | null = null;
  peerAddress: string | null = null;
  peerPort: number | null = null;
  localAddress: string | null = null;
  parent: SecurityAssociation | null = null;
  /** The IKE SA that charon has begun under this one, as in a rekeying. */
  successor: SecurityAssociation | null = null;
  /** The successor is what is being negotiated under this one. */
  isSucceeded = false;
  /** The latest message of charon's peer under it requests an IKE SA that replaces it. */
  isToBeReplaced = false;
  /** pluto's latest Child SA under this IKE SA. */
  latestChild: SecurityAssociation | null = null;
  ike: AttemptInProgress | null = null;
  /** The attempt before this one, if charon started over under the same number. */
  formerIke: AttemptInProgress | null = null;
  child: AttemptInProgress | null = null;
  /** Earlier Child SAs whose deletion was not logged. */
  private olderChildren: AttemptInProgress[] | null = null;
  /** racoon's Child SAs by the SPIs of both directions. */
  private childOfSpi: Map<FieldValue, AttemptInProgress> | null = null;
  /** Retransmissions, DPD and deletion of an established SA; kept only if they lead to something. */
  upkeep: AttemptInProgress | null = null;
  /** DPD requests since the peer was last heard. */
  probes = 0;
  /** Message time of establishment. */
  ikeUp: number | null = null;
  isUp = false;
  readonly request = new RepeatedRequest();
  /** Message ID of the latest request that charon sent. */
  asked: FieldValue | null = null;
  /** Message ID of the latest request that charon answered. */
  answered: FieldValue | null = null;
  gone = false;
  /** Message ID of our own delete request (null: not logged), and how often charon repeated it. */
  deletion: { readonly id: FieldValue | null; repeats: number } | null = null;
  /** Since it came up, the peer sent something that implies it considers the SA up too. */
  isUsed = false;
  /** Its latest line says that charon does not request a Child SA, because an identical one is up. */
  isDeclined = false;
  /** racoon's Child SA reached a lifetime: the next one is negotiated as its replacement. */
  isChildExpiring = false;
  /** A line not understood, before any line that was. */
  unread: Event | null = null;
  lastTime: number | null = null;
  /** Counter value of the latest line about it, because stamps within one second do not give the order. */
  lastLine = 0;

  constructor(public number: number | null) {}

  /** The peer's identity, as far as logged. */
  get peerId(): FieldValue | undefined {
    return this.ike?.fields['peer.id'] ?? this.child?.fields['peer.id'];
  }

  /** Nothing is in progress or up: only late lines can follow. */
  isSettled(): boolean {
    const { ike, child, upkeep } = this;
    if (this.gone) return true;
    if (ike === null && child === null) return false;
    return isSettled(ike) && isSettled(child) && (upkeep === null || upkeep.over);
  }

  /** Only packets arrived that started nothing. */
  isForgotten(time: number): boolean {
    return this.ike === null && this.child === null && !this.isUp && this.lastTime !== null && time - this.lastTime >= FORGOTTEN_AFTER;
  }

  /** Drops its latest Child SA once that is gone and no line can refer to its failure any more. */
  forgetChild(time: number): void {
    const { latestChild } = this;
    if (latestChild?.gone === true && (latestChild.lastTime === null || time - latestChild.lastTime >= FORGOTTEN_AFTER)) this.latestChild = null;
  }

  /** Another Child SA becomes the latest; the current one may stay up. */
  keepChild(): void {
    if (this.child?.outcome !== 'established' || this.child.retired) return;
    const older = (this.olderChildren ??= []);
    older.push(this.child);
    if (older.length > MAX_OLDER) older.shift();
  }

  /** Moves its Child SAs to another IKE SA, as after rekeying (RFC 7296 section 2.8). */
  passChildrenTo(heir: SecurityAssociation): void {
    this.keepChild();
    if (this.child?.outcome === 'established') this.child = null;
    if (this.olderChildren === null) return;
    heir.olderChildren = [...(heir.olderChildren ?? []), ...this.olderChildren].slice(-MAX_OLDER);
    this.olderChildren = null;
  }

  /** Did other Child SAs come up before the latest one? */
  get hadChildren(): boolean {
    return this.olderChildren !== null;
  }

  /** charon's established Child SA with this number, SPI or name; one that is not the latest is forgotten. */
  childNamed(said: Fields): AttemptInProgress | null {
    if (this.child?.outcome === 'established' && !this.child.retired && isNamed(this.child, said)) return this.child;
    const older = this.olderChildren ?? [];
    const at = older.findIndex((child) => isNamed(child, said));
    return at < 0 ? null : older.splice(at, 1)[0] ?? null;
  }

  /** Is an established Child SA with this number its own? */
  hasChild(said: Fields): boolean {
    return this.standingChildren().some((child) => isNamed(child, said));
  }

  /** charon's Child SAs that are up. */
  standingChildren(): AttemptInProgress[] {
    return [...(this.olderChildren ?? []), this.child].filter((child) => child?.outcome === 'established' && !child.retired) as AttemptInProgress[];
  }

  /** Records an SPI (of one direction) of the Child SA. */
  rememberSpi(spi: FieldValue, child: AttemptInProgress): void {
    const known = (this.childOfSpi ??= new Map());
    known.set(spi, child);
    const [oldest] = known.keys();
    if (known.size > MAX_SPIS && oldest !== undefined) known.delete(oldest);
  }

  /** The established Child SA with this SPI, which is then forgotten. */
  childWith(spi: FieldValue | undefined): AttemptInProgress | null {
    const child = spi === undefined ? undefined : this.childOfSpi?.get(spi);
    if (spi === undefined || child === undefined) return null;
    this.childOfSpi?.delete(spi);
    return child.outcome === 'established' && !child.retired ? child : null;
  }

  /** The SA is no longer up. `by`: the line that says so. */
  close(time: number | null, by: Event | null = null): void {
    this.ike?.close(time, by);
    this.child?.close(time, by);
    // A Child SA that was rejected before did not fail because of this
    if (this.child?.failing === true) this.child.end('failed', time);
    for (const child of this.olderChildren ?? []) child.retired = true;
    this.olderChildren = null;
    this.childOfSpi = null;
  }

  /** A line about it that is not understood: whatever is in progress may have failed with it. */
  noteUnread(event: Event): void {
    if (this.ike === null && this.child === null && !this.isUp) this.unread ??= event;
    else {
      const open = this.open();
      for (const attempt of open.length > 0 ? open : [this.child ?? this.ike]) attempt?.noteUnread(event);
    }
  }

  /** Attempts still in progress. */
  open(): AttemptInProgress[] {
    return [this.ike, this.child, this.upkeep].filter((attempt) => attempt !== null && !attempt.over) as AttemptInProgress[];
  }
}

const isSettled = (attempt: AttemptInProgress | null): boolean => attempt === null || (attempt.over && attempt.outcome !== 'established');

/** Before strongSwan 5.3, a Child SA has the number of the one it replaces (child_sa.c, get_reqid): SPIs tell more. */
export function isNamed({ fields }: AttemptInProgress, said: Fields): boolean {
  const [spi, number] = [said['spi.out'], said['child.number']];
  if (spi !== undefined && (fields['spi.out'] !== undefined || number === undefined)) return fields['spi.out'] === spi;
  if (number !== undefined) return fields['child.number'] === number;
  const name = said['child.name'];
  return name !== undefined && fields['child.name'] === name;
}

/** Known addresses of an SA. */
type Addresses = Pick<SecurityAssociation, 'peerAddress' | 'localAddress'>;

/** Are the known addresses compatible with those in a line? Unknown addresses match. */
export function fitsAddresses({ peerAddress, localAddress }: Addresses, said: Fields): boolean {
  return agrees(peerAddress, said['peer.address']) && agrees(localAddress, said['local.address']);
}

const agrees = (known: string | null, said: FieldValue | undefined): boolean => known === null || said === undefined || known === said;

/** Was the SA last mentioned at most `limit` milliseconds ago? True without stamps, as nothing contradicts it. */
export function isWithin(limit: number, { lastTime }: SecurityAssociation, { message: { record } }: Event): boolean {
  return isSoonAfter(limit, lastTime, record.time);
}

/**
 * The lifetime of an IKE SA ends while the peer has not yet answered its deletion: charon drops it at once, and whatever
 * was to follow the answer does not (ike_sa.c, delete_).
 */
export const isAbandoned = ({ kind, fields }: Event): boolean => kind === 'ike.deleted' && fields['state.name'] === 'DELETING';
