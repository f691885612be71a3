import { COMMANDS } from '../commands.js';
import type { CheckItem } from '../item.js';

/** From an established IKE SA to SAs and policies in the kernel. */
export const PHASE_2: readonly CheckItem[] = [
  {
    id: 'selectors', stage: 'phase-2',
    question: 'Do the traffic selectors (networks) of both ends mirror each other?',
    good: ['child-up'],
    wrong: ['child.ts_unacceptable', 'child.no_policy'],
    open: ['child.ts_rejected_by_peer', 'child.id_rejected_by_peer', 'child.rejected_by_peer', 'child.packet_refused', 'child.not_answered', 'child.virtual_ip_unavailable'],
    commands: [{ ...COMMANDS.configuration, tells: 'Lists the loaded connections with the networks of both ends.', command: { charon: COMMANDS.configuration.command.charon, pluto: COMMANDS.configuration.command.pluto } }, COMMANDS.securityPolicies, COMMANDS.peerLog],
  },
  {
    id: 'esp-proposals', stage: 'phase-2',
    question: 'Do both ends have an ESP proposal in common, with the same mode and PFS group?',
    good: ['child-up'],
    wrong: ['proposal.child_no_match', 'proposal.pfs_mismatch', 'proposal.mode_mismatch', 'proposal.group_unacceptable', 'proposal.lifetime_refused', 'proposal.algorithm_unsupported'],
    open: ['proposal.child_no_proposal_received', 'proposal.invalid_ke_received', 'child.rejected_by_peer', 'child.packet_refused', 'child.not_answered'],
    commands: [
      { side: 'here', tells: 'Phase 2 is encrypted, so a capture does not show it: compare the configured algorithms on both gateways.', command: { charon: "grep -rsnE '^\\s*(esp_proposals|esp)\\s*=' /etc/swanctl /etc/strongswan /etc/ipsec.conf", pluto: 'ipsec auto --status | grep -F algorithms', racoon: "grep -n -A 12 '^sainfo' /etc/racoon/racoon.conf" } },
      COMMANDS.peerLog,
    ],
  },
  {
    id: 'kernel-sas', stage: 'phase-2',
    question: 'Does the kernel have an SA for each direction?',
    good: ['kernel-sas', 'child-up'],
    wrong: ['child.kernel_sa_refused', 'observed.sa_not_in_kernel', 'observed.sa_one_way', 'observed.sa_larval', 'observed.sa_dying'],
    open: ['child.not_answered'],
    commands: [COMMANDS.kernelSas, COMMANDS.kernelSasIn, COMMANDS.racoonSas, { side: 'here', tells: 'Shows each SA and policy added or deleted while the tunnel is being initiated, without keys.', command: 'ip xfrm monitor nokeys' }],
  },
  {
    id: 'policies', stage: 'phase-2',
    question: "Does the kernel have this tunnel's policies, and does no other policy capture its packets?",
    good: ['packets-both', 'policies-installed'],
    wrong: ['child.kernel_policy_refused', 'child.route_conflict', 'observed.policy_missing', 'observed.policy_shadowed', 'traffic.no_policy', 'traffic.policy_violated'],
    open: ['observed.nothing_sent', 'child.updown_failed'],
    commands: [COMMANDS.kernelPolicies, COMMANDS.securityPolicies],
  },
  {
    id: 'child-up', stage: 'phase-2',
    question: 'Is the Child SA up?',
    good: ['child-up'],
    wrong: 'failing',
    open: ['observed.child_missing', 'observed.child_refused', 'observed.ike_unfinished'],
    commands: [COMMANDS.ownInnerAddress, { ...COMMANDS.ping, tells: 'Some tunnels come up only when there is traffic for them. Ping from an address inside the tunnel to one behind the peer.' }, COMMANDS.traffic],
  },
];
