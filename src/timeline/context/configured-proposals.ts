import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';

/** Proposals of one connection by protocol, as logged when it was loaded. */
type ByProtocol = Map<string, string[]>;

const MAX_CONNECTIONS = 2_000;
const MAX_PROPOSALS = 16;

/** Failures that concern the configured proposals, with their protocol. */
const ABOUT: ReadonlyMap<EventKind, string> = new Map<EventKind, string>([
  ['proposal.ike_no_match', 'IKE'],
  ['proposal.no_proposal_received', 'IKE'],
  ['proposal.no_proposal_ignored', 'IKE'],
  ['proposal.child_no_match', 'ESP'],
  ['proposal.child_no_proposal_received', 'ESP'],
]);

/**
 * Remembers the proposals that pluto logs on loading a connection, and adds them to later failures that do not repeat
 * them.
 */
export class ConfiguredProposals {
  private readonly byName = new Map<string, ByProtocol>();

  /** Takes a line that belongs to no SA. One with a protocol but no proposal starts a new list. */
  learn({ message, fields }: Event): void {
    const name = message.connectionName;
    const protocol = fields['proposal.protocol'];
    if (name === null || typeof protocol !== 'string') {
      return;
    }
    const known = this.byName.get(name) ?? this.begin(name);
    const proposal = fields['proposal.configured'];
    if (proposal === undefined) known.delete(protocol);
    else this.append(known, protocol, `${protocol}=${String(proposal)}`);
  }

  /** The event with its connection's proposals added, if it concerns them but does not contain them. */
  complete(event: Event): Event {
    const protocol = ABOUT.get(event.kind);
    const name = event.message.connectionName;
    if (protocol === undefined || name === null || event.fields['proposal.configured'] !== undefined) {
      return event;
    }
    const proposals = this.byName.get(name)?.get(protocol);
    return proposals === undefined ? event : { ...event, fields: { ...event.fields, 'proposal.configured': proposals.join(', ') } };
  }

  private begin(name: string): ByProtocol {
    const fresh: ByProtocol = new Map();
    if (this.byName.size < MAX_CONNECTIONS) this.byName.set(name, fresh);
    return fresh;
  }

  private append(known: ByProtocol, protocol: string, proposal: string): void {
    const list = known.get(protocol) ?? [];
    if (list.length < MAX_PROPOSALS && !list.includes(proposal)) known.set(protocol, [...list, proposal]);
  }
}
