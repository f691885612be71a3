import type { Link } from '../model/attempt.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import type { Event } from '../model/event.js';
import type { EventKind } from '../model/event-kinds.js';
import { describeKind } from '../model/event-kinds.js';
import { ConfiguredProposals } from './configured-proposals.js';
import { InitiateOrders } from './initiate-orders.js';
import { OwnAuthentication } from './own-authentication.js';
import { LiveAssociations } from './live-associations.js';
import { RacoonLines } from './racoon-lines.js';
import { fitsAddresses, SecurityAssociation } from './security-association.js';
import { UntaggedLines } from './untagged-lines.js';
import { UpInVain } from './up-in-vain.js';

/** Takes a line and the SA it belongs to; `others`: SAs it may belong to as well. */
export type Take = (event: Event, sa: SecurityAssociation, link: Link, others: readonly SecurityAssociation[]) => void;

/** SAs that are gone and may still be spoken of; older ones are forgotten. */
const REMEMBERED = 512;
/** Milliseconds between the line that says why pluto refuses a packet, and the refusal. */
const EXPLAINED_WITHIN = 1_000;
/** Milliseconds between the lines about one failure to route or load a connection. */
const GOES_ON_WITHIN = 1_000;
/** Kinds of which charon speaks twice at level 2. */
const PACKETS: ReadonlySet<string> = new Set(['packet.sent', 'packet.received']);
const NOBODY: readonly SecurityAssociation[] = [];

/**
 * One run of one daemon, in which SA numbers are unique. Decides to which SA a line belongs: by the number it carries, else by
 * what the same thread or the same packet was about, else by the peer or by what was said last.
 */
export class DaemonProcess {
  /** Every SA of which something may still be under way. */
  readonly live = new LiveAssociations();
  private readonly numbered = new Map<number, SecurityAssociation>();
  private readonly retired: number[] = [];
  private readonly untagged: UntaggedLines;
  readonly racoon: RacoonLines;
  private readonly proposals = new ConfiguredProposals();
  private readonly authentication = new OwnAuthentication();
  private readonly orders = new InitiateOrders();
  /** Time of its first line; null where none has a time. */
  since: number | null = null;
  /** charon says how large packets are: since 5.0 it does. */
  private tellsSizes = false;
  /** When pluto said last that something fails, message time; infinite where nobody says. */
  private lastFailure: number | null = null;
  /** What pluto could not do for a connection without negotiating, last. */
  private unnegotiated: SecurityAssociation | null = null;

  /**
   * `take` is called for a line when it is known whose it is: never for those that belong to no SA, later for those that must wait for the next
   * line. `upInVain`: of the daemon's run before this one.
   */
  constructor(
    private readonly take: Take,
    readonly upInVain = new UpInVain(),
  ) {
    this.untagged = new UntaggedLines(this.live, () => this.create(null), take);
    this.racoon = new RacoonLines(this.live, () => this.create(null), take);
  }

  /** A line about the process or about the loading of a connection, which belongs to no SA. */
  hear(event: Event): void {
    if (event.kind === 'daemon.interface') this.racoon.hear(event);
    else if (event.message.daemon === 'pluto') this.authentication.learn(event);
    else if (event.message.daemon === 'charon') this.orders.hear(event);
  }

  place(placed: Event): void {
    if (PACKETS.has(placed.kind) && this.isCopy(placed)) return;
    if (placed.kind === 'proposal.configured' && placed.message.saNumber === null && placed.message.daemon === 'pluto') {
      this.proposals.learn(placed);
      return;
    }
    const { daemon } = placed.message;
    const event = daemon === 'pluto' ? this.authentication.complete(this.proposals.complete(placed)) : daemon === 'charon' ? this.orders.complete(placed) : placed;
    const number = numberOf(event);
    if (event.message.daemon === 'pluto' && describeKind(event.kind).role === 'failure') this.lastFailure = event.message.record.time ?? Infinity;
    if (number !== null) {
      const sa = this.numbered.get(number) ?? this.adopt(event, number) ?? this.create(number);
      if (sa.gone && describeKind(event.kind).starts === true) this.revive(sa);
      if (event.message.daemon === 'charon') this.untagged.settle(event.message, sa);
      else if (number !== event.message.saNumber && event.message.saNumber !== null) this.carrierOf(event.message.saNumber);
      this.take(event, sa, 'sa', NOBODY);
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

  /** An order to initiate what this process does not know; null where there is none. */
  orderInVain(): Event | null {
    return this.orders.inVain();
  }

  /** Somebody else on this host, the kernel or a firewall, speaks of a packet of the SA. */
  join(event: Event, sa: SecurityAssociation): void {
    this.take(event, sa, 'peer', NOBODY);
  }

  /** Lines that still wait for a neighbour to tell where they belong. */
  flush(): void {
    this.untagged.flush();
    this.racoon.flush();
  }

  /** Nothing of the SA is under way any more; its number is remembered for a while, for late lines. */
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

  /** The SA is up, and older ones like it cannot be any more. */
  retireOutlived(sa: SecurityAssociation): void {
    for (const old of this.live.outlived(sa)) {
      old.close(old.lastTime);
      this.retire(old);
    }
  }

  /** Message time has come to `time`: attempts end without a line, too, when nothing was heard of them for long. */
  tidy(time: number): void {
    this.upInVain.tidy(time);
    for (const sa of this.live) {
      if (sa.isSettled() || sa.isForgotten(time)) this.retire(sa);
      else sa.forgetChild(time);
    }
  }

  /** The IKE SA that a Child SA of pluto was made under: the one it names, else the latest of its connection. */
  parentOf(child: SecurityAssociation, named: number | null): SecurityAssociation | null {
    if (named !== null && named !== child.number) {
      return this.numbered.get(named) ?? null;
    }
    let latest: SecurityAssociation | null = null;
    for (const sa of this.live.named(child.name)) {
      if (sa !== child && sa.ike !== null && (latest?.number ?? -1) < (sa.number ?? -1)) latest = sa;
    }
    return latest;
  }

  /**
   * pluto's latest IKEv2 SA of the same connection that is still being negotiated, made before this one. Up to Libreswan 3 the
   * lines of IKE_AUTH come under the number of the Child SA that it is to bring up.
   */
  negotiatedBefore(later: SecurityAssociation): SecurityAssociation | null {
    let latest: SecurityAssociation | null = null;
    for (const sa of this.live.named(later.name)) {
      const before = (sa.number ?? Infinity) < (later.number ?? 0) && (latest?.number ?? -1) < (sa.number ?? -1);
      if (before && sa.ike?.exchange === 'ikev2' && !sa.ike.over) latest = sa;
    }
    return latest;
  }

  /** Something is under way again: charon tries under the same number, or a line comes late and opens another story. */
  revive(sa: SecurityAssociation): void {
    sa.gone = false;
    this.live.add(sa);
  }

  /** At level 2 charon's threads that send and receive say of each packet, without its size, what the one that works on it says as well. */
  private isCopy({ fields }: Event): boolean {
    const { 'message.size': size } = fields;
    if (size !== undefined) this.tellsSizes = true;
    return size === undefined && this.tellsSizes;
  }

  private create(number: number | null): SecurityAssociation {
    const sa = new SecurityAssociation(number);
    this.live.add(sa);
    if (number !== null) this.numbered.set(number, sa);
    return sa;
  }

  /** Under an IKE SA of pluto whose start the log may not show, a Child SA is made or deleted: it is up. */
  carrierOf(number: number): SecurityAssociation {
    const sa = this.numbered.get(number) ?? this.create(number);
    if (sa.ike === null) sa.isUp = true;
    return sa;
  }

  /** charon's responder learns the number of an SA only when a line names it; until then the SA is known by its packets. */
  private adopt(event: Event, number: number): SecurityAssociation | null {
    if (event.message.daemon !== 'charon' || describeKind(event.kind).as === 'initiator') {
      return null;
    }
    const current = this.untagged.current(event.message.thread);
    const sa = current !== null && fitsAddresses(current, event.fields) ? current : this.samePeer(event);
    if (sa === null || sa.number !== null || sa.gone) {
      return null;
    }
    sa.number = number;
    for (const attempt of sa.open()) attempt.saNumber = number;
    this.numbered.set(number, sa);
    return sa;
  }

  private samePeer({ fields }: Event): SecurityAssociation | null {
    const peer = fields['peer.address'];
    if (typeof peer !== 'string') return null;
    for (const address of [peer, null]) {
      for (const sa of this.live.ofPeer(address)) if (sa.number === null && fitsAddresses(sa, fields)) return sa;
    }
    return null;
  }

  /** SAs of the connection that a line of pluto names, or else of the peer it came from or is about; the latest last. */
  private related({ kind, fields, message: { connectionName, peerAddress } }: Event): readonly SecurityAssociation[] {
    if (connectionName !== null) return [...this.live.named(connectionName)];
    const peer = peerAddress ?? fields['peer.address'];
    if (typeof peer !== 'string') return NOBODY;
    const known = [...this.live.ofPeer(peer)];
    // Openswan says of no SA that it initiates with whom: only such a one can be answered, and not by anybody's first packet.
    return known.length > 0 || !isOfAnswer(kind) ? known : [...this.live.ofPeer(null)].filter(({ ike }) => ike?.over === false && ike.role === 'initiator');
  }

  private placeOfPluto(event: Event): void {
    const description = describeKind(event.kind);
    const related = description.as === 'responder' ? NOBODY : this.related(event);
    // Whoever takes a connection down means its IKE SA, if that is up, and not just its latest Child SA.
    const sa = (event.kind === 'lifecycle.terminated_by_operator' ? related.findLast(({ isUp }) => isUp) : undefined) ?? related.at(-1);
    if (sa !== undefined) {
      this.take(event, sa, 'peer', related.filter((other) => other !== sa && other.name !== sa.name));
    } else if (description.role === 'failure' || this.refusesUnexplained(event)) {
      const failed = this.sameFailure(event.message) ?? this.create(null);
      this.unnegotiated = failed;
      this.take(event, failed, 'sa', NOBODY);
    }
  }

  /** Lines without a number that follow each other and name one connection tell of one failure: the script, then what could not be done without it. */
  private sameFailure({ connectionName, record: { time } }: DaemonMessage): SecurityAssociation | null {
    const last = this.unnegotiated;
    if (last === null || connectionName === null || last.name !== connectionName) return null;
    const goesOn = time === null || last.lastTime === null ? time === last.lastTime : time - last.lastTime <= GOES_ON_WITHIN;
    return goesOn ? last : null;
  }

  /** pluto answers a packet with an error, and the line that says why is missing, or is one that nothing understands. */
  private refusesUnexplained({ kind, message: { record } }: Event): boolean {
    if (kind !== 'ike.refused_here' && kind !== 'ike.refusing') return false;
    return record.time !== null && (this.lastFailure === null || record.time - this.lastFailure > EXPLAINED_WITHIN);
  }
}

/** Who authenticates, or refuses what was offered, has been spoken to before, and so have those whom a packet does not reach. */
function isOfAnswer(kind: EventKind): boolean {
  return kind.startsWith('network.icmp') || kind.startsWith('network.send') || kind.startsWith('auth.') || kind.startsWith('cert.') || kind.startsWith('proposal.no_proposal');
}

/**
 * A text may name an SA more exactly than its prefix does: charon's `initiating IKE_SA gw[2]` under `<gw|1>`, the Child SA that
 * pluto's peer deletes under the number of the IKE SA.
 */
function numberOf({ kind, fields, message }: Event): number | null {
  const named = message.daemon === 'charon' ? fields['ike.number'] : kind === 'child.deleted_by_peer' ? fields['child.number'] : undefined;
  return typeof named === 'number' ? named : message.saNumber;
}
