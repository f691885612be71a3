import type { KernelSaObservation, PolicyObservation } from '../../model/observation.js';
import { flowOf, flowsBothWays, isUp, mature } from '../flow.js';
import { covers, overlaps, parseNet } from '../net.js';
import type { Net } from '../net.js';
import type { TunnelProblem } from '../problem.js';
import { only } from '../views.js';
import type { View } from '../views.js';

/** Missing kernel policies of an established tunnel, and foreign policies that take its packets. */
export function policyProblems(view: View): TunnelProblem[] {
  const { gateway } = view;
  if (gateway === null || gateway.userland || !isUp(view)) return [];
  const shunts = only(gateway.observations, 'policy').filter(({ format }) => format === 'swanctl-pols');
  const shunt = shadowedBy(shunts, parseNet(view.localNet), parseNet(view.peerNet));
  const section = only(gateway.observations, 'section').find(({ format, entries }) => (format === 'xfrm-policy' || format === 'setkey-spd') && (entries > 0 || view.policies.length === 0));
  if (section === undefined || isUnknowable(view)) return shunt;
  const missing = missingDirection(view);
  if (missing !== null) return [{ kind: 'observed.policy_missing', seen: view.childSas.find(({ installed }) => installed) ?? view.outbound[0] ?? section, fields: { 'policy.direction': missing } }];
  const unfit = unfitting(view);
  if (unfit.length > 0) return unfit;
  const unmarked = markProblem(view);
  if (unmarked.length > 0) return unmarked;
  const shadows = shadowing(view, only(gateway.observations, 'policy').filter(({ format }) => format !== 'swanctl-pols'));
  return shadows.length > 0 ? shadows : shunt;
}

/** Policies are matched by the peer's address: without it, any IPsec policy in the kernel may be the tunnel's own. */
function isUnknowable({ peerAddress, gateway }: View): boolean {
  return peerAddress === null && only(gateway?.observations ?? [], 'policy').some(({ action }) => action === 'ipsec');
}

/**
 * The kernel uses an SA for a packet only if its reqid and interface ID equal the policy's and its mark matches (Linux,
 * xfrm_state_find).
 */
function unfitting(view: View): TunnelProblem[] {
  const own = view.policies.filter(({ direction, action }) => direction === 'out' && action === 'ipsec');
  const sas = mature(view.outbound);
  const [policy] = own;
  const [sa] = sas;
  if (policy === undefined || sa === undefined || flowsBothWays(flowOf(view))) return [];
  const misfits = own.flatMap((each) => sas.map((other) => misfit(each, other)));
  const [first] = misfits;
  if (first == null || misfits.includes(null)) return [];
  return [{ kind: 'observed.sa_unfit', seen: policy, fields: { 'policy.direction': 'out', 'policy.text': policy.line.text, detail: first } }];
}

/** How SA and policy differ; null if they match or the difference is unknown. */
function misfit(policy: PolicyObservation, sa: KernelSaObservation): string | null {
  if ((policy.reqid ?? 0) !== 0 && sa.reqid !== null && policy.reqid !== sa.reqid) return `reqid ${policy.reqid} in the policy, ${sa.reqid} in the SA`;
  if ((policy.interfaceId ?? 0) !== (sa.interfaceId ?? 0)) return `interface ID ${policy.interfaceId ?? 'none'} in the policy, ${sa.interfaceId ?? 'none'} in the SA`;
  const [value, mask] = markOf(policy.mark);
  const [saValue, saMask] = markOf(sa.mark);
  return ((value & mask & saMask) >>> 0) === saValue ? null : `mark ${policy.mark ?? 'none'} in the policy, ${sa.mark ?? 'none'} in the SA`;
}

/** Value and mask of `0x6/0xffffffff`. */
function markOf(mark: string | null): [number, number] {
  const [value, mask] = mark?.split('/') ?? [];
  return value === undefined ? [0, 0] : [Number(value) >>> 0, Number(mask ?? 0xffffffff) >>> 0];
}

/** The missing direction, if any. Forwarded traffic also needs `fwd`, unless the tunnel ends at the gateway itself. */
function missingDirection({ policies, localNet, gateway, inbound, outbound, childSas }: View): string | null {
  if (inbound.length + outbound.length === 0 && childSas.length === 0) return null;
  const has = (direction: PolicyObservation['direction']): boolean => policies.some((policy) => policy.direction === direction);
  if (!has('out')) return 'out';
  if (!has('in')) return 'in';
  const net = parseNet(localNet);
  const isHost = net === null || net.length === (net.family === 4 ? 32 : 128) || [...(gateway?.addresses ?? [])].some((address) => address === localNet);
  return has('fwd') || isHost ? null : 'fwd';
}

/**
 * Policies that precede the tunnel's own: a smaller number wins. With equal or unprinted priorities nothing can be
 * said.
 */
function shadowing({ policies, peerAddress }: View, all: readonly PolicyObservation[]): TunnelProblem[] {
  const own = policies.find(({ direction }) => direction === 'out');
  const { priority } = own ?? {};
  if (own === undefined || priority == null) return [];
  const ahead = all.filter((policy) => policy.templateDestination !== peerAddress && policy.priority !== null && policy.priority < priority);
  return shadowedBy(ahead, parseNet(own.source), parseNet(own.destination));
}

/**
 * The first of the preceding policies that takes packets between the two networks. One that only passes packets must
 * cover both networks entirely.
 */
function shadowedBy(ahead: readonly PolicyObservation[], source: Net | null, destination: Net | null): TunnelProblem[] {
  if (source === null || destination === null) return [];
  const seen = ahead.find((policy) => {
    const [near, far] = [parseNet(policy.source), parseNet(policy.destination)];
    if (policy.direction !== 'out' || near === null || far === null || !overlaps(near, source) || !overlaps(far, destination)) return false;
    return policy.action === 'allow' ? covers(near, source) && covers(far, destination) : policy.format !== 'swanctl-pols' || policy.action === 'block';
  });
  return seen === undefined ? [] : [{ kind: 'observed.policy_shadowed', seen, fields: { 'policy.direction': 'out', 'policy.text': textOf(seen) } }];
}

/**
 * A policy for marked packets although no firewall rule sets a mark. If a VTI interface or an application sets it, no
 * output shows that.
 */
function markProblem(view: View): TunnelProblem[] {
  const { policies, gateway } = view;
  const seen = policies.find(({ direction, mark }) => direction === 'out' && mark !== null && /^0x0*[1-9a-f]/.test(mark));
  if (seen === undefined || gateway === null || (flowOf(view).sent ?? 0) > 0) return [];
  const isListed = only(gateway.observations, 'section').some(({ format }) => format === 'nftables' || format === 'iptables');
  const isMarked = only(gateway.observations, 'rule').some(({ line }) => /\bmark set\b|-j (?:CONN)?MARK\b|\bMARK\b/.test(line.text));
  const hasVti = only(gateway.observations, 'interface').some(({ name }) => /vti|ipsec|xfrm/.test(name) && !name.startsWith('ip_vti'));
  return isListed && !isMarked && !hasVti ? [{ kind: 'observed.policy_unmarked', seen, fields: { 'policy.direction': 'out', 'policy.text': `${seen.line.text} mark ${seen.mark ?? ''}` } }] : [];
}

const textOf = ({ format, line, source, destination }: PolicyObservation): string => (format === 'swanctl-pols' ? `${line.text.trim()} (${source} to ${destination})` : line.text);
