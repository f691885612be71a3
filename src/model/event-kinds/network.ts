import { kinds } from './entry.js';

/** Packets that do not make the trip, and what this side does about it. */
export const NETWORK = kinds({
  'retransmit.sent': { role: 'symptom', subject: 'any', meaning: 'no answer in time: the request is sent again' },
  'retransmit.received': { role: 'symptom', subject: 'any', heard: true, meaning: "the peer sends its request again: our answer did not reach it, or not in time" },
  'retransmit.gave_up': { role: 'end', subject: 'any', outcome: 'timed-out', meaning: 'the last retransmission was not answered' },
  'peer.not_responding': { role: 'end', subject: 'any', outcome: 'timed-out', meaning: 'the attempt is given up because the peer did not answer' },
  'peer.trying_again': { role: 'end', subject: 'any', outcome: 'timed-out', meaning: 'a new attempt follows because the peer did not answer' },
  'peer.half_open_timeout': { role: 'end', subject: 'ike', outcome: 'timed-out', as: 'responder', meaning: 'the peer started an IKE SA and did not go on' },
  'network.icmp_port_unreachable': { role: 'failure', weak: true, subject: 'ike', meaning: 'port unreachable, or connection refused: nothing listens there' },
  'network.icmp_host_unreachable': { role: 'failure', weak: true, subject: 'ike', meaning: 'host or network unreachable, reported by a router or by our own kernel' },
  'network.icmp_prohibited': { role: 'failure', weak: true, subject: 'ike', meaning: 'a firewall on the way refuses the packets and says so' },
  'network.send_unreachable': { role: 'failure', weak: true, subject: 'ike', meaning: 'our own kernel has no route to the peer' },
  'network.send_refused': { role: 'failure', weak: true, subject: 'ike', meaning: 'our own kernel refuses to send: Operation not permitted' },
  'network.send_failed': { role: 'failure', weak: true, subject: 'ike', meaning: 'a packet could not be sent, for the errno given' },
  'network.message_too_long': { role: 'failure', weak: true, subject: 'ike', meaning: 'a packet is larger than the path allows' },
  'network.dns_failed': { role: 'failure', weak: true, subject: 'ike', as: 'initiator', meaning: "the peer's name does not resolve" },
  'network.name_unresolved': { role: 'detail', subject: 'host', meaning: 'a name does not resolve; a line of the connection that needs it follows' },
  'network.no_socket': { role: 'failure', subject: 'ike', meaning: 'no IKE socket for that address family or port' },
  'network.no_source_address': { role: 'failure', weak: true, subject: 'ike', meaning: 'no local address or route from which the peer can be reached' },
  'network.overloaded': { role: 'failure', weak: true, subject: 'ike', as: 'responder', meaning: 'a limit on half-open IKE SAs or jobs drops the request' },
  'network.peer_moved': { role: 'detail', subject: 'ike', heard: true, meaning: "the peer's address or NAT mapping changed" },
  'network.path_changed': { role: 'detail', subject: 'ike', meaning: "this gateway's address or route changed" },
  'network.path_lost': { role: 'failure', weak: true, subject: 'ike', meaning: 'no path to the peer is left after a change of addresses' },
  'packet.malformed': { role: 'failure', weak: true, subject: 'ike', heard: true, meaning: 'a packet could not be decoded' },
  'payload.malformed': { role: 'detail', foretells: true, subject: 'ike', heard: true, meaning: 'a payload of a packet has an impossible length or type' },
  'packet.ignored': { role: 'detail', subject: 'ike', heard: true, meaning: 'a packet was dropped without consequence' },
});
