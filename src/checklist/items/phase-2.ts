import { COMMANDS } from '../commands.js';
import type { CheckItem } from '../item.js';

/** From an established IKE SA to SAs and policies in the kernel. */
export const PHASE_2: readonly CheckItem[] = [
  {
    id: 'selectors', stage: 'phase-2',
    question: 'Do both ends name the same two networks, each from its own side?',
    good: ['child-up'],
    wrong: ['child.ts_unacceptable', 'child.no_policy'],
    open: ['child.ts_rejected_by_peer', 'child.id_rejected_by_peer', 'child.rejected_by_peer', 'child.packet_refused', 'child.not_answered', 'child.virtual_ip_unavailable'],
    commands: [{ ...COMMANDS.configuration, tells: 'Lists what is loaded, with the networks of both ends.', command: { charon: COMMANDS.configuration.command.charon, pluto: COMMANDS.configuration.command.pluto } }, COMMANDS.securityPolicies, COMMANDS.peerLog],
  },
  {
    id: 'esp-proposals', stage: 'phase-2',
    question: 'Do both ends accept one ESP proposal, with the same mode and PFS group?',
    good: ['child-up'],
    wrong: ['proposal.child_no_match', 'proposal.pfs_mismatch', 'proposal.mode_mismatch', 'proposal.group_unacceptable', 'proposal.lifetime_refused', 'proposal.algorithm_unsupported'],
    open: ['proposal.child_no_proposal_received', 'proposal.invalid_ke_received', 'child.rejected_by_peer', 'child.packet_refused', 'child.not_answered'],
    commands: [
      { side: 'here', tells: 'Phase 2 is encrypted, a capture does not show it: compare the configured algorithms on both gateways.', command: { charon: "grep -rsnE '^\\s*(esp_proposals|esp)\\s*=' /etc/swanctl /etc/ipsec.conf", pluto: 'ipsec auto --status | grep -F algorithms', racoon: "grep -n -A 12 '^sainfo' /etc/racoon/racoon.conf" } },
      COMMANDS.peerLog,
    ],
  },
  {
    id: 'kernel-sas', stage: 'phase-2',
    question: 'Has the kernel an SA for each direction?',
    good: ['kernel-sas', 'child-up'],
    wrong: ['child.kernel_sa_refused', 'observed.sa_not_in_kernel', 'observed.sa_one_way', 'observed.sa_larval', 'observed.sa_dying'],
    open: ['child.not_answered'],
    commands: [COMMANDS.kernelSas, COMMANDS.kernelSasIn, COMMANDS.racoonSas, { side: 'here', tells: 'Shows each SA and policy that comes or goes while the tunnel is initiated; the keys are left out.', command: 'ip xfrm monitor nokeys' }],
  },
  {
    id: 'policies', stage: 'phase-2',
    question: 'Has the kernel the policies of this tunnel, and does no other take its packets?',
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
    open: ['observed.child_missing', 'observed.ike_unfinished'],
    commands: [COMMANDS.ownInnerAddress, { ...COMMANDS.ping, tells: 'Some tunnels come up only when there is traffic for them. From an address inside the tunnel to one behind the peer.' }, COMMANDS.traffic],
  },
];
