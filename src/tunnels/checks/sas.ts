import type { Fields } from '../../model/fields.js';
import type { ChildSaObservation, IkeSaObservation, KernelSaObservation } from '../../model/observation.js';
import { flowOf, flowsBothWays, mature } from '../flow.js';
import type { TunnelProblem } from '../problem.js';
import { only } from '../views.js';
import type { View } from '../views.js';

/** Problems with a tunnel's SAs, as listed by the IKE daemon and the kernel. */
export function saProblems(view: View): TunnelProblem[] {
  const ike = ikeProblems(view);
  // A larval SA in the kernel only means that IKE makes no progress
  const kernel = kernelProblems(view).filter(({ kind }) => ike.length === 0 || kind !== 'observed.sa_larval');
  return [...ike, ...kernel, ...endingProblems(view), ...integrityProblems(view)];
}

/** SAs that do not come up; reported only if no log says more. */
function ikeProblems({ connection, ikeSas, childSas }: View): TunnelProblem[] {
  if (connection.attempts.some(({ outcome }) => outcome !== 'open' && outcome !== 'log-ends') || childSas.some(({ installed }) => installed)) return [];
  const up = ikeSas.find(({ established }) => established);
  const [seen] = ikeSas;
  if (up !== undefined) return childProblem(up, childSas);
  return seen === undefined ? [] : [{ kind: ikeKind(seen), seen, fields: { 'state.name': seen.state, ...(seen.version === null ? {} : { 'ike.version': String(seen.version) }) } }];
}

/**
 * A missing Child SA is no evidence if the output may be cut off, or with racoonctl, which lists IKE SAs separately and
 * only events since it started.
 */
function childProblem(ike: IkeSaObservation, childSas: readonly ChildSaObservation[]): TunnelProblem[] {
  const [begun] = childSas.filter(({ state }) => /_[IR]\d?\b|_[IR]\d/.test(state));
  if (begun !== undefined) return [{ kind: /_R\d?$/.test(begun.state) ? 'observed.child_abandoned' : 'observed.child_unanswered', seen: begun, fields: { 'state.name': begun.state } }];
  if (ike.isCut === true || ike.format === 'racoon-isakmp' || ike.format === 'racoon-events') return [];
  // In IKEv2 the initiator of the IKE SA asks for its first Child SA, and the responder may refuse that.
  return [{ kind: ike.version === 2 && ike.initiator === false ? 'observed.child_refused' : 'observed.child_missing', seen: ike, fields: {} }];
}

/**
 * States in which the first packet is unanswered: pluto's (FreeS/WAN to Libreswan 5.4); racoon's are compared by number
 * (ipsec-tools, handler.h).
 */
const FIRST = /^(?:STATE_MAIN_I1|STATE_AGGR_I1|STATE_PARENT_I1|STATE_V2_PARENT_I1|IKE_SA_INIT_I|sent IKE_SA_INIT request|sent Main Mode (?:I1|request).*)$/;
/** Our authentication was sent and is unanswered. */
const AUTHENTICATING = /^(?:STATE_MAIN_I3|STATE_PARENT_I2|STATE_V2_PARENT_I2|IKE_AUTH_I|sent IKE_AUTH request.*|sent Main Mode I3)$/;
/** The peer initiated. */
const RESPONDING = /^(?:STATE_(?:MAIN|AGGR|PARENT|V2_PARENT)_R\d|IKE_SA_INIT_R|IKE_AUTH_R|sent (?:IKE_SA_INIT|Main Mode|Aggressive Mode) (?:response|R\d).*)$/;

function ikeKind({ state, peerAnswered, initiator, format }: IkeSaObservation): TunnelProblem['kind'] {
  if (RESPONDING.test(state) || (format === 'racoon-isakmp' && initiator === false)) return 'observed.ike_abandoned';
  if (peerAnswered === false || (peerAnswered === null && (FIRST.test(state) || state === 'state 3'))) return 'observed.ike_unanswered';
  return AUTHENTICATING.test(state) || state === 'state 7' ? 'observed.authentication_unanswered' : 'observed.ike_unfinished';
}

function kernelProblems(view: View): TunnelProblem[] {
  const { inbound, outbound, childSas, gateway } = view;
  const [seen] = childSas.filter(({ installed }) => installed);
  const listed = gateway !== null && only(gateway.observations, 'section').some(({ format }) => format === 'xfrm-state' || format === 'setkey-sad');
  const counted = gateway === null ? undefined : only(gateway.observations, 'counter').find(({ name, value }) => name === 'SAD count' && value === 0);
  const all = [...inbound, ...outbound];
  if (seen !== undefined && (listed || counted !== undefined) && all.length === 0 && gateway?.userland === false && view.localAddress !== null && !flowsBothWays(flowOf(view))) return [{ kind: 'observed.sa_not_in_kernel', seen, fields: {} }];
  const [larval] = mature(all).length === 0 ? all.filter(({ state }) => state === 'larval') : [];
  if (larval !== undefined) return [{ kind: 'observed.sa_larval', seen: larval, fields: { 'sa.state': 'larval', ...(larval.selector === null ? {} : { detail: larval.selector }) } }];
  const isWhole = all.every(({ isCut }) => isCut !== true);
  const lone = isWhole && mature(inbound).length > 0 !== mature(outbound).length > 0 ? mature(all)[0] : undefined;
  return [...(lone === undefined ? [] : [{ kind: 'observed.sa_one_way', seen: lone, fields: stateOf(lone) } as const]), ...worn(all)];
}

/** Old SAs remain next to new ones for a while, so they matter only if there is no fresh one. */
function worn(sas: readonly KernelSaObservation[]): TunnelProblem[] {
  if (sas.length === 0 || sas.some((sa) => sa.state === 'mature' && !isPastSoft(sa))) return [];
  const [seen] = sas.filter((sa) => sa.state === 'dying' || sa.state === 'dead' || isPastSoft(sa));
  return seen === undefined ? [] : [{ kind: 'observed.sa_dying', seen, fields: stateOf(seen) }];
}

/** Judged by the SA's creation time and the date of the output, if both are printed. */
function isPastSoft({ lifetime: { since, soft }, taken }: KernelSaObservation): boolean {
  return since !== undefined && taken !== undefined && soft !== null && taken - since > soft * 1_000;
}

/** Seconds that rekeying may be late (negative), and that an SA should have left. */
const OVERDUE = -60;
const SOON = 60;

/**
 * SAs about to expire, although rekeying should happen well before. Old SAs remain next to new ones, so all of them
 * must be ending.
 */
function endingProblems({ childSas }: View): TunnelProblem[] {
  // `ipsec trafficstatus` lists the same SAs again, without lifetimes
  const installed = childSas.filter(({ installed: isInstalled, renewsIn, expiresIn }) => isInstalled && (renewsIn !== null || expiresIn !== null));
  const [seen] = installed;
  const isEnding = ({ renewsIn, expiresIn }: ChildSaObservation): boolean => (renewsIn !== null && renewsIn <= OVERDUE) || (expiresIn !== null && expiresIn <= SOON);
  if (seen === undefined || !installed.every(isEnding)) return [];
  const { renewsIn, expiresIn } = seen;
  const words = [renewsIn === null ? 'no rekeying is planned' : renewsIn < 0 ? `rekeying is ${-renewsIn}s late` : `rekeying is due in ${renewsIn}s`, ...(expiresIn === null ? [] : [`it ends in ${expiresIn}s`])];
  return [{ kind: 'observed.sa_ending', seen, fields: { detail: words.join(', ') } }];
}

const stateOf = (sa: KernelSaObservation): Fields => ({ 'sa.state': isPastSoft(sa) ? 'dying' : sa.state, detail: `${sa.source} to ${sa.destination}` });

/** Rejected packets tolerated in a working tunnel: networks reorder some, and strangers may inject others. */
const A_FEW = 10;

function integrityProblems(view: View): TunnelProblem[] {
  const { inbound, outbound, childSas, loaded } = view;
  const flow = flowOf(view);
  const works = flowsBothWays(flow);
  const tolerated = works ? Math.max(A_FEW, (flow.received ?? 0) / 10) : 0;
  const failing = inbound.find(({ failures }) => (failures ?? 0) > tolerated);
  // Dropping the second of two identical packets loses nothing
  const rejected = ({ late, replays }: KernelSaObservation): number => (late ?? 0) + (works ? 0 : (replays ?? 0));
  const replayed = inbound.find((sa) => rejected(sa) > tolerated);
  const all = [...inbound, ...outbound];
  const short = works ? undefined : all.find(({ integrity, integrityBits }) => integrity !== null && /sha-?(?:2-?)?256/.test(integrity) && integrityBits === 96);
  const usesSha256 = all.some(({ integrity }) => /sha-?256/.test(integrity ?? '')) || childSas.some(({ integrity }) => /SHA2_256/.test(integrity ?? ''));
  return [
    ...(failing === undefined ? [] : [{ kind: 'observed.integrity_failures', seen: failing, fields: { 'counter.value': failing.failures ?? 0, ...(usesSha256 ? { 'proposal.algorithm': 'hmac(sha256)' } : {}) } } as const]),
    ...(short !== undefined ? [{ kind: 'observed.icv_truncated', seen: short, fields: {} } as const] : !works && loaded?.truncatesSha2 === true && usesSha256 ? [{ kind: 'observed.icv_truncated', seen: loaded, fields: {} } as const] : []),
    ...(replayed === undefined ? [] : [{ kind: 'observed.replays', seen: replayed, fields: { 'counter.value': rejected(replayed) } } as const]),
  ];
}
