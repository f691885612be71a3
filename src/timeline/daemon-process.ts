import type { Link } from '../model/attempt.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import { fitsAddresses, SecurityAssociation } from './security-association.js';
import { UntaggedLines } from './untagged-lines.js';

/** A line and the SA it belongs to. */
export interface Placement {
  readonly event: Event;
  readonly sa: SecurityAssociation;
  readonly link: Link;
  /** Other SAs it may belong to as well. */
  readonly others: readonly SecurityAssociation[];
}

/** SAs that are gone and may still be spoken of; older ones are forgotten. */
const REMEMBERED = 512;

/**
 * One run of one daemon, in which SA numbers are unique. Decides to which SA a line belongs: by the number it carries, else by
 * what the same thread or the same packet was about, else by the peer or by what was said last.
 */
export class DaemonProcess {
  private readonly numbered = new Map<number, SecurityAssociation>();
  private readonly live = new Set<SecurityAssociation>();
  private readonly retired: number[] = [];
  private readonly untagged = new UntaggedLines(this.live, () => this.create(null));

  /** Every SA of which something may still be under way. */
  get open(): Iterable<SecurityAssociation> {
    return this.live;
  }

  /** Returns no placement for lines that belong to no SA or must wait for the next line, several when waiting ones are decided. */
  place(event: Event): readonly Placement[] {
    const number = numberOf(event);
    if (number !== null) {
      const sa = this.numbered.get(number) ?? this.adopt(event, number) ?? this.create(number);
      if (sa.gone && describeKind(event.kind).starts === true) this.revive(sa);
      return [...this.untagged.settle(event, sa), { event, sa, link: 'sa', others: [] }];
    }
    return event.message.daemon === 'pluto' ? this.placeOfPluto(event) : this.untagged.place(event);
  }

  /** Lines that still wait for a neighbour to tell where they belong. */
  flush(): readonly Placement[] {
    return this.untagged.flush();
  }

  /** Nothing of the SA is under way any more; its number is remembered for a while, for late lines. */
  retire(sa: SecurityAssociation): void {
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

  /** The IKE SA that a Child SA of pluto was made under: the one it names, else the latest of its connection. */
  parentOf(child: SecurityAssociation, named: number | null): SecurityAssociation | null {
    if (named !== null && named !== child.number) {
      return this.numbered.get(named) ?? null;
    }
    let latest: SecurityAssociation | null = null;
    for (const sa of this.live) {
      if (sa !== child && sa.ike !== null && sa.name === child.name && (latest?.number ?? -1) < (sa.number ?? -1)) latest = sa;
    }
    return latest;
  }

  /** pluto's latest Child SA under an IKE SA that is still being negotiated. */
  pendingChildOf(parent: SecurityAssociation): SecurityAssociation | null {
    let latest: SecurityAssociation | null = null;
    for (const sa of this.live) {
      if (sa.parent === parent && sa.child !== null && !sa.child.over) latest = sa;
    }
    return latest;
  }

  /** charon tries again under the same number. */
  private revive(sa: SecurityAssociation): void {
    sa.gone = false;
    this.live.add(sa);
  }

  private create(number: number | null): SecurityAssociation {
    const sa = new SecurityAssociation(number);
    this.live.add(sa);
    if (number !== null) this.numbered.set(number, sa);
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
    this.numbered.set(number, sa);
    return sa;
  }

  private samePeer(event: Event): SecurityAssociation | null {
    return [...this.live].find((sa) => sa.number === null && event.fields['peer.address'] !== undefined && fitsAddresses(sa, event.fields)) ?? null;
  }

  /** SAs of the connection that a line of pluto names, or else of the peer it came from; the latest last. */
  private related({ connectionName, peerAddress }: DaemonMessage): SecurityAssociation[] {
    const related: SecurityAssociation[] = [];
    if (connectionName === null && peerAddress === null) {
      return related;
    }
    for (const sa of this.live) {
      if (connectionName !== null ? sa.name === connectionName : sa.peerAddress === peerAddress) related.push(sa);
    }
    return related;
  }

  private placeOfPluto(event: Event): readonly Placement[] {
    const { message } = event;
    const description = describeKind(event.kind);
    const related = description.as === 'responder' ? [] : this.related(message);
    const sa = related.at(-1);
    if (sa !== undefined) {
      return [{ event, sa, link: 'peer', others: related.filter((other) => other !== sa && other.name !== sa.name) }];
    }
    return description.role === 'failure' ? [{ event, sa: this.create(null), link: 'sa', others: [] }] : [];
  }
}

/** charon's texts name an SA more exactly than its prefix does (`initiating IKE_SA gw[2]` under `<gw|1>`). */
function numberOf({ fields, message }: Event): number | null {
  const named = message.daemon === 'charon' ? fields['ike.number'] : undefined;
  return typeof named === 'number' ? named : message.saNumber;
}
