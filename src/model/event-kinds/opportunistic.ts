import { kinds } from './entry.js';

/**
 * Opportunistic Encryption (FreeS/WAN to Libreswan 5), and keys looked up in the DNS. One host queries many others, so
 * only the first event of a kind is reported and further ones are counted.
 */
export const OPPORTUNISTIC = kinds({
  'oe.record_missing': { role: 'failure', subject: 'host', followsFrom: ['oe.record_missing'], meaning: 'the DNS has no record with which another host could be reached by Opportunistic Encryption' },
  'oe.old_record_only': { role: 'failure', subject: 'host', followsFrom: ['oe.old_record_only'], meaning: 'the DNS has a KEY record, for old releases, but no TXT record' },
  'oe.own_record_missing': { role: 'failure', subject: 'host', followsFrom: ['oe.own_record_missing'], meaning: "the DNS has no record with this host's current key under its own name or address" },
  'oe.identity_tried': { role: 'detail', subject: 'host', meaning: 'the DNS has no record of one identity of this host; another is tried' },
  'oe.identity_found': { role: 'detail', subject: 'host', meaning: 'this host uses an identity for which the DNS has its key' },
  'oe.dns_failed': { role: 'failure', subject: 'host', followsFrom: ['oe.dns_failed', 'oe.resolver_lost'], meaning: 'a DNS query for a key failed or was not answered' },
  'oe.resolver_lost': { role: 'failure', subject: 'host', followsFrom: ['oe.resolver_lost'], meaning: "the daemon's DNS helper died" },
  'oe.dns_slow': { role: 'failure', subject: 'host', followsFrom: ['oe.dns_slow', 'oe.dns_failed', 'oe.resolver_lost'], meaning: 'the DNS answered after the packets it was for had been handled otherwise' },
  'oe.delegation_denied': { role: 'failure', subject: 'child', heard: true, meaning: 'the DNS does not confirm that this gateway may act for that client' },
  'oe.group_duplicate': { role: 'failure', subject: 'host', meaning: 'the same network is in two policy groups' },
});
