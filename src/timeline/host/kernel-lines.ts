import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';
import { describeKind } from '../../model/event-kinds.js';
import type { DaemonProcess } from '../associations/daemon-process.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';
import { trafficAttempt } from '../attempts/upkeep-attempts.js';
import { contains } from './address-range.js';
import { DROPS } from './dropped-packets.js';

/** One such packet is normal, at a rekeying or on a path that reorders; several are not. */
const NORMAL_ONCE: ReadonlySet<EventKind> = new Set(['traffic.replayed', 'traffic.no_sa']);
const TOO_MANY = 3;
/** Events that strangers can cause: insignificant unless a daemon knows the other end. */
const OF_STRANGERS: ReadonlySet<EventKind> = new Set(['traffic.no_sa', 'traffic.martian', 'traffic.packet_too_big', 'traffic.esp_refused_by_peer']);

/** Of L2TP clients: a message of the same client, this many times within {@link WITHIN} milliseconds, is not getting through. */
const WITHIN = 60_000;
const MOST_CLIENTS = 1_000;

interface Place {
  readonly sa: SecurityAssociation;
  readonly process: DaemonProcess;
}

/**
 * Lines of the kernel and of firewalls, which know packets but no connections. Each is assigned to the SA with the
 * packet's endpoints or networks. Lines that explain a negotiation join it; packets that fail although the SAs are up
 * form an attempt of their own.
 */
export class KernelLines {
  private readonly seen = new WeakMap<SecurityAssociation, Map<EventKind, number>>();
  /** Times of the first messages that clients of L2TP have repeated lately, by host and tunnel. */
  private readonly repeated = new Map<string, readonly (number | null)[]>();

  /**
   * Returns the attempt that the line is about; null if it joined one or is insignificant; `nobody` if no SA matches
   * but it may matter for the host, or is a drop without a known SA yet.
   */
  take(event: Event, processes: readonly DaemonProcess[]): AttemptInProgress | 'nobody' | null {
    const { role, subject } = describeKind(event.kind);
    if (event.kind === 'traffic.l2tp_repeated' && !this.isInVain(event)) return null;
    const place = find(event, processes);
    if (place === null) return DROPS.has(event.kind) || (role === 'failure' && !OF_STRANGERS.has(event.kind)) ? 'nobody' : null;
    const { sa, process } = place;
    const isUp = sa.isUp || sa.child?.outcome === 'established';
    if (subject !== 'child') {
      if (role !== 'failure' || !isUp) process.join(event, sa);
      return null;
    }
    return isUp && this.isWorthTelling(event, sa) ? trafficAttempt(event, sa) : null;
  }

  /** Has the client repeated this message often within a short time? */
  private isInVain({ fields, message: { record: { host, time } } }: Event): boolean {
    const key = `${host}|${String(fields['l2tp.tunnel'])}`;
    const times = [...(this.repeated.get(key) ?? []).filter((earlier) => earlier === null || time === null || time - earlier <= WITHIN), time].slice(-TOO_MANY);
    this.repeated.delete(key);
    this.repeated.set(key, times);
    if (this.repeated.size > MOST_CLIENTS) this.repeated.delete(this.repeated.keys().next().value ?? key);
    return times.length >= TOO_MANY;
  }

  private isWorthTelling({ kind }: Event, sa: SecurityAssociation): boolean {
    if (!NORMAL_ONCE.has(kind)) return true;
    const counts = this.seen.get(sa) ?? new Map<EventKind, number>();
    this.seen.set(sa, counts);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count >= TOO_MANY;
  }
}

function find({ kind, fields }: Event, processes: readonly DaemonProcess[]): Place | null {
  const source = shortAddress(fields['source.address']);
  const destination = shortAddress(fields['destination.address']);
  for (const process of processes) {
    const sa = byEnds(process, source, destination) ?? bySpi(process, fields['packet.spi']) ?? (kind === 'traffic.martian' ? byNetworks(process, source) : null) ?? (kind.startsWith('traffic.l2tp_') ? onlyTunnel(process) : null);
    if (sa !== null) return { sa, process };
  }
  return null;
}

function byEnds(process: DaemonProcess, source: string | null, destination: string | null): SecurityAssociation | null {
  for (const [peer, local] of [[source, destination], [destination, source]] as const) {
    if (peer === null) continue;
    const known = process.live.ofPeer(peer).filter(({ localAddress }) => localAddress === null || local === null || localAddress === local);
    if (known.length > 0) return known.at(-1) ?? null;
  }
  return null;
}

/** pluto does not log the address of a configured peer, but it does log the SPIs of its SAs. */
function bySpi(process: DaemonProcess, packetSpi: unknown): SecurityAssociation | null {
  if (typeof packetSpi !== 'string') return null;
  const spi = Number.parseInt(packetSpi, 16);
  return process.live.lastAdded().find(({ peerAddress, child }) => {
    return peerAddress === null && [child?.fields['spi.in'], child?.fields['spi.out']].some((own) => typeof own === 'string' && Number.parseInt(own, 16) === spi);
  }) ?? null;
}

function byNetworks(process: DaemonProcess, source: string | null): SecurityAssociation | null {
  if (source === null) return null;
  return process.live.lastAdded().find(({ child }) => {
    const networks = child?.fields['ts.remote'];
    return typeof networks === 'string' && networks.split(' ').some((network) => contains(network, source));
  }) ?? null;
}

/** pluto does not log the address of a configured peer: with one such tunnel, it is the one for L2TP. */
function onlyTunnel(process: DaemonProcess): SecurityAssociation | null {
  const up = process.live.ofPeer(null).filter(({ child, gone }) => child?.outcome === 'established' && !gone);
  return up.length > 0 && up.every(({ name }) => name === up[0]?.name) ? up.at(-1) ?? null : null;
}

/** The kernel writes all eight groups of an IPv6 address with leading zeros, daemons the short form. */
function shortAddress(address: unknown): string | null {
  if (typeof address !== 'string') return null;
  if (address.length !== 39) return address;
  const groups = address.split(':').map((group) => group.replace(/^0{1,3}/, '')).join(':');
  return groups.replace(/(?:^|:)0(?::0)+(?:$|:)/, '::');
}
