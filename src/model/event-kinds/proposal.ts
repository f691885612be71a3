import { kinds } from './entry.js';

/** IKE version, mode, proposals and key exchange groups. */
export const PROPOSAL = kinds({
  'version.unsupported': { role: 'failure', subject: 'ike', heard: true, meaning: "the peer uses an IKE version this side doesn't accept for it" },
  'version.ikev1_disabled': { role: 'failure', subject: 'ike', heard: true, meaning: 'IKEv1 is switched off in this daemon' },
  'version.major_rejected': { role: 'failure', subject: 'ike', heard: true, meaning: 'the peer answered INVALID_MAJOR_VERSION' },
  'version.exchange_unexpected': { role: 'failure', subject: 'ike', heard: true, meaning: 'the peer uses another exchange than expected (main against aggressive mode)' },
  'version.aggressive_not_allowed': { role: 'failure', subject: 'ike', heard: true, meaning: 'the peer uses aggressive mode, which is not configured or not allowed here' },
  'proposal.received': { role: 'detail', subject: 'any', heard: true, meaning: 'proposals of the peer' },
  'proposal.configured': { role: 'detail', subject: 'any', meaning: 'proposals configured here' },
  'proposal.selected': { role: 'milestone', subject: 'any', heard: true, meaning: 'the proposal both ends agree on' },
  'proposal.transform_refused': { role: 'detail', foretells: true, subject: 'any', heard: true, meaning: "one transform of the peer's offer does not fit; another may" },
  'proposal.ike_no_match': { role: 'failure', subject: 'ike', heard: true, meaning: "this side finds no IKE proposal acceptable" },
  'proposal.child_no_match': { role: 'failure', subject: 'child', heard: true, meaning: "this side finds no ESP or AH proposal acceptable" },
  'proposal.no_proposal_received': { role: 'failure', subject: 'ike', heard: true, meaning: 'NO_PROPOSAL_CHOSEN from the peer before authentication: proposals, no connection, or version' },
  'proposal.no_proposal_ignored': { role: 'failure', subject: 'ike', heard: true, meaning: 'NO_PROPOSAL_CHOSEN from the peer, which this daemon does not trust and ignores, to time out later' },
  'proposal.child_no_proposal_received': { role: 'failure', subject: 'child', heard: true, meaning: 'NO_PROPOSAL_CHOSEN from the peer for the Child SA' },
  'proposal.group_retry': { role: 'detail', subject: 'any', heard: true, meaning: 'INVALID_KE_PAYLOAD with a group this side also has: the exchange is repeated' },
  'proposal.group_requested': { role: 'detail', subject: 'any', heard: true, as: 'responder', meaning: 'this side asks the peer for another key exchange group' },
  'proposal.group_unacceptable': { role: 'failure', subject: 'any', heard: true, meaning: 'the key exchange group asked for is not acceptable here' },
  'proposal.invalid_ke_received': { role: 'failure', weak: true, subject: 'any', heard: true, meaning: 'INVALID_KE_PAYLOAD from the peer without a retry that could work' },
  'proposal.pfs_mismatch': { role: 'failure', subject: 'child', heard: true, meaning: 'PFS on one side only, or with another group' },
  'proposal.algorithm_unsupported': { role: 'failure', weak: true, subject: 'any', meaning: 'an algorithm is not available in this daemon or kernel' },
  'proposal.mode_mismatch': { role: 'failure', subject: 'child', heard: true, meaning: 'tunnel against transport mode' },
  'proposal.mode_ignored': { role: 'detail', subject: 'child', heard: true, meaning: 'the peer asks for transport mode and gets tunnel mode, or the reverse' },
  'proposal.lifetime_refused': { role: 'failure', subject: 'any', heard: true, meaning: 'a proposed lifetime is refused' },
  'proposal.payload_missing': { role: 'failure', subject: 'any', heard: true, meaning: "the peer's answer lacks the payloads this side needs (SA, KE, TS, ID)" },
});
