import type { CommandTemplate } from './item.js';

/** Commands shared by several questions. None prints keys. `ipsec auto --status` works with every pluto. */
export const COMMANDS = {
  ikePacketsHere: { side: 'here', tells: 'Shows whether IKE packets leave, and whether replies arrive, while the tunnel is being initiated.', command: "tcpdump -ni any '[[host {peer.address} and ]](udp port 500 or udp port 4500)'" },
  ikePacketsPeer: { side: 'peer', tells: 'What leaves here must appear there; behind NAT it comes from the outer address.', command: "tcpdump -ni any '[[host {local.address} and ]](udp port 500 or udp port 4500)'" },
  configuration: {
    side: 'here',
    tells: 'Lists the loaded connections: addresses, identities, authentication methods, networks.',
    command: { charon: 'swanctl --list-conns', pluto: "ipsec auto --status[[ | grep -F '\"{connection.name}\"']]", racoon: "grep -n -A 20 '^remote' /etc/racoon/racoon.conf" },
  },
  ikeSas: { side: 'here', tells: 'Lists the IKE SA, its state and its proposal.', command: { charon: 'swanctl --list-sas[[ --ike {connection.name}]]', pluto: 'ipsec auto --status', racoon: 'racoonctl show-sa isakmp' } },
  traffic: { side: 'here', tells: 'Counts bytes or packets in each direction; run it before and after a ping.', command: { charon: 'swanctl --list-sas[[ --ike {connection.name}]]', pluto: 'ipsec trafficstatus' } },
  kernelSas: {
    side: 'here',
    tells: 'Shows the SA towards the peer with its counters, without keys.',
    command: { charon: 'ip -s xfrm state list[[ src {local.address}]][[ dst {peer.address}]] nokeys', pluto: 'ip -s xfrm state list[[ src {local.address}]][[ dst {peer.address}]] nokeys' },
  },
  kernelSasIn: {
    side: 'here',
    tells: 'Shows the SA from the peer with its counters and errors, without keys.',
    command: { charon: 'ip -s xfrm state list[[ src {peer.address}]][[ dst {local.address}]] nokeys', pluto: 'ip -s xfrm state list[[ src {peer.address}]][[ dst {local.address}]] nokeys' },
  },
  racoonSas: { side: 'here', tells: 'Shows the SAs of both directions with their state (larval: not negotiated yet), lifetimes and counters, without keys.', command: { racoon: "setkey -D | sed '/[EA]: /d'" } },
  kernelPolicies: { side: 'here', tells: 'Each tunnel needs policies out, in and (for networks) fwd; if several match a packet, the lowest priority number wins.', command: { charon: 'ip -s xfrm policy', pluto: 'ipsec eroute 2>/dev/null || ip -s xfrm policy' } },
  securityPolicies: { side: 'here', tells: 'Lists the security policies (spdadd lines), which define racoon\'s networks: both ends need the same pair, mirrored, one policy out and one in.', command: { racoon: 'setkey -DP' } },
  ownInnerAddress: { side: 'here', unless: 'ping.source', tells: 'Lists this gateway\'s addresses: the source of the ping must be one that the tunnel covers.', command: { charon: 'ip -br address show[[ to {ts.local}]]', pluto: 'ip -br address show[[ to {ts.local}]]', racoon: 'ifconfig -a' } },
  espHere: { side: 'here', tells: 'Shows ESP in both directions while the ping runs.', command: "tcpdump -ni any '[[host {peer.address} and ]](esp or udp port 4500)'" },
  espPeer: { side: 'peer', tells: 'Shows whether this gateway\'s ESP arrives, and whether any is sent back.', command: "tcpdump -ni any '[[host {local.address} and ]](esp or udp port 4500)'" },
  ping: { side: 'here', tells: 'Pings from an address inside the tunnel to one behind the peer. This also triggers a tunnel that waits for traffic. Try TCP too: NAT rules may treat it differently.', command: 'ping -c 3 -I {ping.source} {ping.target}' },
  nftables: { side: 'here', tells: 'The same if nftables is used directly.', command: 'nft list ruleset' },
  peerLog: { side: 'peer', tells: 'Only the log there gives the reason; `Check next` in the report has the text to look for.', readsPeerLog: true, command: null },
} as const satisfies Record<string, CommandTemplate>;
