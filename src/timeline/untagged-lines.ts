import type { Link } from '../model/attempt.js';
import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import type { Placement } from './daemon-process.js';
import { fitsAddresses } from './security-association.js';
import type { SecurityAssociation } from './security-association.js';

/** What a thread of charon is busy with: one job handles one packet of one SA without interruption. */
interface Job {
  sa: SecurityAssociation | null;
  link: Link;
  others: readonly SecurityAssociation[];
  /** The job sent its packet; what follows without a number probably belongs to another one. */
  done: boolean;
  /** Lines that wait for one that tells whose they are. */
  waiting: Event[];
}

const MAX_WAITING = 32;
const FIRST_MESSAGES = new Set(['IKE_SA_INIT', 'ID_PROT', 'AGGRESSIVE']);
/** Lines with which a job begins and that do not say themselves whose they are; the packet that follows does. */
const OPENERS = new Set(['packet.received', 'retransmit.sent', 'message.generating', 'dpd.sent']);
const GIVING_UP = new Set(['retransmit.gave_up', 'peer.not_responding', 'peer.trying_again']);

/**
 * Lines of charon without `<name|id>`, the normal case in syslog and journal. Lines of one job follow each other; the
 * packet's addresses, the exchange and the count of retransmissions tell whose job it is. Where that leaves several SAs, one
 * is chosen, the one that has waited longest, and the others are named.
 */
export class UntaggedLines {
  private readonly jobs = new Map<string, Job>();

  constructor(
    private readonly live: ReadonlySet<SecurityAssociation>,
    private readonly create: () => SecurityAssociation,
  ) {}

  /** SA that the thread is busy with. */
  current(thread: string | null): SecurityAssociation | null {
    return this.jobs.get(thread ?? '')?.sa ?? null;
  }

  /** A line with a number tells whose job the thread does, and so whose the waiting lines are. */
  settle({ message }: Event, sa: SecurityAssociation): readonly Placement[] {
    const job = this.job(message.thread);
    const { mine, others } = sort(job.waiting, sa);
    Object.assign(job, { sa, link: linkOf({ message }), others: [], done: false, waiting: others });
    return mine.map((event): Placement => ({ event, sa, link: linkOf(event), others: [] }));
  }

  place(event: Event): readonly Placement[] {
    const job = this.job(event.message.thread);
    if (event.kind === 'ike.deleted' && job.sa?.gone !== true) {
      // "IKE_SA deleted" names nobody and repeats what a numbered line has said; a reauthentication prints it when the new SA is under way.
      return [];
    }
    if (event.kind === 'packet.received' || (job.done && OPENERS.has(event.kind))) {
      return this.open(job, event);
    }
    if (GIVING_UP.has(event.kind) && (job.done || job.sa === null)) {
      return [...this.decide(job), ...this.give(job, event, this.whoGaveUp(event))];
    }
    if (job.waiting.some(({ kind }) => kind !== 'packet.received') || (job.waiting.length > 0 && event.kind === 'message.parsed')) {
      return this.wait(job, event);
    }
    if (job.sa === null || (job.sa.gone && job.done)) {
      return [...this.decide(job), ...this.beginWithout(job, event)];
    }
    const meant = this.addressed(event, job.sa);
    if (meant !== null) {
      return this.give(job, event, [meant], event.kind === 'packet.sent');
    }
    if (event.kind === 'packet.sent') job.done = true;
    return [{ event, sa: job.sa, link: job.link, others: job.others }];
  }

  flush(): readonly Placement[] {
    return [...this.jobs.values()].flatMap((job) => this.decide(job));
  }

  private job(thread: string | null): Job {
    const key = thread ?? '';
    let job = this.jobs.get(key);
    if (job === undefined) {
      job = { sa: null, link: thread === null ? 'adjacent' : 'thread', others: [], done: false, waiting: [] };
      if (this.jobs.size < 1024) this.jobs.set(key, job);
    }
    return job;
  }

  /** Packets may arrive faster than they are worked on: they wait side by side until a line tells which one is meant. */
  private open(job: Job, event: Event): readonly Placement[] {
    const arrived = job.waiting.every(({ kind }) => kind === 'packet.received') && job.waiting.length < MAX_WAITING;
    if (event.kind === 'packet.received' && arrived) {
      job.waiting.push(event);
      return [];
    }
    const left = this.decide(job);
    job.waiting.push(event);
    Object.assign(job, { sa: event.kind === 'packet.received' ? job.sa : null, done: false, others: [] });
    return left;
  }

  private wait(job: Job, event: Event): readonly Placement[] {
    const begun = event.kind === 'message.parsed' && job.waiting.some(({ kind }) => kind === 'message.parsed') ? this.decide(job) : [];
    job.waiting.push(event);
    return job.waiting.length < MAX_WAITING && this.mustWait(job.waiting, event) ? begun : [...begun, ...this.decide(job, event)];
  }

  private mustWait(waiting: readonly Event[], event: Event): boolean {
    const parsed = waiting.find(({ kind }) => kind === 'message.parsed');
    if (event.kind === 'vendor_id.received' || (event.kind === 'message.parsed' && isFirstRequest(event))) {
      return true;
    }
    const packets = waiting.filter(({ kind }) => kind === 'packet.received');
    return parsed !== undefined && !isFirstRequest(parsed) && packets.length > 1 && event.fields['local.address'] === undefined;
  }

  /** Finds out whose the waiting lines are, and hands them over; packets that another line will be about stay. */
  private decide(job: Job, last: Event | null = null): readonly Placement[] {
    if (job.waiting.length === 0) {
      return [];
    }
    const begins = last !== null && describeKind(last.kind).as === 'responder';
    const choice = begins ? [this.create()] : this.candidates(job.waiting);
    const sa = choice[0] ?? (startsSomething(job.waiting) ? this.create() : null);
    const onlyPackets = job.waiting.every(({ kind }) => kind === 'packet.received');
    const { mine, others } = sort(job.waiting, sa);
    job.waiting = onlyPackets ? [] : others;
    if (sa === null) {
      return [];
    }
    Object.assign(job, { sa, link: 'packet', others: choice.slice(1), done: last?.kind === 'packet.sent' });
    return mine.map((event) => ({ event, sa, link: 'packet', others: job.others }));
  }

  private candidates(events: readonly Event[]): SecurityAssociation[] {
    const packet = events.findLast(({ kind, fields }) => kind !== 'packet.received' && fields['local.address'] !== undefined && fields['peer.address'] !== undefined)
      ?? events.find(({ kind }) => kind === 'packet.received');
    const parsed = events.find(({ kind }) => kind === 'message.parsed');
    const retransmit = events.find(({ kind }) => kind === 'retransmit.sent');
    const repeated = events.some(({ kind }) => kind === 'retransmit.received');
    if (parsed !== undefined && isFirstRequest(parsed) && !repeated) {
      return [];
    }
    const known = [...this.live].filter((sa) => !sa.gone && fitsAddresses(sa, packet?.fields ?? {}));
    const fitting = known.filter((sa) => fitsExchange(sa, parsed) && fitsCount(sa, retransmit));
    const rest = parsed !== undefined && isFirstRequest(parsed) ? fitting : fitting.length > 0 ? fitting : known;
    return rest.sort((one, other) => (one.lastTime ?? 0) - (other.lastTime ?? 0));
  }

  /** The SA that a packet goes to, where that is not the one the job was thought to be about. */
  private addressed({ fields }: Event, sa: SecurityAssociation): SecurityAssociation | null {
    const peer = fields['peer.address'];
    if (peer === undefined || fitsAddresses(sa, fields)) {
      return null;
    }
    return [...this.live].find((other) => !other.gone && other.peerAddress === peer && fitsAddresses(other, fields)) ?? null;
  }

  private whoGaveUp(event: Event): SecurityAssociation[] {
    const count = event.fields['retransmit.count'];
    const silent = [...this.live].filter((sa) => sa.open().some(({ retransmits }) => retransmits > 0));
    const exact = silent.filter((sa) => sa.open().some(({ retransmits }) => retransmits === count));
    return (exact.length > 0 ? exact : silent).sort((one, other) => (one.lastTime ?? 0) - (other.lastTime ?? 0));
  }

  private beginWithout(job: Job, event: Event): readonly Placement[] {
    const description = describeKind(event.kind);
    if (description.as === 'responder' || event.kind === 'network.dns_failed') {
      return this.give(job, event, [this.create()]);
    }
    const open = [...this.live].filter((sa) => !sa.gone);
    const name = event.fields['ike.name'] ?? event.fields['connection.name'];
    const named = open.filter((sa) => sa.name === name);
    if (open.length > 0) {
      return this.give(job, event, (named.length > 0 ? named : open).reverse());
    }
    return description.role === 'failure' ? this.give(job, event, [this.create()]) : [];
  }

  private give(job: Job, event: Event, choice: readonly SecurityAssociation[], done = false): readonly Placement[] {
    const sa = choice[0];
    if (sa === undefined) {
      return [];
    }
    Object.assign(job, { sa, link: linkOf(event), others: choice.slice(1), done });
    return [{ event, sa, link: job.link, others: job.others }];
  }
}

/** The lines of one job: all but the packets of other addresses, and of several packets that fit only the first. */
function sort(waiting: readonly Event[], sa: SecurityAssociation | null): { mine: Event[]; others: Event[] } {
  const packets = waiting.filter(({ kind }) => kind === 'packet.received');
  const fitting = packets.find(({ fields }) => sa === null || fitsAddresses(sa, fields));
  const others = packets.filter((packet) => packet !== fitting);
  return { mine: waiting.filter((event) => !others.includes(event)), others };
}

function isFirstRequest({ fields }: Event): boolean {
  return fields['message.kind'] === 'request' && FIRST_MESSAGES.has(String(fields['exchange.name'])) && !/ (?:KE|ID) /.test(mainModePayloads(fields));
}

/** Later Main Mode requests have the name of the first one; only its payloads tell. */
function mainModePayloads(fields: Event['fields']): string {
  return fields['exchange.name'] === 'ID_PROT' ? ` ${fields['message.payloads'] ?? ''} ` : '';
}

function startsSomething(events: readonly Event[]): boolean {
  return events.some((event) => event.kind === 'message.parsed' ? isFirstRequest(event) : describeKind(event.kind).role === 'failure');
}

/** A response goes to an initiator that waits for it, a request to a responder. */
function fitsExchange(sa: SecurityAssociation, parsed: Event | undefined): boolean {
  if (parsed === undefined || sa.ike === null) {
    return true;
  }
  const { role, reached, over } = sa.ike;
  const response = parsed.fields['message.kind'] === 'response';
  switch (parsed.fields['exchange.name']) {
    case 'IKE_SA_INIT':
      return role === (response ? 'initiator' : 'responder') && reached === 'started' && !over;
    case 'IKE_AUTH':
      return role === (response ? 'initiator' : 'responder') && (reached === 'half-open' || reached === 'authenticating') && !over;
    case 'ID_PROT':
    case 'AGGRESSIVE':
      return role === (response ? 'initiator' : 'responder') && !over;
    default:
      return true;
  }
}

function fitsCount(sa: SecurityAssociation, retransmit: Event | undefined): boolean {
  const count = retransmit?.fields['retransmit.count'];
  return typeof count !== 'number' || (sa.ike?.retransmits ?? 0) === count - 1;
}

function linkOf({ message }: Pick<Event, 'message'>): Link {
  return message.thread === null ? 'adjacent' : 'thread';
}
