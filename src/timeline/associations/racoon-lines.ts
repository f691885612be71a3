import type { Link } from '../../model/attempt.js';
import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import type { FieldValue } from '../../model/fields.js';
import { isSoonAfter } from '../values/elapsed.js';
import type { Take } from './daemon-process.js';
import type { LiveAssociations } from './live-associations.js';
import { isWithin } from './security-association.js';
import type { SecurityAssociation } from './security-association.js';

/** Limit on lines without an address that wait for one with it. */
const MAX_WAITING = 16;
/** racoon logs the reason directly before the line that names the peer (milliseconds). */
const SAME_PACKET = 1_000;
/** Milliseconds in which racoon gives up a negotiation, at most; what it logged before is about another. */
const GIVES_UP_WITHIN = 120_000;
const MAX_COOKIES = 4_096;
const MAX_SPIS = 8_192;
const MAX_OWN = 256;
const NOBODY: readonly SecurityAssociation[] = [];

/**
 * Lines of racoon, which has no SA numbers. A negotiation is identified by the addresses of its first line, an
 * ISAKMP-SA by its cookies, an IPsec SA by the addresses of its ends. Lines with neither concern the packet being
 * processed, one at a time: they belong to the next line within a second that names a peer, otherwise to the last
 * negotiation mentioned.
 */
export class RacoonLines {
  private readonly byCookies = new Map<string, SecurityAssociation>();
  /** Initiator cookie per SA; it never changes. */
  private readonly initiatorOf = new WeakMap<SecurityAssociation, FieldValue>();
  private readonly bySpi = new Map<FieldValue, SecurityAssociation>();
  /** Addresses that racoon listens on: the address before a message may be one of them. */
  private readonly own = new Set<string>();
  private readonly waiting: Event[] = [];
  /** Lines that may say why the next line fails, while no SA is known. */
  private readonly reasons: Event[] = [];
  private current: SecurityAssociation | null = null;
  /** A requested Child SA, whose IKE SA starts with the next line. */
  private queued: Event | null = null;

  constructor(
    private readonly live: LiveAssociations,
    private readonly create: () => SecurityAssociation,
    private readonly take: Take,
  ) {}

  /** Learns from a line about the daemon as a whole. */
  hear({ fields }: Event): void {
    const address = fields['local.address'];
    if (typeof address === 'string' && this.own.size < MAX_OWN) this.own.add(address);
  }

  place(event: Event): void {
    if (event.kind === 'log.unread') {
      if (this.current !== null) this.take(event, this.current, 'adjacent', NOBODY);
      return;
    }
    if (this.begins(event)) {
      this.flush();
      this.begin(event);
      return;
    }
    const found = this.find(event);
    if (found !== null) {
      this.settle(event, found.sa);
      this.give(event, found.sa, found.link);
    } else if (this.tellsMore(event)) {
      this.flush();
      if (this.current !== null) this.take(event, this.current, 'peer', NOBODY);
    } else if (this.isAddressed(event)) {
      this.beginWithout(event);
    } else {
      this.wait(event);
    }
  }

  /** Assigns waiting lines to the last negotiation mentioned. */
  flush(): void {
    for (const event of this.waiting.splice(0)) this.giveUnaddressed(event);
  }

  private begins({ kind }: Event): boolean {
    return describeKind(kind).subject === 'ike' && describeKind(kind).starts === true;
  }

  private begin(event: Event): void {
    const sa = this.create();
    this.hear(event);
    this.current = sa;
    this.take(event, sa, 'sa', NOBODY);
    const queued = this.queuedFor(event.fields['peer.address']);
    if (queued !== null) this.take(queued, sa, 'sa', NOBODY);
  }

  private queuedFor(peer: FieldValue | undefined): Event | null {
    const { queued } = this;
    this.queued = null;
    return queued !== null && queued.fields['peer.address'] === peer ? queued : null;
  }

  private find(event: Event): { readonly sa: SecurityAssociation; readonly link: Link } | null {
    const { fields, message } = event;
    const cookies = this.byCookies.get(cookiesOf(event) ?? '');
    if (cookies !== undefined && this.live.has(cookies)) return { sa: cookies, link: 'sa' };
    const named = fields['spi.number'] === undefined ? undefined : this.bySpi.get(fields['spi.number']);
    if (named !== undefined && this.live.has(named)) return { sa: named, link: 'sa' };
    for (const address of [fields['peer.address'], this.own.has(message.peerAddress ?? '') ? undefined : message.peerAddress, fields['source.address'], fields['destination.address']]) {
      const sa = typeof address === 'string' ? this.ofPeer(address, event) : null;
      if (sa !== null) return { sa, link: address === fields['peer.address'] ? 'sa' : 'peer' };
    }
    return this.findAnonymous(event);
  }

  /** A Child SA given up while there is a single silent SA with an unknown peer belongs to that one. */
  private findAnonymous(event: Event): { readonly sa: SecurityAssociation; readonly link: Link } | null {
    const sa = event.kind === 'child.waited_for_ike' ? this.alone() : null;
    if (sa === null || sa.peerAddress !== null) return null;
    const peer = this.farEnd(event);
    if (peer !== null) this.live.readdress(sa, String(peer));
    return { sa, link: 'adjacent' };
  }

  /** The latest SA with the peer, preferring one in the state that the line implies. */
  private ofPeer(address: string, event: Event): SecurityAssociation | null {
    const { subject, outcome } = describeKind(event.kind);
    const known = this.live.ofPeer(address).filter((sa) => !this.isAnother(sa, event));
    const wanted = known.filter((sa) => (subject === 'child' ? sa.isUp : outcome !== 'timed-out' || sa.ike?.over === false));
    return wanted.at(-1) ?? known.at(-1) ?? null;
  }

  /**
   * Does the line name a different ISAKMP-SA? One from before the log, or a replaced one, is not among the known SAs.
   */
  private isAnother(sa: SecurityAssociation, { fields }: Event): boolean {
    const [own, named] = [this.initiatorOf.get(sa), fields['spi.initiator']];
    return own !== undefined && named !== undefined && own !== named;
  }

  /**
   * Does the line identify its SA: by an address, or by the cookies of a silent SA? If only the first packet was sent,
   * it is the SA just started.
   */
  private isAddressed(event: Event): boolean {
    const { fields, message, kind } = event;
    if (message.peerAddress !== null || fields['peer.address'] !== undefined || fields['source.address'] !== undefined) return true;
    return kind === 'retransmit.sent' && cookiesOf(event) !== null && (fields['spi.responder'] !== undefined || this.alone() === null);
  }

  /** Is it another line about the failure just logged for this peer? */
  private tellsMore(event: Event): boolean {
    const { role } = describeKind(event.kind);
    const peer = this.peerOf(event);
    return (role === 'failure' || role === 'end') && peer !== null && this.current?.peerAddress === peer && hasJustFailed(this.current, event);
  }

  /** Starts an SA for a peer not mentioned before: the log begins in the middle, or the packet is rejected at once. */
  private beginWithout(event: Event): void {
    const { kind } = event;
    const description = describeKind(kind);
    const isBeginning = kind !== 'child.trap' && description.role !== 'noise' && (description.role !== 'detail' || description.lastResort === true);
    const follows = this.current !== null && hasJustFailed(this.current, event);
    if (!isBeginning || follows) this.flush();
    if (kind === 'child.trap') this.queued = event;
    if (!isBeginning) return;
    const sa = this.create();
    const peer = this.peerOf(event);
    if (peer !== null) this.live.readdress(sa, String(peer));
    this.current = sa;
    this.settle(event, sa);
    this.give(event, sa, 'peer');
  }

  private peerOf(event: Event): FieldValue | null {
    const { peerAddress } = event.message;
    return event.fields['peer.address'] ?? (this.own.has(peerAddress ?? '') ? null : peerAddress) ?? this.farEnd(event);
  }

  private farEnd({ fields }: Event): FieldValue | null {
    const ends = [fields['source.address'], fields['destination.address']].filter((address) => address !== undefined);
    return ends.find((address) => !this.own.has(String(address))) ?? null;
  }

  private wait(event: Event): void {
    const alone = this.alone();
    if (alone !== null && !this.isAnother(alone, event)) {
      this.giveUnaddressed(event);
    } else {
      if (this.waiting.length >= MAX_WAITING) this.flush();
      this.waiting.push(event);
    }
  }

  /** Assigns the waiting lines, now that a line names its peer. */
  private settle({ kind, message }: Event, sa: SecurityAssociation): void {
    const isPhase2 = describeKind(kind).subject === 'child';
    for (const waited of this.waiting.splice(0)) {
      const event = isPhase2 ? inPhase2(waited) : waited;
      if (isSoonAfter(SAME_PACKET, event.message.record.time, message.record.time)) this.take(event, sa, 'packet', NOBODY);
      else this.giveUnaddressed(event);
    }
  }

  private give(event: Event, sa: SecurityAssociation, link: Link): void {
    this.current = sa;
    const cookies = cookiesOf(event);
    if (cookies !== null && this.byCookies.size < MAX_COOKIES) this.byCookies.set(cookies, sa);
    const initiator = event.fields['spi.initiator'];
    if (initiator !== undefined && !this.initiatorOf.has(sa)) this.initiatorOf.set(sa, initiator);
    this.learnSpi(event, sa);
    this.take(event, sa, link, NOBODY);
  }

  /** Remembers the latest SPIs only: each rekeying adds two. */
  private learnSpi({ kind, fields }: Event, sa: SecurityAssociation): void {
    const spi = fields['spi.number'];
    if (spi === undefined || kind !== 'child.sa_installed') return;
    this.bySpi.set(spi, sa);
    const [oldest] = this.bySpi.keys();
    if (this.bySpi.size > MAX_SPIS && oldest !== undefined) this.bySpi.delete(oldest);
  }

  private giveUnaddressed(event: Event): void {
    const alone = this.alone();
    const last = alone ?? (this.current !== null && this.live.has(this.current) ? this.current : null);
    const sa = last === null || this.isAnother(last, event) ? null : last;
    const { role, outcome } = describeKind(event.kind);
    if (sa !== null) this.take(this.refusedAfter(event, sa), sa, alone === null ? 'adjacent' : 'packet', NOBODY);
    else if (role === 'failure' && last === null && this.current !== null && hasJustFailed(this.current, event)) this.take(this.refusedAfter(event, this.current), this.current, 'adjacent', NOBODY);
    else if (role === 'failure' || outcome === 'timed-out') {
      const begun = this.create();
      for (const reason of this.reasons.splice(0)) {
        if (isSoonAfter(GIVES_UP_WITHIN, reason.message.record.time, event.message.record.time)) this.take(reason, begun, 'adjacent', NOBODY);
      }
      this.give(event, begun, 'packet');
    } else if (describeKind(event.kind).foretells === true) {
      if (this.reasons.length >= MAX_WAITING) this.reasons.shift();
      this.reasons.push(event);
    }
  }

  /** Both phases end with the same line: directly after a failure of phase 2, the packet was one of phase 2. */
  private refusedAfter(event: Event, sa: SecurityAssociation): Event {
    const inChild = event.kind === 'ike.packet_refused' && sa.ike === null && sa.child !== null && hasJustFailed(sa, event);
    return inChild ? { ...event, kind: 'child.refused' } : event;
  }

  /** The only SA, if there is exactly one. */
  private alone(): SecurityAssociation | null {
    const [first, second] = this.live;
    return second === undefined ? first ?? null : null;
  }
}

/** A failure spans several lines, but the SA created for it is over with the first. */
function hasJustFailed(sa: SecurityAssociation, event: Event): boolean {
  return isWithin(SAME_PACKET, sa, event);
}

/** RouterOS uses the same wording for the proposals of both phases; the line that follows tells the phase. */
function inPhase2(event: Event): Event {
  return event.kind === 'proposal.ike_no_match' ? { ...event, kind: 'proposal.child_no_match' } : event;
}

/** Until it answers, the responder has no cookie. */
function cookiesOf({ fields }: Event): string | null {
  const { 'spi.initiator': initiator, 'spi.responder': responder } = fields;
  return initiator === undefined ? null : `${initiator}:${responder ?? ''}`;
}
