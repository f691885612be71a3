import { COMMANDS } from '../commands.js';
import type { CheckItem } from '../item.js';

/** From the loaded connection to an established IKE SA. */
export const PHASE_1: readonly CheckItem[] = [
  {
    id: 'loaded', stage: 'phase-1',
    question: 'Is a connection loaded that matches this peer, with an address of this gateway as one end?',
    good: ['loaded'],
    wrong: ['config.no_connection_for_peer', 'config.no_connection_to_peer', 'config.not_oriented', 'observed.not_oriented', 'observed.daemon_not_running'],
    open: ['auth.no_config_for_id', 'auth.constraint_failed'],
    commands: [COMMANDS.configuration],
  },
  {
    id: 'ike-leaves', stage: 'phase-1',
    question: 'Do IKE packets leave this gateway for the peer?',
    good: ['request-answered', 'ike-captured'],
    wrong: ['network.send_unreachable', 'network.send_refused', 'network.send_failed', 'network.no_socket', 'network.no_source_address', 'network.dns_failed', 'network.message_too_long', 'daemon.port_in_use', 'observed.peer_unroutable'],
    open: ['network.icmp_host_unreachable', 'retransmit.gave_up', 'peer.not_responding', 'peer.trying_again'],
    commands: [{ side: 'here', tells: 'Shows their route and source address.', command: 'ip route get {peer.address}' }, COMMANDS.ikePacketsHere],
  },
  {
    id: 'ike-arrives', stage: 'phase-1',
    question: "Do the peer's IKE packets arrive here?",
    good: ['peer-heard'],
    refutedBy: 'silence',
    wrong: ['network.icmp_port_unreachable', 'network.icmp_host_unreachable', 'network.icmp_prohibited', 'dpd.peer_dead', 'observed.ike_unanswered', 'observed.ike_filtered', 'observed.icmp_error'],
    open: ['retransmit.gave_up', 'retransmit.sent', 'peer.not_responding', 'peer.trying_again', 'peer.half_open_timeout'],
    commands: [COMMANDS.ikePacketsHere, COMMANDS.ikePacketsPeer],
  },
  {
    id: 'ike-firewall', stage: 'phase-1',
    question: "Does this gateway's firewall pass UDP 500 and 4500 in both directions?",
    good: ['packets-pass', 'authentication-answered'],
    wrong: ['firewall.ike_dropped', 'observed.ike_filtered', 'observed.ike_not_taken', 'network.send_refused'],
    open: ['retransmit.gave_up', 'retransmit.sent', 'peer.not_responding', 'peer.trying_again', 'peer.fell_silent', 'peer.half_open_timeout', 'observed.ike_unanswered', 'observed.ike_not_answered'],
    commands: [
      { side: 'here', tells: 'Lists the rules with their counters: look for drops of UDP 500 and 4500 in INPUT and OUTPUT.', command: 'iptables-save -c' },
      COMMANDS.nftables,
    ],
  },
  {
    id: 'version', stage: 'phase-1',
    question: 'Do both ends use the same IKE version and, with IKEv1, the same mode?',
    good: ['first-exchange'],
    wrong: ['version.unsupported', 'version.ikev1_disabled', 'version.not_built_in', 'version.major_rejected', 'version.exchange_unexpected', 'version.aggressive_not_allowed', 'observed.versions_differ'],
    open: ['version.mode_or_peer_refused', 'proposal.no_proposal_received', 'proposal.no_proposal_ignored', 'retransmit.gave_up', 'peer.not_responding', 'peer.trying_again'],
    commands: [{ side: 'here', tells: 'isakmp 1.0 is IKEv1, isakmp 2.0 is IKEv2, in each direction.', command: "tcpdump -vni any '[[host {peer.address} and ]]udp port 500'" }],
  },
  {
    id: 'ike-proposals', stage: 'phase-1',
    question: 'Do both ends have an IKE proposal and key exchange group in common?',
    good: ['first-exchange'],
    wrong: ['proposal.ike_no_match', 'proposal.group_unacceptable', 'proposal.algorithm_unsupported', 'proposal.lifetime_refused'],
    open: ['proposal.no_proposal_received', 'proposal.no_proposal_ignored', 'proposal.invalid_ke_received'],
    commands: [{ side: 'here', tells: 'The first two packets carry the proposals unencrypted; -w ike.pcap instead of -vv saves them for Wireshark, which decodes every transform.', command: "tcpdump -vvni any '[[host {peer.address} and ]]udp port 500'" }, COMMANDS.peerLog],
  },
  {
    id: 'large-packets', stage: 'phase-1',
    question: 'Do the authentication packets get through (UDP 4500 behind NAT, fragments)?',
    good: ['packets-pass', 'authentication-answered'],
    wrong: ['network.message_too_long', 'observed.natt_unanswered', 'observed.fragments_unanswered', 'observed.fragments_missing'],
    open: ['peer.fell_silent', 'retransmit.gave_up', 'peer.half_open_timeout', 'fragment.lost', 'peer.not_responding', 'peer.trying_again'],
    commands: [
      { side: 'here', tells: 'UDP 4500 and fragments in both directions; fragments that only leave are lost on the way.', command: "tcpdump -ni any '[[host {peer.address} and ]](udp port 4500 or ip[6:2] & 0x3fff != 0)'" },
      { side: 'peer', tells: 'The same there.', command: "tcpdump -ni any '[[host {local.address} and ]](udp port 4500 or ip[6:2] & 0x3fff != 0)'" },
    ],
  },
  {
    id: 'identities', stage: 'phase-1',
    question: 'Does each end present the identity that the other expects?',
    good: ['accepted'],
    wrong: ['auth.peer_id_mismatch', 'cert.id_not_in_cert'],
    open: ['auth.rejected_by_peer', 'auth.rejected_by_peer_ikev1', 'auth.no_config_for_id', 'auth.constraint_failed', 'auth.psk_missing', 'auth.failed_local', 'auth.cleartext_notify', 'peer.fell_silent', 'auth.public_key_missing', 'auth.untrusted'],
    commands: [COMMANDS.configuration, COMMANDS.peerLog],
  },
  {
    id: 'credentials', stage: 'phase-1',
    question: 'Is the authentication of each end accepted: same secret, or valid and trusted certificates?',
    good: ['accepted'],
    wrong: [
      'auth.mac_mismatched', 'auth.hash_mismatched', 'auth.psk_missing', 'auth.private_key_missing', 'auth.public_key_missing', 'auth.signature_invalid', 'auth.signature_hash', 'auth.method_mismatch', 'auth.aggressive_psk_refused',
      'auth.ppk_missing', 'auth.ppk_not_used', 'auth.ppk_not_allowed', 'auth.eap_failed', 'auth.eap_method_refused', 'auth.eap_method_unavailable', 'auth.eap_identity_mismatch', 'auth.eap_key_missing', 'auth.radius_rejected', 'auth.xauth_failed',
      'cert.date_invalid', 'cert.expired', 'cert.not_yet_valid', 'cert.own_date_invalid', 'cert.untrusted_issuer', 'cert.self_signed', 'cert.revoked', 'cert.revocation_unknown', 'cert.unsuitable',
    ],
    open: ['auth.rejected_by_peer', 'auth.rejected_by_peer_ikev1', 'auth.untrusted', 'auth.undecryptable', 'auth.failed_local', 'auth.cleartext_notify', 'auth.eap_rejected_by_peer', 'auth.radius_unreachable', 'auth.constraint_failed', 'auth.no_config_for_id', 'cert.check_failed', 'packet.malformed', 'payload.malformed', 'payload.unexpected', 'peer.fell_silent'],
    commands: [
      { side: 'here', tells: 'After comparing the secret on both gateways (whitespace, quotes, encoding), reload it.', command: { charon: 'swanctl --load-creds --clear', pluto: 'ipsec auto --rereadsecrets', racoon: 'racoonctl reload-config' } },
      { side: 'here', tells: 'Lists the certificates with their validity, and whether their private keys are loaded.', command: { charon: 'swanctl --list-certs', pluto: 'ipsec auto --listall' } },
      COMMANDS.peerLog,
    ],
  },
  {
    id: 'ike-up', stage: 'phase-1',
    question: 'Is the IKE SA up?',
    good: ['ike-up'],
    wrong: 'failing',
    open: ['observed.ike_unanswered', 'observed.ike_unfinished'],
    commands: [
      COMMANDS.ikeSas,
      { side: 'here', tells: 'If the log does not say why, raise the log level for one attempt: ike = 2 and cfg = 2 for charon (charondebug="ike 2, cfg 2" in ipsec.conf), plutodebug=base for pluto, `log debug;` for racoon. Higher levels log keys.', command: null },
    ],
  },
];
