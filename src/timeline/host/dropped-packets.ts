import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';

/** This many packets within WITHIN milliseconds come from a peer that waits for an answer; a scan sends one or two. */
const MANY = 3;
/** The same from a port chosen by a NAT: a client behind it that retries. */
const MANY_OF_CLIENT = 2;
const IKE_PORT = 500;
const WITHIN = 120_000;
/** Maximum milliseconds between the firewall's line and the daemon's line about the same packet. */
const JUST_BEFORE = 60_000;
const MOST_FLOWS = 1_000;
const MOST_TOLD = 100_000;
/** A firewall dropped a packet. */
export const DROPS: ReadonlySet<EventKind> = new Set(['firewall.ike_dropped', 'traffic.esp_dropped']);

interface Flow {
  /** The first of a series of drops. */
  readonly event: Event;
  readonly latest: number | null;
  readonly count: number;
}

/** Should drops between these addresses be reported for the host? The peer may be either end of a packet. */
export type IsTold = (host: string, ends: readonly unknown[]) => boolean;

/**
 * IKE and ESP packets dropped by a firewall for which no SA is known: they precede the negotiation they belong to, or
 * are what prevents it. Kept until an SA with that peer starts, or until there are enough to report them for the host.
 */
export class DroppedPackets {
  private readonly flows = new Map<string, Flow>();
  private readonly many = new Map<string, Flow>();
  /** Flows already reported: further drops only repeat them. */
  private readonly told = new Set<string>();

  get isEmpty(): boolean {
    return this.flows.size === 0;
  }

  /** Takes a drop that belongs to no SA; true once there are enough drops to report. */
  add(event: Event): boolean {
    if (!DROPS.has(event.kind)) return false;
    const key = keyOf(event);
    const { time } = event.message.record;
    const known = this.flows.get(key);
    const goesOn = known !== undefined && (time === null || known.event.message.record.time === null || time - known.event.message.record.time <= WITHIN || this.many.has(key));
    const flow = goesOn ? { event: known.event, latest: time, count: known.count + 1 } : { event, latest: time, count: 1 };
    this.flows.delete(key);
    this.flows.set(key, flow);
    if (this.flows.size > MOST_FLOWS) this.forget(this.flows.keys().next().value ?? key);
    const many = isOfClient(flow.event, event) ? MANY_OF_CLIENT : MANY;
    const wasMany = this.many.has(key);
    if (wasMany || flow.count >= many) this.many.set(key, flow);
    return !wasMany && flow.count >= many;
  }

  /** Returns, once, the drops shortly before the start of an SA with this peer. */
  before({ fields, message: { record: { host, time } } }: Event): readonly Event[] {
    const peer = fields['peer.address'];
    const near = [...this.flows].filter(([, { event, latest }]) => event.message.record.host === host && endsOf(event).includes(peer)
      && (time === null || latest === null || time - latest <= JUST_BEFORE));
    for (const [key] of near) this.forget(key);
    return near.map(([, { event }]) => event);
  }

  /** The drops to report for hosts, one event per packet, if `isTold` accepts them. */
  takeMany(isTold: IsTold): readonly Event[] {
    const events: Event[] = [];
    for (const [key, flow] of this.many) {
      if (!isTold(flow.event.message.record.host, endsOf(flow.event))) continue;
      events.push(...eachOf(flow));
      this.forget(key);
      if (this.told.size < MOST_FLOWS) this.told.add(key);
    }
    return events;
  }

  /** At the end: remaining drops of flows already reported. */
  takeRest(): readonly Event[] {
    return [...this.flows].filter(([key]) => this.told.has(key)).flatMap(([, flow]) => eachOf(flow));
  }

  private forget(key: string): void {
    this.flows.delete(key);
    this.many.delete(key);
  }
}

function isOfClient({ fields: first }: Event, { fields }: Event): boolean {
  return fields['source.port'] !== IKE_PORT && fields['source.port'] === first['source.port'];
}

const eachOf = ({ event, count }: Flow): Event[] => new Array<Event>(Math.min(count, MOST_TOLD)).fill({ ...event, kind: 'observed.peer_shut_out' });
const endsOf = ({ fields }: Event): readonly unknown[] => [fields['source.address'], fields['destination.address']];

function keyOf({ kind, fields, message }: Event): string {
  return [message.record.host, kind, fields['source.address'], fields['destination.address'], fields['firewall.prefix']].join('|');
}
