import { COMMANDS } from '../commands.js';
import type { CheckItem } from '../item.js';

/** From packets of the local network to replies from behind the peer. */
export const TRAFFIC_ITEMS: readonly CheckItem[] = [
  {
    id: 'both-ways', stage: 'traffic',
    question: 'Do packets go through the tunnel in both directions?',
    good: ['packets-both'],
    wrong: ['observed.nothing_received', 'observed.nothing_sent', 'observed.lost_on_the_way', 'observed.peer_sends_nothing', 'observed.esp_unanswered', 'observed.esp_not_taken', 'observed.leaves_in_clear'],
    open: [],
    commands: [COMMANDS.ownInnerAddress, COMMANDS.ping, COMMANDS.traffic],
  },
  {
    id: 'goes-in', stage: 'traffic',
    question: 'Do packets for the network behind the peer go into the tunnel?',
    good: ['packets-sent'],
    wrong: ['observed.nothing_sent', 'observed.leaves_in_clear', 'traffic.no_policy', 'traffic.route_failed', 'traffic.routing_loop'],
    open: ['observed.route_missing', 'observed.nat_first'],
    commands: [COMMANDS.kernelSas, COMMANDS.racoonSas, { side: 'here', tells: 'Shows whether the inner packets look as expected before encryption.', command: 'tcpdump -ni any host {ping.target}' }],
  },
  {
    id: 'nat', stage: 'traffic',
    question: "Does NAT leave the tunnel's packets alone?",
    good: ['nat-spares', 'packets-both'],
    wrong: ['observed.nat_first'],
    open: ['observed.nothing_sent'],
    commands: [{ side: 'here', tells: 'A MASQUERADE or SNAT rule that matches them and comes before an exemption (policy match, or RETURN for the network behind the peer) keeps them out of the tunnel.', command: 'iptables -t nat -vnL POSTROUTING' }, COMMANDS.nftables],
  },
  {
    id: 'forwarding', stage: 'traffic',
    question: 'Do this gateway and its firewall forward packets between the two networks?',
    good: ['forwards'],
    wrong: ['observed.forwarding_off', 'observed.forward_closed'],
    open: ['observed.nothing_sent', 'observed.nothing_received'],
    commands: [
      { side: 'here', tells: 'Must be 1 if hosts behind this gateway use the tunnel.', command: 'sysctl net.ipv4.ip_forward' },
      { side: 'here', tells: 'A rule must accept them in each direction; its counter shows whether it matches.', command: 'iptables -vnL FORWARD' },
      COMMANDS.nftables,
    ],
  },
  {
    id: 'routes', stage: 'traffic',
    question: 'Are routes and reverse path filtering right for both networks?',
    good: ['routed'],
    wrong: ['observed.route_missing', 'observed.rp_filter', 'observed.peer_unroutable', 'traffic.martian', 'traffic.route_failed', 'traffic.routing_loop'],
    open: ['observed.nothing_sent', 'observed.nothing_received'],
    commands: [
      { side: 'here', tells: 'Shows the route of a packet from this side to the network behind the peer.', command: 'ip route get {ping.target} from {ping.source}' },
      { side: 'here', tells: 'Counts what strict filtering (rp_filter 1) has dropped on all interfaces together.', command: 'nstat -az TcpExtIPReversePathFilter' },
    ],
  },
  {
    id: 'esp-arrives', stage: 'traffic',
    question: "Does the peer's ESP arrive and pass this gateway's firewall?",
    good: ['packets-received'],
    wrong: ['observed.esp_filtered', 'observed.lost_on_the_way', 'observed.esp_not_taken', 'traffic.esp_dropped', 'traffic.esp_refused_by_peer'],
    open: ['observed.nothing_received', 'observed.esp_unanswered'],
    commands: [COMMANDS.espHere, COMMANDS.espPeer, { side: 'between', tells: 'ESP is IP protocol 50, or UDP 4500 behind NAT: with only UDP 500 open, the tunnel comes up but carries nothing.', command: null }],
  },
  {
    id: 'intact', stage: 'traffic',
    question: "Do the peer's packets pass the integrity and replay checks?",
    good: ['packets-intact'],
    wrong: ['observed.integrity_failures', 'observed.icv_truncated', 'observed.replays', 'traffic.integrity_failed', 'traffic.replayed', 'traffic.sequence_exhausted'],
    open: ['traffic.no_sa', 'observed.foreign_spi'],
    commands: [COMMANDS.kernelSasIn, COMMANDS.racoonSas, { side: 'here', tells: 'XfrmInStateProtoError: integrity check, XfrmInStateSeqError: replay, XfrmInNoStates: unknown SPI. SHA2-256 with old kernels fails here: try another algorithm.', command: 'cat /proc/net/xfrm_stat' }],
  },
  {
    id: 'mtu', stage: 'traffic',
    question: 'Do large packets pass?',
    good: ['large-packets'],
    wrong: ['traffic.packet_too_big', 'observed.packet_too_big'],
    open: [],
    commands: [{ side: 'here', tells: 'Sends 1400-byte packets with DF set. If small ones pass and these do not, try smaller sizes and set the MTU or clamp the MSS.', command: 'ping -M do -s 1372 -c 3 -I {ping.source} {ping.target}' }],
  },
  {
    id: 'inside', stage: 'traffic',
    question: 'Is the traffic inside ESP what it should be?',
    good: [],
    wrong: [],
    open: [],
    commands: [
      { side: 'here', tells: 'Copies decrypted packets from the tunnel to NFLOG group 5 (-D instead of -I removes the rule).', command: 'iptables -t mangle -I PREROUTING -m policy --dir in --pol ipsec [[--mode tunnel --tunnel-src {peer.address} ]]-j NFLOG --nflog-group 5' },
      { side: 'here', tells: 'The same for packets into the tunnel, before encryption.', command: 'iptables -t mangle -I POSTROUTING -m policy --dir out --pol ipsec [[--mode tunnel --tunnel-dst {peer.address} ]]-j NFLOG --nflog-group 5' },
      { side: 'here', tells: 'Shows both; needs no key.', command: 'tcpdump -ni nflog:5' },
      { side: 'here', tells: 'If charon does ESP itself (kernel-libipsec), the unencrypted packets are on its own device instead.', command: { charon: 'tcpdump -ni ipsec0' } },
      { side: 'here', tells: 'Saves the ESP packets for Wireshark.', command: "tcpdump -ni any -w esp.pcap '[[host {peer.address} and ]](esp or udp port 4500)'" },
      { side: 'here', tells: 'In Wireshark: Preferences, Protocols, ESP: enable "Attempt to detect/decode encrypted ESP payloads" and fill in "ESP SAs", one row per direction: source {local.address}, destination {peer.address}[[, SPI 0x{spi.out}]], then the reverse[[ with SPI 0x{spi.in}]]; encryption and authentication as in the SA. The keys are in the gateway\'s own kernel (`ip xfrm state`, as root). Whoever has them can read the traffic: enter them by hand, post them nowhere, and rekey afterwards.', command: null },
    ],
  },
];
