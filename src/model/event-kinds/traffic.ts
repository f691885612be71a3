import { kinds } from './entry.js';

/** Traffic of a tunnel that is up or should come up, as seen by the kernel and the firewall. */
export const TRAFFIC = kinds({
  'firewall.ike_dropped': { role: 'detail', subject: 'ike', meaning: "this gateway's firewall dropped an IKE packet" },
  'firewall.logged': { role: 'noise', subject: 'host', meaning: 'the firewall logged an IPsec packet that passed, as far as the line tells' },
  'traffic.esp_dropped': { role: 'failure', subject: 'child', meaning: "this gateway's firewall dropped an ESP or AH packet" },
  'traffic.esp_refused_by_peer': { role: 'failure', subject: 'child', meaning: 'the peer or a router refuses ESP with an ICMP error' },
  'traffic.packet_too_big': { role: 'failure', subject: 'child', meaning: 'a router on the path asks for smaller packets' },
  'traffic.no_sa': { role: 'failure', subject: 'child', meaning: 'packets arrive for an SA that the kernel does not have' },
  'traffic.integrity_failed': { role: 'failure', subject: 'child', meaning: 'an incoming packet fails the integrity check' },
  'traffic.replayed': { role: 'failure', subject: 'child', meaning: 'a packet is outside the replay window, or a duplicate' },
  'traffic.sequence_exhausted': { role: 'failure', subject: 'child', meaning: 'the sequence numbers of an SA are used up' },
  'traffic.no_policy': { role: 'failure', subject: 'child', meaning: 'a packet requires protection, but no policy or eroute matches it' },
  'traffic.policy_violated': { role: 'failure', subject: 'child', meaning: 'a packet came out of the tunnel that its policy does not allow' },
  'traffic.route_failed': { role: 'failure', subject: 'child', meaning: 'there is no route to the peer for a protected packet' },
  'traffic.source_route_missing': { role: 'failure', subject: 'host', mayBeHarmless: true, meaning: "the route for this gateway's own packets into the tunnel is not installed; the SAs are up nevertheless" },
  'traffic.routing_loop': { role: 'failure', subject: 'host', meaning: "the route to the peer's own address points into the tunnel" },
  'traffic.l2tp_repeated': { role: 'failure', subject: 'child', meaning: 'a client of the L2TP server here repeats its first message although it is answered' },
  'traffic.l2tp_unanswered': { role: 'failure', subject: 'child', mayBeHarmless: true, meaning: 'L2TP, which the tunnel is for, gets no answer' },
  'traffic.martian': { role: 'failure', subject: 'child', meaning: 'the source address check drops a packet received on this interface' },
});
