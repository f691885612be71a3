import { kinds } from './entry.js';

/** What status outputs show to be wrong: no line of a log says so, the state of SAs, policies, rules and routes does. */
export const OBSERVED = kinds({
  'observed.nothing_received': { role: 'failure', subject: 'host', meaning: 'packets leave through the tunnel and none comes back through it' },
  'observed.nothing_sent': { role: 'failure', subject: 'host', meaning: 'packets of the peer arrive through the tunnel and none is sent into it' },
  'observed.sa_not_in_kernel': { role: 'failure', subject: 'host', meaning: 'the IKE daemon counts the Child SA as installed and the kernel has no such SA' },
  'observed.sa_one_way': { role: 'failure', subject: 'host', meaning: 'the kernel has an SA for one direction only' },
  'observed.sa_larval': { role: 'failure', subject: 'host', meaning: 'the kernel waits for an SA whose negotiation has not finished' },
  'observed.sa_dying': { role: 'failure', subject: 'host', meaning: 'the SA is past its soft lifetime or expired, and none has taken its place' },
  'observed.integrity_failures': { role: 'failure', subject: 'host', meaning: 'packets of the peer arrive and fail their integrity check' },
  'observed.icv_truncated': { role: 'failure', subject: 'host', meaning: 'SHA2-256 is used with checksums of 96 bits, as old kernels did, instead of 128' },
  'observed.replays': { role: 'failure', subject: 'host', meaning: 'packets of the peer come twice, or too late for the replay window' },
  'observed.policy_missing': { role: 'failure', subject: 'host', meaning: 'the SAs of the tunnel are there and a policy that uses them is not' },
  'observed.policy_shadowed': { role: 'failure', subject: 'host', meaning: "another policy with precedence takes the tunnel's packets" },
  'observed.nat_first': { role: 'failure', subject: 'host', meaning: 'a NAT rule rewrites packets for the tunnel before they reach it' },
  'observed.forward_closed': { role: 'failure', subject: 'host', meaning: 'the firewall forwards no packets from or to the network behind the tunnel' },
  'observed.esp_filtered': { role: 'failure', subject: 'host', meaning: 'the firewall of this gateway accepts no ESP' },
  'observed.ike_filtered': { role: 'failure', subject: 'host', meaning: 'the firewall of this gateway accepts no IKE packets' },
  'observed.forwarding_off': { role: 'failure', subject: 'host', meaning: 'this gateway does not forward packets at all' },
  'observed.rp_filter': { role: 'failure', subject: 'host', meaning: 'reverse path filtering drops decrypted packets: their way back leads elsewhere' },
  'observed.route_missing': { role: 'failure', subject: 'host', meaning: 'no usable route leads to the network behind the peer' },
  'observed.peer_unroutable': { role: 'failure', subject: 'host', meaning: 'no usable route leads to the peer itself' },
  'observed.kernel_counter': { role: 'failure', subject: 'host', meaning: 'the kernel has dropped packets of IPsec' },
  'observed.ike_unanswered': { role: 'failure', subject: 'host', meaning: 'the peer has not answered the first packet' },
  'observed.ike_unfinished': { role: 'failure', subject: 'host', meaning: 'the peer has answered, and authentication has not finished' },
  'observed.child_missing': { role: 'failure', subject: 'host', meaning: 'the IKE SA is up and has no Child SA' },
  'observed.not_oriented': { role: 'failure', subject: 'host', meaning: 'neither end of a loaded connection is an address of this host' },
  'observed.eroute_waits': { role: 'failure', subject: 'host', meaning: 'packets wait in an eroute for a negotiation that does not finish' },
  'observed.klips_detached': { role: 'failure', subject: 'host', meaning: 'an ipsec interface is attached to no device' },
  'observed.check_failed': { role: 'failure', subject: 'host', meaning: '`ipsec verify` found something wrong' },
  'observed.daemon_not_running': { role: 'failure', subject: 'host', meaning: 'a client found no daemon' },
  'observed.daemon_refuses_client': { role: 'failure', subject: 'host', meaning: 'a client was not allowed to talk to the daemon' },
});

export type ObservedKind = keyof typeof OBSERVED;
