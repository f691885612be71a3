import type { CommandTemplate } from './item.js';

/** Commands shared by several questions. None prints keys. `ipsec auto --status` works with every pluto. */
export const COMMANDS = {
  ikePacketsHere: { side: 'here', tells: 'Shows whether IKE packets leave, and whether answers arrive, while the tunnel is initiated.', command: "tcpdump -ni any '[[host {peer.address} and ]](udp port 500 or udp port 4500)'" },
  ikePacketsPeer: { side: 'peer', tells: 'What leaves here has to appear there. Behind a NAT it comes from the outer address.', command: "tcpdump -ni any '[[host {local.address} and ]](udp port 500 or udp port 4500)'" },
  configuration: {
    side: 'here',
    tells: 'Lists what is loaded: addresses, identities, how each end authenticates, networks.',
    command: { charon: 'swanctl --list-conns', pluto: "ipsec auto --status[[ | grep -F '\"{connection.name}\"']]", racoon: "grep -n -A 20 '^remote' /etc/racoon/racoon.conf" },
  },
  ikeSas: { side: 'here', tells: 'Lists the IKE SA, its state and its proposal.', command: { charon: 'swanctl --list-sas[[ --ike {connection.name}]]', pluto: 'ipsec auto --status', racoon: 'racoonctl show-sa isakmp' } },
  traffic: { side: 'here', tells: 'Counts bytes or packets in each direction; run it before and after a ping.', command: { charon: 'swanctl --list-sas[[ --ike {connection.name}]]', pluto: 'ipsec trafficstatus' } },
  kernelSas: {
    side: 'here',
    tells: 'The SA towards the peer, with its counters; the keys are left out.',
    command: { charon: 'ip -s xfrm state list[[ src {local.address}]][[ dst {peer.address}]] nokeys', pluto: 'ip -s xfrm state list[[ src {local.address}]][[ dst {peer.address}]] nokeys' },
  },
  kernelSasIn: {
    side: 'here',
    tells: 'The SA from the peer, with its counters and errors; the keys are left out.',
    command: { charon: 'ip -s xfrm state list[[ src {peer.address}]][[ dst {local.address}]] nokeys', pluto: 'ip -s xfrm state list[[ src {peer.address}]][[ dst {local.address}]] nokeys' },
  },
  racoonSas: { side: 'here', tells: 'The SAs of both directions with their state (larval: not negotiated yet), lifetimes and counters; the keys are left out.', command: { racoon: "setkey -D | sed '/[EA]: /d'" } },
  kernelPolicies: { side: 'here', tells: 'Each tunnel needs a policy out, in and (for networks) fwd; where two fit a packet, the lower priority number takes it.', command: { charon: 'ip -s xfrm policy', pluto: 'ipsec eroute 2>/dev/null || ip -s xfrm policy' } },
  securityPolicies: { side: 'here', tells: 'The security policies (spdadd lines), which are the networks of racoon: both ends need the same pair, mirrored, one policy out and one in.', command: { racoon: 'setkey -DP' } },
  ownInnerAddress: { side: 'here', unless: 'ping.source', tells: 'Lists the addresses of this gateway: the source of the ping has to be one that the tunnel is for.', command: { charon: 'ip -br address show[[ to {ts.local}]]', pluto: 'ip -br address show[[ to {ts.local}]]', racoon: 'ifconfig -a' } },
  espHere: { side: 'here', tells: 'Shows ESP in both directions while the ping runs.', command: "tcpdump -ni any '[[host {peer.address} and ]](esp or udp port 4500)'" },
  espPeer: { side: 'peer', tells: 'Shows whether ESP of this gateway arrives, and whether any is sent back.', command: "tcpdump -ni any '[[host {local.address} and ]](esp or udp port 4500)'" },
  ping: { side: 'here', tells: 'From an address inside the tunnel to one behind the peer. It also starts a tunnel that waits for traffic. Try TCP too: NAT rules may treat it otherwise.', command: 'ping -c 3 -I {ping.source} {ping.target}' },
  nftables: { side: 'here', tells: 'The same where nftables is used directly.', command: 'nft list ruleset' },
  peerLog: { side: 'peer', tells: 'Only the log there names the reason; `Check next` of the report has the text to look for.', command: null },
} as const satisfies Record<string, CommandTemplate>;
