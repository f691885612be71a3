import { FIELDS } from './fields.js';
import type { FieldName } from './fields.js';

/**
 * The fact dictionary: everything that the conditions of causes may test. In addition, each field of FIELDS is a fact
 * under its own name (the last value captured in the attempt up to its first failure), and `failure.<field>` is the
 * value on the line of the first failure itself.
 */
const OWN_FACTS = {
  'attempt.subject': { type: 'string', meaning: 'ike or child' },
  'attempt.role': { type: 'string', meaning: 'initiator, responder or unknown' },
  'attempt.exchange': { type: 'string', meaning: 'ikev1-main, ikev1-aggressive, ikev1-quick, ikev1, ikev2 or unknown' },
  'attempt.version': { type: 'string', meaning: 'ikev1, ikev2 or unknown' },
  'attempt.purpose': { type: 'string', meaning: 'create, rekey, reauthenticate or maintain' },
  'attempt.reached': { type: 'string', meaning: 'none, started, half-open, authenticating or established' },
  'attempt.outcome': { type: 'string', meaning: 'how it ended' },
  'attempt.retransmits': { type: 'number', meaning: 'retransmissions this side sent in the attempt' },
  'attempt.peer_answered': { type: 'boolean', meaning: 'a packet of the peer arrived in the attempt' },
  'attempt.begun_before': { type: 'boolean', meaning: 'the log, or its part after a gap, begins after the attempt did' },
  'attempt.brief': { type: 'boolean', meaning: 'what ended had begun no more than ten seconds before' },
  'attempt.before': { type: 'list', meaning: 'kinds of the events before the first failure' },
  'attempt.after': { type: 'list', meaning: 'kinds of the events after the first failure' },
  'connection.daemon': { type: 'string', meaning: 'charon, pluto, racoon or kernel' },
  'connection.named': { type: 'boolean', meaning: 'a configured connection is known for the attempt' },
  'connection.opportunistic': { type: 'boolean', meaning: "the connection is made from a policy group of pluto, for a peer that no configuration names" },
  'connection.carries_l2tp': { type: 'boolean', meaning: 'the connection protects L2TP, by its name or its traffic selectors' },
  'connection.carried': { type: 'string', meaning: 'what the byte counters of the latest Child SA with this peer tell: that it received "nothing", that it received, but sent "nothing back", or that it carried "both" directions' },
  'connection.any_peer': { type: 'boolean', meaning: 'the connection takes peers of any address, so that only they can initiate it' },
  'connection.was_up': { type: 'boolean', meaning: 'an earlier attempt of this connection was established' },
  'connection.child_was_up': { type: 'boolean', meaning: 'an earlier Child SA of this connection was established' },
  'connection.long_up': { type: 'boolean', meaning: 'an IKE SA of the connection came up more than half a minute before: a Child SA is negotiated by an exchange of its own' },
  'connection.peer_begins_anew': { type: 'boolean', meaning: 'after the first failure, the same peer initiated another IKE SA of this connection' },
  'host.failures': { type: 'list', meaning: 'kinds of the host failures logged before (port in use, kernel without ESP, ...)' },
  'nat.detected': { type: 'boolean', meaning: 'a NAT was seen, or port 4500 is in use' },
  'nat.port_open': { type: 'boolean', meaning: 'a packet of the peer arrived on UDP port 4500 in the attempt' },
  'nat.off_here': { type: 'boolean', meaning: 'NAT traversal is turned off on this gateway, and the peer offered it' },
  'nat.hides_identity': { type: 'boolean', meaning: 'our identity is a private address, and the peer is somewhere else: it sees that of the NAT' },
  'nat.renames_us': { type: 'boolean', meaning: 'the peer asks for us by an address that this gateway, which is behind a NAT, does not have' },
  'nat.renames_peer': { type: 'boolean', meaning: 'the identity of the peer is an address that its packets, which come through a NAT, do not have' },
  'local.address_lost': { type: 'boolean', meaning: 'the address from which this gateway sends has disappeared from its interface' },
  'icmp.sent_here': { type: 'boolean', meaning: 'the ICMP error comes from our own address: our kernel made it' },
  'nat.unnoticed': { type: 'boolean', meaning: "the peer's identity is a private address and it comes from another, public one, but no NAT was seen" },
  'dh.offered': { type: 'string', meaning: "the key exchange groups in the peer's proposals, if these and ours differ in nothing else and none is in both" },
  'dh.configured': { type: 'string', meaning: 'in the same case, those in our own proposals' },
  'proposal.difference': { type: 'string', meaning: 'in which transforms the proposals of both ends differ at least: encryption, integrity, PRF, key exchange group, extended sequence numbers' },
  'dh.same': { type: 'boolean', meaning: 'the key exchange group that is requested is the one that was sent' },
  'child.requests_pfs': { type: 'boolean', meaning: "charon's own request for a Child SA contains a key exchange, that is, PFS is configured here" },
  'cert.validity': { type: 'string', meaning: 'expired, not-yet-valid, clock-behind, valid or perhaps-valid, by the dates of the certificate and the time of the line' },
  'observed.problems': { type: 'list', meaning: 'kinds of what status outputs show to be wrong with this connection and its gateway' },
  'failure.event': { type: 'string', meaning: 'kind of the first failure' },
  'failure.link': { type: 'string', meaning: 'how sure the attribution of the first failure is' },
} as const;

export type FactName = keyof typeof OWN_FACTS | FieldName | `failure.${FieldName}`;
export type FactType = 'string' | 'number' | 'boolean' | 'list';
export type FactValue = string | number | boolean | readonly string[];
export type Facts = Readonly<Partial<Record<FactName, FactValue>>>;

const NUMERIC = new Set(['port', 'int', 'number']);

export interface FactEntry {
  readonly type: FactType;
  readonly meaning: string;
}

/** name → type and meaning of every fact. */
export const FACTS: ReadonlyMap<string, FactEntry> = new Map<string, FactEntry>([
  ...Object.entries(OWN_FACTS),
  ...Object.entries(FIELDS).flatMap(([name, { type, meaning }]): [string, FactEntry][] => {
    const fact: FactEntry = { type: NUMERIC.has(type) ? 'number' : 'string', meaning };
    return [[name, fact], [`failure.${name}`, { ...fact, meaning: `${meaning}, on the line of the first failure` }]];
  }),
]);
