import type { Link } from '../../model/attempt.js';
import type { DaemonMessage } from '../../model/daemon-message.js';
import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import { SharedIdentities } from '../conclusions/shared-identities.js';
import { UnusedTunnels } from '../conclusions/unused-tunnels.js';
import { EarlierLines } from '../context/earlier-lines.js';
import { LiveAssociations } from './live-associations.js';
import { concernsGoneOne, isOfAnswer } from './packet-errors.js';
import { PacketVendorIds } from './packet-vendor-ids.js';
import { RacoonLines } from './racoon-lines.js';
import { fitsAddresses, SecurityAssociation } from './security-association.js';
import { isBegunByPeer, replaceBy, succeed } from './successors.js';
import { unnumbered } from './untagged-choices.js';
import { UntaggedLines } from './untagged-lines.js';

/** Receives a line and its SA; `others`: further SAs it may belong to. */
export type Take = (event: Event, sa: SecurityAssociation, link: Link, others: readonly SecurityAssociation[]) => void;

/** Finished SAs that late lines may still refer to; older ones are forgotten. */
const REMEMBERED = 512;
/** Maximum milliseconds between pluto's reason for rejecting a packet and the rejection. */
const EXPLAINED_WITHIN = 1_000;
/** Maximum milliseconds between the lines about one failure to route or load a connection. */
const GOES_ON_WITHIN = 1_000;
/** Kinds that charon logs twice at level 2. */
const PACKETS: ReadonlySet<string> = new Set(['packet.sent', 'packet.received']);
const NOBODY: readonly SecurityAssociation[] = [];

/**
 * One run of a daemon, within which SA numbers are unique. Assigns lines to SAs: by number, otherwise by the SA that
 * the same thread or packet was about, otherwise by peer or by the previous line.
 */
export class DaemonProcess {
  /** All SAs for which something may still be in progress. */
  readonly live = new LiveAssociations();
  readonly numbered = new Map<number, SecurityAssociation>();
  private readonly retired: number[] = [];
  private readonly untagged: UntaggedLines;
  readonly racoon: RacoonLines;
  private readonly vendorIds = new PacketVendorIds();
  readonly earlier = new EarlierLines();
  /** Time of its first line; null if no line has a time. */
  since: number | null = null;
  /** charon logs packet sizes (since 5.0). */
  private tellsSizes = false;
  /** Message time of pluto's latest failure; infinite if there is no time. */
  private lastFailure: number | null = null;
  /** The last connection of pluto that failed without any negotiation. */
  private unnegotiated: SecurityAssociation | null = null;

  /**
   * `take` is called once the SA of a line is known: never for lines without an SA, and later for those that have to
   * wait for the next line. What watches series of tunnels is taken over from the previous run of the daemon.
   */
  constructor(private readonly take: Take, readonly unusedTunnels = new UnusedTunnels(), readonly sharedIdentities = new SharedIdentities()) {
    this.untagged = new UntaggedLines(this.live, () => this.create(null), take);
    this.racoon = new RacoonLines(this.live, () => this.create(null), take);
  }

  /** Takes a line about the process or the loading of a connection, which belongs to no SA. */
  hear(event: Event): Event {
    if (event.kind === 'daemon.interface') this.racoon.hear(event);
    return this.earlier.hear(event);
  }

  place(told: Event): void {
    if (this.earlier.keep(told)) return;
    const event = this.earlier.complete(told);
    if (PACKETS.has(event.kind) && this.isCopy(event)) return;
    const number = numberOf(event);
    if (event.message.daemon === 'pluto' && describeKind(event.kind).role === 'failure') this.lastFailure = event.message.record.time ?? Infinity;
    if (number !== null) {
      const known = this.numbered.get(number);
      const begun = known === undefined ? null : this.begunUnder(event, known);
      const sa = begun ?? succeed(event, known ?? this.adopt(event, number) ?? this.create(number), this.numbered.get(event.message.saNumber ?? number));
      if (sa.gone && describeKind(event.kind).starts === true) this.revive(sa);
      if (event.message.daemon === 'charon') this.untagged.settle(event.message, sa);
      else if (number !== event.message.saNumber && event.message.saNumber !== null) this.carrierOf(event.message.saNumber);
      const order = this.untagged.orders.carriedOutBy(event, sa);
      if (order !== null) this.take(order, sa, 'sa', NOBODY);
      this.take(event, sa, 'sa', NOBODY);
      if (begun?.ike != null) begun.ike.purpose = 'rekey';
      this.takeVendorIds(event, sa);
    } else if (event.message.daemon === 'pluto') {
      this.placeOfPluto(event);
    } else if (event.message.daemon === 'racoon') {
      this.racoon.place(event);
    } else if (event.kind === 'log.unread') {
      this.untagged.pass(event);
    } else {
      this.untagged.place(event);
    }
  }

  /** Takes a line from another source on this host (kernel, firewall) about a packet of the SA. */
  join(event: Event, sa: SecurityAssociation): void {
    this.take(event, sa, 'peer', NOBODY);
  }

  /** Assigns lines that are still waiting for a neighbour. */
  flush(): void {
    this.untagged.flush();
    this.racoon.flush();
  }

  /** Removes an SA for which nothing is in progress; its number is remembered for late lines. */
  retire(sa: SecurityAssociation): void {
    sa.gone = true;
    if (!this.live.delete(sa) || sa.number === null) {
      return;
    }
    this.retired.push(sa.number);
    if (this.retired.length > 2 * REMEMBERED) {
      for (const number of this.retired.splice(0, REMEMBERED)) {
        const old = this.numbered.get(number);
        if (old !== undefined && !this.live.has(old)) this.numbered.delete(number);
      }
    }
  }

  /** The SA is up, so the oldest of too many similar ones cannot be up any more. */
  retireOutlived(sa: SecurityAssociation): void {
    for (const old of this.live.outlived(sa)) {
      old.close(old.lastTime);
      this.retire(old);
    }
  }

  /** Advances message time: attempts may end without a line if they were quiet for long. */
  tidy(time: number): void {
    this.unusedTunnels.tidy(time);
    for (const sa of this.live) {
      if (sa.isSettled() || sa.isForgotten(time)) this.retire(sa);
      else sa.forgetChild(time);
    }
  }

  /** The IKE SA of a pluto Child SA: the one it names, otherwise the latest of its connection. */
  parentOf(child: SecurityAssociation, named: number | null): SecurityAssociation | null {
    if (named !== null && named !== child.number) {
      return this.numbered.get(named) ?? null;
    }
    let latest: SecurityAssociation | null = null;
    for (const sa of this.live.named(child.name)) {
      if (sa !== child && (sa.ike !== null || sa.isUp) && (latest?.number ?? -1) < (sa.number ?? -1)) latest = sa;
    }
    return latest;
  }

  /**
   * pluto's latest IKEv2 SA of the same connection that is still being negotiated and precedes this one. Up to
   * Libreswan 3 the lines of IKE_AUTH have the number of the Child SA to be created, and up to 4.4 those of its end. If
   * the log begins with the failure, the number alone tells which.
   *
   * @param ofIkev2 whether the line of the later SA shows that it is one of IKEv2.
   */
  negotiatedBefore(later: SecurityAssociation, ofIkev2: boolean): SecurityAssociation | null {
    let latest: SecurityAssociation | null = null;
    for (const sa of this.live.named(later.name)) {
      const before = (sa.number ?? Infinity) < (later.number ?? 0) && (latest?.number ?? -1) < (sa.number ?? -1);
      const isNegotiation = sa.ike?.exchange === 'ikev2' || (ofIkev2 && sa.ike?.exchange === 'unknown' && sa.ike.failing && sa.number === (later.number ?? 0) - 1);
      if (before && isNegotiation && sa.ike?.over === false) latest = sa;
    }
    return latest;
  }

  /** Something is in progress again: charon retries under the same number, or a late line starts another attempt. */
  revive(sa: SecurityAssociation): void {
    sa.gone = false;
    this.live.add(sa);
  }

  /**
   * At level 2 charon's sender and receiver threads log each packet without its size, in addition to the thread that
   * processes it.
   */
  private isCopy({ fields }: Event): boolean {
    const { 'message.size': size } = fields;
    if (size !== undefined && !this.tellsSizes) {
      this.tellsSizes = true;
      this.untagged.forgetUnsized();
    }
    return size === undefined && this.tellsSizes;
  }

  private create(number: number | null): SecurityAssociation {
    const sa = new SecurityAssociation(number);
    this.live.add(sa);
    if (number !== null) this.numbered.set(number, sa);
    return sa;
  }

  /**
   * A Child SA was created or deleted under this IKE SA of pluto, so it is up, even if the log does not show its start.
   */
  carrierOf(number: number): SecurityAssociation {
    const sa = this.numbered.get(number) ?? this.create(number);
    if (sa.ike === null) sa.isUp = true;
    return sa;
  }

  /** The IKE SA that charon's peer begins under this one. */
  private begunUnder(event: Event, old: SecurityAssociation): SecurityAssociation | null {
    if (!isBegunByPeer(event, old)) return null;
    const begun = this.create(null);
    replaceBy(begun, old);
    return begun;
  }

  /**
   * charon as responder logs the SA's number only when a line names it; until then the SA is identified by its packets.
   * So is one that it had initiated before the log, and initiates once more.
   */
  private adopt(event: Event, number: number): SecurityAssociation | null {
    if (event.message.daemon !== 'charon') return null;
    const current = this.untagged.current(event.message.thread);
    if (describeKind(event.kind).as === 'initiator' && (current === null || !isAskedToRetry(current))) return null;
    const heir = this.numbered.get(event.message.saNumber ?? number)?.successor;
    const sa = heir?.number === null ? heir : current !== null && fitsAddresses(current, event.fields) ? current : unnumbered(this.live, event);
    if (sa === null || sa.number !== null || sa.gone) {
      return null;
    }
    sa.number = number;
    for (const attempt of sa.open()) attempt.saNumber = number;
    this.numbered.set(number, sa);
    return sa;
  }

  /** SAs of the connection named by a pluto line, otherwise of its peer; the latest last. */
  private related({ kind, fields, message: { connectionName, peerAddress } }: Event): readonly SecurityAssociation[] {
    if (connectionName !== null) return [...this.live.named(connectionName)];
    const peer = peerAddress ?? fields['peer.address'];
    if (typeof peer !== 'string') return NOBODY;
    const known = [...this.live.ofPeer(peer)];
    // Openswan does not log the peer when it initiates, so any packet but a first one may answer such an SA.
    return known.length > 0 || !isOfAnswer(kind) ? known : [...this.live.ofPeer(null)].filter(({ ike }) => ike?.over === false && ike.role === 'initiator');
  }

  private takeVendorIds(event: Event, sa: SecurityAssociation): void {
    for (const vendorId of this.vendorIds.ofPacket(event)) this.take(vendorId, sa, 'packet', NOBODY);
  }

  private placeOfPluto(event: Event): void {
    this.vendorIds.hold(event);
    const description = describeKind(event.kind);
    const related = description.as === 'responder' ? NOBODY : this.related(event);
    // Taking down a connection means its IKE SA, if up, not just the latest Child SA.
    const sa = (event.kind === 'lifecycle.terminated_by_operator' ? related.findLast(({ isUp }) => isUp) : undefined) ?? related.at(-1);
    if (sa !== undefined) {
      this.take(event, sa, 'peer', related.filter((other) => other !== sa && other.name !== sa.name));
    } else if ((description.role === 'failure' && !concernsGoneOne(event, this.live)) || this.refusesUnexplained(event)) {
      const failed = this.sameFailure(event.message) ?? this.create(null);
      this.unnegotiated = failed;
      this.take(event, failed, 'sa', NOBODY);
      this.takeVendorIds(event, failed);
    }
  }

  /**
   * Consecutive lines without a number that name one connection are about one failure: first the script, then what
   * failed without it.
   */
  private sameFailure({ connectionName, record: { time } }: DaemonMessage): SecurityAssociation | null {
    const last = this.unnegotiated;
    if (last === null || connectionName === null || last.name !== connectionName) return null;
    const goesOn = time === null || last.lastTime === null ? time === last.lastTime : time - last.lastTime <= GOES_ON_WITHIN;
    return goesOn ? last : null;
  }

  /** pluto answers a packet with an error, and the line with the reason is missing or not understood. */
  private refusesUnexplained({ kind, message: { record } }: Event): boolean {
    if (kind !== 'ike.refused_here' && kind !== 'ike.refusing') return false;
    return this.lastFailure === null || (record.time !== null && record.time - this.lastFailure > EXPLAINED_WITHIN);
  }
}

/**
 * The text may name an SA more precisely than its prefix: charon's `initiating IKE_SA gw[2]` under `<gw|1>`, or the
 * Child SA that pluto or its peer deletes.
 */
function numberOf({ kind, fields, message }: Event): number | null {
  const named = message.daemon === 'charon' ? fields['ike.number'] : kind === 'child.deleted_by_peer' || kind === 'child.closing' ? fields['child.number'] : undefined;
  return typeof named === 'number' ? named : message.saNumber;
}

/** The peer has answered the first request of this SA by asking for another one, with a COOKIE or another group. */
function isAskedToRetry({ ike }: SecurityAssociation): boolean {
  const last = ike?.entries.at(-1)?.event;
  return ike?.role === 'initiator' && (last?.kind === 'proposal.group_retry' || (last?.kind === 'message.parsed' && String(last.fields['message.payloads']).trim() === 'N(COOKIE)'));
}
