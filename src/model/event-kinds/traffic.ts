import { kinds } from './entry.js';

/** Traffic of a tunnel that is up or should come up, as seen by the kernel and the firewall. */
export const TRAFFIC = kinds({
  'firewall.ike_dropped': { role: 'detail', subject: 'ike', meaning: "this gateway's firewall dropped a packet of IKE" },
  'firewall.logged': { role: 'noise', subject: 'host', meaning: 'the firewall wrote down a packet of IPsec that went on, as far as the line tells' },
  'traffic.esp_dropped': { role: 'failure', subject: 'child', meaning: "this gateway's firewall dropped a packet of ESP or AH" },
  'traffic.esp_refused_by_peer': { role: 'failure', subject: 'child', meaning: 'the peer or a router refuses ESP with an ICMP error' },
  'traffic.packet_too_big': { role: 'failure', subject: 'child', meaning: 'a router on the way asks for smaller packets' },
  'traffic.no_sa': { role: 'failure', subject: 'child', meaning: 'packets arrive for an SA that the kernel does not have' },
  'traffic.integrity_failed': { role: 'failure', subject: 'child', meaning: 'the integrity check of an incoming packet fails' },
  'traffic.replayed': { role: 'failure', subject: 'child', meaning: 'a packet is outside the replay window, or came twice' },
  'traffic.sequence_exhausted': { role: 'failure', subject: 'child', meaning: 'the sequence numbers of an SA are used up' },
  'traffic.no_policy': { role: 'failure', subject: 'child', meaning: 'a packet is to be protected and no policy or eroute fits it' },
  'traffic.policy_violated': { role: 'failure', subject: 'child', meaning: 'a packet came out of the tunnel that its policy does not allow' },
  'traffic.route_failed': { role: 'failure', subject: 'child', meaning: 'a protected packet has no way to the peer' },
  'traffic.source_route_missing': { role: 'failure', subject: 'host', mayBeHarmless: true, meaning: "the route by which this gateway's own packets would take the tunnel is not installed; the SAs are up all the same" },
  'traffic.routing_loop': { role: 'failure', subject: 'host', meaning: "the route to the peer's own address leads into the tunnel" },
  'traffic.martian': { role: 'failure', subject: 'child', meaning: 'the source address check refuses a packet that came in on this interface' },
});
