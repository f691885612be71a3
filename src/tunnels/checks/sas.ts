import type { Fields } from '../../model/fields.js';
import type { KernelSaObservation } from '../../model/observation.js';
import { flowOf, flowsBothWays, mature } from '../flow.js';
import type { Problem } from '../problem.js';
import { only } from '../views.js';
import type { View } from '../views.js';

/** What the SAs of a tunnel show, by the IKE daemon and by the kernel. */
export function saProblems(view: View): Problem[] {
  return [...ikeProblems(view), ...kernelProblems(view), ...integrityProblems(view)];
}

/** IKE SAs that do not come up; only where no log tells more. */
function ikeProblems({ connection, ikeSas, childSas }: View): Problem[] {
  if (connection.attempts.length > 0 || childSas.some(({ installed }) => installed)) return [];
  const up = ikeSas.find(({ established }) => established);
  if (up !== undefined) return isMere(up.format) ? [] : [{ kind: 'observed.child_missing', seen: up, fields: {} }];
  return ikeSas.slice(0, 1).map((seen): Problem => ({ kind: isUnanswered(seen.state, seen.peerAnswered) ? 'observed.ike_unanswered' : 'observed.ike_unfinished', seen, fields: { 'state.name': seen.state } }));
}

/** racoonctl lists IKE SAs by themselves. */
const isMere = (format: string): boolean => format === 'racoon-isakmp';

/** pluto's states whose first packet has no answer yet (FreeS/WAN to Libreswan 5.4). */
const FIRST_STATES = /^(?:STATE_MAIN_I1|STATE_AGGR_I1|STATE_PARENT_I1|STATE_V2_PARENT_I1|IKE_SA_INIT_I|sent IKE_SA_INIT request|sent Main Mode (?:I1|request).*|state 3)$/;

function isUnanswered(state: string, peerAnswered: boolean | null): boolean {
  return peerAnswered === false || (peerAnswered === null && FIRST_STATES.test(state));
}

function kernelProblems(view: View): Problem[] {
  const { inbound, outbound, childSas, gateway } = view;
  const [seen] = childSas.filter(({ installed }) => installed);
  const listed = gateway !== null && only(gateway.observations, 'section').some(({ format }) => format === 'xfrm-state' || format === 'setkey-sad');
  const all = [...inbound, ...outbound];
  if (seen !== undefined && listed && all.length === 0 && gateway?.userland === false && view.localAddress !== null) return [{ kind: 'observed.sa_not_in_kernel', seen, fields: {} }];
  const [larval] = mature(all).length === 0 ? all.filter(({ state }) => state === 'larval') : [];
  if (larval !== undefined) return [{ kind: 'observed.sa_larval', seen: larval, fields: { 'sa.state': 'larval', ...(larval.selector === null ? {} : { detail: larval.selector }) } }];
  const lone = mature(inbound).length > 0 !== mature(outbound).length > 0 ? mature(all)[0] : undefined;
  return [...(lone === undefined ? [] : [{ kind: 'observed.sa_one_way', seen: lone, fields: stateOf(lone) } as const]), ...worn(all)];
}

/** Old SAs stay beside new ones for a while; they matter where none is fresh. */
function worn(sas: readonly KernelSaObservation[]): Problem[] {
  if (sas.length === 0 || sas.some(({ state }) => state === 'mature')) return [];
  const [seen] = sas.filter(({ state }) => state === 'dying' || state === 'dead');
  return seen === undefined ? [] : [{ kind: 'observed.sa_dying', seen, fields: stateOf(seen) }];
}

const stateOf = ({ state, source, destination }: KernelSaObservation): Fields => ({ 'sa.state': state, detail: `${source} to ${destination}` });

/** A tunnel that carries packets in both directions may reject this many: the network reorders some, and strangers may send others. */
const A_FEW = 10;

function integrityProblems(view: View): Problem[] {
  const { inbound, outbound, childSas, loaded } = view;
  const flow = flowOf(view);
  const works = flowsBothWays(flow);
  const tolerated = works ? Math.max(A_FEW, (flow.received ?? 0) / 10) : 0;
  const failing = inbound.find(({ failures }) => (failures ?? 0) > tolerated);
  // the second of two equal packets is no loss
  const rejected = ({ late, replays }: KernelSaObservation): number => (late ?? 0) + (works ? 0 : (replays ?? 0));
  const replayed = inbound.find((sa) => rejected(sa) > tolerated);
  const all = [...inbound, ...outbound];
  const short = all.find(({ integrity, integrityBits }) => integrity !== null && /sha-?(?:2-?)?256/.test(integrity) && integrityBits === 96);
  const usesSha256 = all.some(({ integrity }) => /sha-?256/.test(integrity ?? '')) || childSas.some(({ integrity }) => /SHA2_256/.test(integrity ?? ''));
  return [
    ...(failing === undefined ? [] : [{ kind: 'observed.integrity_failures', seen: failing, fields: { 'counter.value': failing.failures ?? 0, ...(usesSha256 ? { 'proposal.algorithm': 'hmac(sha256)' } : {}) } } as const]),
    ...(short !== undefined ? [{ kind: 'observed.icv_truncated', seen: short, fields: {} } as const] : loaded?.truncatesSha2 === true && usesSha256 ? [{ kind: 'observed.icv_truncated', seen: loaded, fields: {} } as const] : []),
    ...(replayed === undefined ? [] : [{ kind: 'observed.replays', seen: replayed, fields: { 'counter.value': rejected(replayed) } } as const]),
  ];
}
