import type { Event } from '../model/event.js';
import type { EventKind } from '../model/event-kinds.js';

/** Proposals of one connection, by protocol, as they were logged when it was loaded. */
type ByProtocol = Map<string, string[]>;

const MAX_CONNECTIONS = 2_000;
const MAX_PROPOSALS = 16;

/** Failures that are about the proposals configured here, and of which protocol. */
const ABOUT: ReadonlyMap<EventKind, string> = new Map<EventKind, string>([
  ['proposal.ike_no_match', 'IKE'],
  ['proposal.no_proposal_received', 'IKE'],
  ['proposal.no_proposal_ignored', 'IKE'],
  ['proposal.child_no_match', 'ESP'],
  ['proposal.child_no_proposal_received', 'ESP'],
]);

/** What pluto logs of a connection's proposals when it loads it: told with a later failure that does not repeat them. */
export class ConfiguredProposals {
  private readonly byName = new Map<string, ByProtocol>();

  /** Remembers a line that no SA is the subject of. A line with a protocol and no proposal begins the list anew. */
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

  /** The event with the proposals of its connection, where it is about them and does not name them. */
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
