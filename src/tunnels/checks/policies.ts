import type { PolicyObservation } from '../../model/observation.js';
import { isUp } from '../flow.js';
import { covers, overlaps, parseNet } from '../net.js';
import type { Problem } from '../problem.js';
import { only } from '../views.js';
import type { View } from '../views.js';

/** Policies that are missing for a tunnel that is up, and those of others that take its packets. */
export function policyProblems(view: View): Problem[] {
  const { gateway } = view;
  if (gateway === null || gateway.userland || !isUp(view)) return [];
  const section = only(gateway.observations, 'section').find(({ format, entries }) => (format === 'xfrm-policy' || format === 'setkey-spd') && (entries > 0 || view.policies.length === 0));
  if (section === undefined) return [];
  const missing = missingDirection(view);
  if (missing !== null) return [{ kind: 'observed.policy_missing', seen: view.childSas.find(({ installed }) => installed) ?? view.outbound[0] ?? section, fields: { 'policy.direction': missing } }];
  return shadowing(view, only(gateway.observations, 'policy'));
}

/** What is forwarded needs `fwd` too; a tunnel that ends at the gateway itself does not. */
function missingDirection({ policies, localNet, gateway, inbound, outbound, childSas }: View): string | null {
  if (inbound.length + outbound.length === 0 && childSas.length === 0) return null;
  const has = (direction: PolicyObservation['direction']): boolean => policies.some((policy) => policy.direction === direction);
  if (!has('out')) return 'out';
  if (!has('in')) return 'in';
  const net = parseNet(localNet);
  const isHost = net === null || net.length === (net.family === 4 ? 32 : 128) || [...(gateway?.addresses ?? [])].some((address) => address === localNet);
  return has('fwd') || isHost ? null : 'fwd';
}

/** A smaller number wins; where it is the same or not printed, nothing can be said. */
function shadowing({ policies, peerAddress }: View, all: readonly PolicyObservation[]): Problem[] {
  const own = policies.find(({ direction }) => direction === 'out');
  const [source, destination] = [parseNet(own?.source), parseNet(own?.destination)];
  if (own === undefined || source === null || destination === null || own.priority === null) return [];
  const other = all.find((policy) => {
    if (policy.direction !== 'out' || policy.templateDestination === peerAddress || policy.priority === null || policy.priority >= (own.priority ?? 0)) return false;
    const [near, far] = [parseNet(policy.source), parseNet(policy.destination)];
    if (near === null || far === null || !overlaps(near, source) || !overlaps(far, destination)) return false;
    return policy.action !== 'allow' || (covers(near, source) && covers(far, destination));
  });
  return other === undefined ? [] : [{ kind: 'observed.policy_shadowed', seen: other, fields: { 'policy.direction': 'out', 'policy.text': other.line.text } }];
}
