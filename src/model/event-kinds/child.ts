import { kinds } from './entry.js';

/** Child SAs (IPsec SAs, phase 2). */
export const CHILD = kinds({
  'child.initiating': { role: 'milestone', subject: 'child', starts: true, as: 'initiator', reaches: 'started', meaning: 'this side asks for a Child SA' },
  'child.initiating_quick': { role: 'milestone', subject: 'child', starts: true, as: 'initiator', exchange: 'ikev1-quick', reaches: 'started', meaning: 'this side starts Quick Mode' },
  'child.responding': { role: 'milestone', subject: 'child', starts: true, as: 'responder', reaches: 'started', heard: true, meaning: 'the peer asks for a Child SA' },
  'child.responding_quick': { role: 'milestone', subject: 'child', starts: true, as: 'responder', exchange: 'ikev1-quick', reaches: 'started', heard: true, meaning: 'the peer starts Quick Mode' },
  'child.established': { role: 'milestone', subject: 'child', starts: true, reaches: 'established', outcome: 'established', heard: true, meaning: 'the Child SA is up' },
  'child.selectors': { role: 'detail', subject: 'child', meaning: 'traffic selectors or clients of a Child SA' },
  'child.ts_unacceptable': { role: 'failure', subject: 'child', heard: true, meaning: 'the traffic selectors the peer proposes fit no Child SA configured here' },
  'child.ts_rejected_by_peer': { role: 'failure', subject: 'child', heard: true, meaning: 'TS_UNACCEPTABLE from the peer' },
  'child.id_rejected_by_peer': { role: 'failure', subject: 'child', heard: true, meaning: 'INVALID_ID_INFORMATION from the peer in Quick Mode' },
  'child.rejected_by_peer': { role: 'failure', subject: 'child', heard: true, meaning: 'the peer refuses the Child SA with a notify that names no reason' },
  'child.refused': { role: 'end', subject: 'child', outcome: 'failed', meaning: 'the Child SA is not built, for a reason an earlier line tells' },
  'child.kernel_error': { role: 'detail', foretells: true, subject: 'child', meaning: "the kernel's errno for a request; the next line tells whether it mattered" },
  'child.kernel_sa_refused': { role: 'failure', subject: 'child', meaning: 'the kernel does not install the SA' },
  'child.kernel_policy_refused': { role: 'failure', subject: 'child', meaning: 'the kernel does not install the policy, or it conflicts with another' },
  'child.route_conflict': { role: 'failure', subject: 'child', meaning: 'a route or policy is in use by another connection' },
  'child.updown_failed': { role: 'failure', subject: 'child', meaning: 'the updown script failed' },
  'child.updown_output': { role: 'detail', subject: 'child', meaning: 'output of the updown script' },
  'child.virtual_ip_assigned': { role: 'detail', subject: 'child', meaning: 'a virtual address was assigned or received' },
  'child.virtual_ip_unavailable': { role: 'failure', subject: 'child', meaning: 'a virtual address was not asked for, not offered or not accepted' },
  'child.pool_exhausted': { role: 'failure', subject: 'child', meaning: 'the address pool is empty' },
  'child.trap': { role: 'detail', subject: 'child', meaning: 'traffic matched a trap policy' },
  'child.trap_installed': { role: 'noise', subject: 'host', meaning: 'a trap policy was installed' },
  'child.trap_failed': { role: 'failure', subject: 'child', meaning: 'traffic matched a trap policy and no negotiation started, or it did not help' },
});
