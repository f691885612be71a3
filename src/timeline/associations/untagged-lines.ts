import type { DaemonMessage } from '../../model/daemon-message.js';
import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import type { Take } from './daemon-process.js';
import type { LiveAssociations } from './live-associations.js';
import { addressed, packetOwners } from './packet-owners.js';
import { fitsAddresses } from './security-association.js';
import type { SecurityAssociation } from './security-association.js';
import { TerminationOrders } from './termination-orders.js';
import { answered, begunBy, deletedBefore, failedBefore, gaveUp, halfOpen, isAwaited, isBegunAgain, isSilent, lateFor, movedFrom, negotiatingInstead, ordered, probed, repeatsOf, requestingChild, senders } from './untagged-choices.js';
import { idleJob, isSaidBefore, linkOf, workOn } from './untagged-job.js';
import type { Job } from './untagged-job.js';
import { isFirstRequest, isOfNegotiation, sort, startsSomething, withProposals } from './untagged-packets.js';

const MAX_WAITING = 32;
const NOBODY: readonly SecurityAssociation[] = [];
/** Lines that start a job but do not identify its SA; the packet that follows does. */
const OPENERS = new Set(['packet.received', 'retransmit.sent', 'dpd.sent']);
/** Encoding a message ends a job; after the job's packet was sent, it starts another one. */
const OPENER_WHEN_DONE = 'message.generating';
/** Lines in place of, or equivalent to, the decoded message: they are about the packet before them. */
const ABOUT_PACKET = new Set(['message.parsed', 'auth.undecryptable', 'payload.malformed', 'retransmit.received', 'retransmit.unanswered', 'retransmit.not_answered', 'auth.rejected_by_peer']);
/** Orders, and expirations by the kernel, concern the SAs they name, whatever the daemon is doing. */
const ORDERS = new Set(['lifecycle.terminated_by_operator', 'child.terminated_by_operator', 'child.expired']);
/** What the sender thread logs about a packet of any SA. */
const UNSENT = new Set(['network.send_unreachable', 'network.send_refused', 'network.send_failed', 'network.no_source_address', 'network.no_socket']);
const GIVING_UP = new Set(['retransmit.gave_up', 'peer.not_responding', 'peer.trying_again']);

/**
 * charon's lines without `<name|id>`, the normal case in syslog and journal. Lines of one job are consecutive; packet
 * addresses, exchange and retransmission count identify its SA. If several SAs remain, the one that has waited longest
 * is chosen, and the others are named.
 */
export class UntaggedLines {
  readonly orders = new TerminationOrders();
  private readonly jobs = new Map<string, Job>();

  constructor(
    private readonly live: LiveAssociations,
    private readonly create: () => SecurityAssociation,
    private readonly take: Take,
  ) {}

  /** A line that is not understood belongs to the job of its thread, once that is known. */
  pass(event: Event): void {
    const job = this.job(event.message.thread);
    this.placeOwn(job, event);
    if (job.sa === null || job.done || job.waiting.length > 0) job.unread ??= event;
    else this.take(event, job.sa, job.link, job.others);
  }

  /** Lines about packets without their sizes turn out to be copies. */
  forgetUnsized(): void {
    for (const job of this.jobs.values()) {
      job.waiting = job.waiting.filter(({ kind, fields }) => kind !== 'packet.received' || fields['message.size'] !== undefined);
    }
  }

  /** The SA that the thread is working on. */
  current(thread: string | null): SecurityAssociation | null {
    return this.jobs.get(thread ?? '')?.sa ?? null;
  }

  /** A line with a number identifies the thread's job, and so the SA of the waiting lines. */
  settle(message: DaemonMessage, sa: SecurityAssociation): void {
    const job = this.job(message.thread);
    this.placeOwn(job, null);
    workOn(job, sa, linkOf({ message }));
    if (job.waiting.length === 0) return;
    const { mine, others } = sort(job.waiting, sa);
    job.waiting = others;
    for (const event of mine) this.take(event, sa, linkOf(event), NOBODY);
  }

  place(event: Event): void {
    const job = this.job(event.message.thread);
    this.placeOwn(job, event);
    if (isSaidBefore(job, event) || this.placeByName(job, event)) return;
    if (OPENERS.has(event.kind) || (job.done && event.kind === OPENER_WHEN_DONE)) this.open(job, event);
    else if (!this.placeWithSilent(job, event)) this.placeInJob(job, event);
  }

  /** A line about a former SA, or about those that an order names. False if it is another one. */
  private placeByName(job: Job, event: Event): boolean {
    const former = deletedBefore(this.live, event) ?? repeatsOf(this.live, event);
    if (former !== null) {
      this.decide(job);
      this.give(job, event, [former]);
      return true;
    }
    const named = ORDERS.has(event.kind) ? ordered(this.live, event, this.create) : null;
    if (named === null) return false;
    for (const sa of named) this.take(event, sa, 'sa', NOBODY);
    if (named.length === 0) this.orders.note(event);
    return true;
  }

  /** A line about a peer that does not answer, cannot be reached or has moved. False if it is another one. */
  private placeWithSilent(job: Job, event: Event): boolean {
    const { kind, fields } = event;
    if (GIVING_UP.has(kind) && (job.done || job.sa === null || (kind === 'retransmit.gave_up' && !isSilent(job.sa)))) {
      this.decide(job);
      const silent = gaveUp(this.live, event);
      this.give(job, event, silent.length > 0 ? silent : [failedBefore(this.live, event) ?? this.create()]);
    } else if (UNSENT.has(kind)) {
      this.decide(job);
      const [sa = this.create(), ...others] = senders(this.live, job.sa, event);
      this.take(event, sa, 'adjacent', others);
    } else if (kind === 'dpd.peer_dead' || fields['peer.former'] !== undefined) {
      this.decide(job);
      this.give(job, event, kind === 'dpd.peer_dead' ? probed(this.live, this.create) : movedFrom(this.live, event));
    } else {
      return false;
    }
    return true;
  }

  /** A line about what its thread is doing. */
  private placeInJob(job: Job, event: Event): void {
    const { sa, waiting } = job;
    if (waiting.some(({ kind }) => kind !== 'packet.received') || (waiting.length > 0 && ABOUT_PACKET.has(event.kind))) {
      this.wait(job, event);
    } else if (sa === null || (sa.gone && job.done && event.kind !== 'child.virtual_ip_released')) {
      this.decide(job);
      if (job.sa?.gone === true && !job.done) this.goOn(job, job.sa, event);
      else this.beginWithout(job, event);
    } else {
      // A client's address is released where the thread destroys the SA, after its last packet (ike_sa.c).
      this.goOn(job, sa, event);
    }
  }

  flush(): void {
    for (const job of this.jobs.values()) {
      this.placeOwn(job, null);
      this.decide(job);
    }
  }

  /**
   * Places the line that waits for the next one: how this side authenticates. Threads that a log does not name are told
   * apart by the Child SA that the next line requests, which is usually named like its connection.
   */
  private placeOwn(job: Job, next: Event | null): void {
    const { own, sa } = job;
    job.own = null;
    const requesting = next === null ? null : requestingChild(this.live, next, sa);
    if (requesting !== null) workOn(job, requesting, 'adjacent');
    if (own !== null && job.sa !== null) this.take(own, job.sa, job.link, job.others);
  }

  private goOn(job: Job, sa: SecurityAssociation, event: Event): void {
    if (event.kind === 'network.overloaded' && event.fields['peer.address'] === undefined) {
      // charon drops the first packet of somebody whom it does not name.
      this.give(job, event, [this.create()]);
      return;
    }
    if (event.kind === 'auth.own' && event.message.thread === null) {
      job.own = event;
      return;
    }
    const awaiting = negotiatingInstead(this.live, sa, event);
    if (awaiting.length > 0) {
      this.give(job, event, awaiting);
      return;
    }
    const fits = fitsAddresses(sa, event.fields);
    if (isBegunAgain(sa, event)) {
      this.give(job, event, [this.create()]);
      return;
    }
    if ((event.kind === 'ike.responding_v2' && sa.isUp) || (!fits && describeKind(event.kind).as === 'responder')) {
      // The peer rekeys, so this is a new SA although it is negotiated under the old one; or it is another peer.
      this.give(job, event, [begunBy(this.live, event) ?? this.create()]);
      return;
    }
    const meant = addressed(this.live, event, sa, fits);
    if (meant !== null) {
      this.give(job, event, [meant], event.kind === 'packet.sent');
      return;
    }
    if (event.kind === 'packet.sent') job.done = true;
    if (fits) this.hand(job, event, sa);
    else job.sa = null;
  }

  private job(thread: string | null): Job {
    const key = thread ?? '';
    let job = this.jobs.get(key);
    if (job === undefined) {
      job = idleJob(thread);
      if (this.jobs.size < 1024) this.jobs.set(key, job);
    }
    return job;
  }

  /** Packets may arrive faster than they are processed: they wait until a line identifies the one meant. */
  private open(job: Job, event: Event): void {
    const arrived = job.waiting.every(({ kind }) => kind === 'packet.received') && job.waiting.length < MAX_WAITING;
    if (event.kind === 'packet.received' && arrived) {
      job.waiting.push(event);
      return;
    }
    this.decide(job);
    job.waiting.push(event);
    if (event.kind !== 'packet.received') job.sa = null;
    job.unread = null;
    job.done = false;
    job.others = NOBODY;
  }

  private wait(job: Job, event: Event): void {
    if (event.kind === 'message.parsed' && job.waiting.some(({ kind }) => kind === 'message.parsed')) this.decide(job);
    job.waiting.push(event);
    if (job.waiting.length >= MAX_WAITING || !this.mustWait(job.waiting, event)) this.decide(job, event);
  }

  private mustWait(waiting: readonly Event[], event: Event): boolean {
    const parsed = waiting.find(({ kind }) => kind === 'message.parsed');
    if (waiting.every(({ kind }) => describeKind(kind).foretells !== undefined)) {
      return true;
    }
    if (event.kind === 'vendor_id.received' || (event.kind === 'message.parsed' && isFirstRequest(event))) {
      return true;
    }
    const packets = waiting.filter(({ kind }) => kind === 'packet.received');
    return parsed !== undefined && !isFirstRequest(parsed) && packets.length > 1 && event.fields['local.address'] === undefined;
  }

  /** Determines the SA of the waiting lines and assigns them; packets to which another line will refer stay. */
  private decide(job: Job, last: Event | null = null): void {
    if (job.waiting.length === 0) {
      return;
    }
    const begins = last !== null && describeKind(last.kind).as === 'responder';
    const choice = begins ? [this.create()] : packetOwners(this.live, job.waiting);
    const sa = choice[0] ?? (startsSomething(job.waiting) ? this.create() : null);
    const onlyPackets = job.waiting.every(({ kind }) => kind === 'packet.received');
    const { mine, others } = sort(job.waiting, sa, choice[0] === undefined || begins ? (packet) => isAwaited(this.live, packet) : undefined);
    job.waiting = onlyPackets ? [] : others;
    if (sa === null) {
      return;
    }
    workOn(job, sa, 'packet', choice.slice(1), last?.kind === 'packet.sent');
    for (const event of withProposals(mine)) {
      if (event === mine.at(-1)) this.hand(job, event, sa);
      else this.take(event, sa, 'packet', job.others);
    }
  }

  private beginWithout(job: Job, event: Event): void {
    const description = describeKind(event.kind);
    const late = lateFor(this.live, job.sa, event) ?? answered(this.live, event);
    if (late !== null) {
      this.give(job, event, [late], event.kind === 'packet.sent');
      return;
    }
    const timedOut = event.kind === 'peer.half_open_timeout' ? halfOpen(this.live, event) : NOBODY;
    if (timedOut.length > 0) {
      this.give(job, event, timedOut);
      return;
    }
    if (description.as === 'responder' || event.kind === 'network.dns_failed') {
      this.give(job, event, [this.create()]);
      return;
    }
    const name = event.fields['ike.name'] ?? event.fields['connection.name'];
    const named = typeof name === 'string' ? this.live.named(name).filter((sa) => !sa.gone) : NOBODY;
    const open = named.length > 0 ? [...named].reverse() : this.live.lastAdded().filter((sa) => !sa.gone);
    if (open.length > 0) this.give(job, event, open);
    else if (isOfNegotiation(event)) this.give(job, event, [this.create()]);
    else if (description.foretells !== undefined) job.waiting.push(event);
  }

  private give(job: Job, event: Event, choice: readonly SecurityAssociation[], done = false): void {
    const sa = choice[0];
    if (sa === undefined) {
      return;
    }
    workOn(job, sa, linkOf(event), choice.slice(1), done);
    this.hand(job, event, sa);
  }

  /** Takes a line of the job, after the one that is not understood. */
  private hand(job: Job, event: Event, sa: SecurityAssociation): void {
    const { unread } = job;
    if (unread !== null) {
      job.unread = null;
      this.take(unread, sa, job.link, job.others);
    }
    this.take(event, sa, job.link, job.others);
  }
}
