import type { ChainObservation, FlowObservation, Observation, RuleObservation } from '../../model/observation.js';
import type { Gateway } from '../../model/tunnel.js';
import { flowOf, flowsBothWays, isUp } from '../flow.js';
import { covers, overlaps, parseNet } from '../net.js';
import type { Net } from '../net.js';
import type { TunnelProblem } from '../problem.js';
import { only } from '../views.js';
import type { View } from '../views.js';

/** What the gateway's firewall does to the traffic of an established tunnel. */
export function firewallProblems(view: View): TunnelProblem[] {
  const { gateway } = view;
  const flow = flowOf(view);
  if (gateway === null || !isUp(view) || flowsBothWays(flow)) return [];
  const near = parseNet(view.localNet);
  const far = parseNet(view.peerNet);
  const nat = near === null || far === null ? undefined : natRule(only(gateway.observations, 'rule'), near, far);
  const rewritten = near === null || far === null ? undefined : rewrittenFlow(gateway, near, far);
  const isRewritten = nat !== undefined && (flow.sent ?? 0) === 0;
  return [
    ...(isRewritten ? [ruleProblem('observed.nat_first', nat)] : []),
    ...(isRewritten || rewritten === undefined ? [] : [{ kind: 'observed.nat_first', seen: rewritten, fields: { 'rule.text': rewritten.line.text } } as const]),
    ...(near === null || far === null ? [] : forwardProblem(gateway, near, far).filter(({ kind }) => kind !== 'observed.forward_unused' || (flow.sent ?? 0) === 0)),
    ...(flow.received === 0 ? espProblem(gateway, view) : []),
  ];
}

function ruleProblem(kind: TunnelProblem['kind'], seen: RuleObservation): TunnelProblem {
  return { kind, seen, fields: { 'rule.text': seen.line.text, 'chain.name': seen.chain, ...(seen.packets === null ? {} : { 'rule.packets': seen.packets }) } };
}

/**
 * The first rule that rewrites the tunnel's packets, unless an exemption precedes it. Rules with conditions we do not
 * understand are ignored.
 */
function natRule(rules: readonly RuleObservation[], near: Net, far: Net): RuleObservation | undefined {
  for (const rule of rules.filter(({ table, hook }) => table === 'nat' && hook === 'POSTROUTING')) {
    if (rule.ipsec === 'without' || rule.action === 'other' || rule.action === 'jump') continue;
    const isExemption = rule.action === 'accept' || rule.action === 'return';
    if (!fits(rule.source, near, isExemption) || !fits(rule.destination, far, isExemption)) continue;
    if (isExemption) return undefined;
    // A rule that requires an IPsec policy is meant for tunnel traffic, such as pluto's own for clients behind the same
    // NAT
    if (rule.ipsec === 'with') continue;
    if (!rule.hasOtherMatches && rule.protocol === null) return rule;
  }
  return undefined;
}

/**
 * A tracked connection between the two networks whose replies are expected at another address than its source, so it
 * was rewritten.
 */
function rewrittenFlow({ observations }: Gateway, near: Net, far: Net): FlowObservation | undefined {
  const isIn = (net: Net, address: string): boolean => overlaps(net, parseNet(address) ?? { ...net, family: net.family === 4 ? 6 : 4 });
  return only(observations, 'flow').find(({ source, destination, replyDestination }) => isIn(near, source) && isIn(far, destination) && !isIn(near, replyDestination));
}

/**
 * Evidence that the NAT table leaves the tunnel's packets alone: the chain, if none of its rules rewrites them.
 * Undefined if that is not certain.
 */
export function natSpares({ gateway, localNet, peerNet }: Pick<View, 'gateway' | 'localNet' | 'peerNet'>): Observation | undefined {
  const [near, far] = [parseNet(localNet), parseNet(peerNet)];
  if (gateway === null || near === null || far === null || rewrittenFlow(gateway, near, far) !== undefined) return undefined;
  const rules = only(gateway.observations, 'rule').filter(({ table, hook }) => table === 'nat' && hook === 'POSTROUTING');
  // A rule that is not understood, or a jump to another chain, may do anything
  if (natRule(rules, near, far) !== undefined || rules.some(({ action, hasOtherMatches }) => action === 'jump' || action === 'other' || hasOtherMatches)) return undefined;
  return only(gateway.observations, 'chain').find(({ table, hook }) => table === 'nat' && hook === 'POSTROUTING');
}

/** Evidence that the FORWARD chain passes packets between the two networks, as far as it is understood. */
export function forwardPasses({ gateway, localNet, peerNet }: Pick<View, 'gateway' | 'localNet' | 'peerNet'>): Observation | undefined {
  const [near, far] = [parseNet(localNet), parseNet(peerNet)];
  const chain = only(gateway?.observations ?? [], 'chain').find((each) => each.table === 'filter' && each.hook === 'FORWARD');
  if (gateway === null || near === null || far === null || chain === undefined || forwardProblem(gateway, near, far).length > 0) return undefined;
  const rules = only(gateway.observations, 'rule').filter(({ table, hook }) => table === 'filter' && hook === 'FORWARD');
  if (rules.some(({ action }) => action === 'drop' || action === 'jump')) return undefined;
  const used = rules.find((rule) => rule.action === 'accept' && (rule.packets ?? 0) > 0 && touching(rule, near, far));
  return used ?? (chain.policy === 'accept' ? chain : undefined);
}

/**
 * Does a rule's address match the network? An exemption counts if it may apply (`loosely`), a rewriting only if it
 * certainly does.
 */
function fits(text: string | null, net: Net, loosely: boolean): boolean {
  if (text === null) return true;
  const other = parseNet(text.replace('!', ''));
  if (other === null) return loosely;
  if (text.startsWith('!')) return loosely ? !covers(other, net) : !overlaps(other, net);
  return loosely ? overlaps(other, net) : covers(other, net);
}

/** Packets between the two networks traverse FORWARD in cleartext, before encryption or after decryption. */
function forwardProblem(gateway: Gateway, near: Net, far: Net): TunnelProblem[] {
  const chain = closedChain(gateway, 'FORWARD');
  const rules = only(gateway.observations, 'rule').filter(({ table, hook }) => table === 'filter' && hook === 'FORWARD');
  const passes = rules.some((rule) => (rule.action === 'accept' || rule.action === 'jump') && rule.ipsec !== 'without' && touching(rule, near, far));
  const dropping = rules.find((rule) => rule.action === 'drop' && (rule.packets ?? 0) > 0 && !rule.hasOtherMatches && rule.ipsec !== 'without' && (rule.source !== null || rule.destination !== null) && touching(rule, near, far));
  if (dropping !== undefined) return [ruleProblem('observed.forward_closed', dropping)];
  if (!passes) return chain === undefined ? [] : [{ kind: 'observed.forward_closed', seen: chain, fields: { 'chain.name': 'FORWARD' } }];
  return unusedRule(rules.filter((rule) => rule.action === 'accept' && touching(rule, near, far)));
}

/** Rules for this tunnel with zero hits: its packets are lost earlier, or never arrive. */
function unusedRule(accepting: readonly RuleObservation[]): TunnelProblem[] {
  const [seen] = accepting;
  const isAbout = ({ source, destination, ipsec }: RuleObservation): boolean => source !== null || destination !== null || ipsec === 'with';
  return seen !== undefined && accepting.every((rule) => isAbout(rule) && rule.packets === 0) ? [ruleProblem('observed.forward_unused', seen)] : [];
}

/**
 * Does the rule apply to new packets between the networks? Accepting only established connections passes replies, not
 * what starts a connection.
 */
function touching(rule: RuleObservation, near: Net, far: Net): boolean {
  if (rule.action === 'accept' && /\b(?:RELATED|ESTABLISHED|established|related)\b/.test(rule.line.text) && !/\b(?:NEW|new)\b/.test(rule.line.text)) return false;
  return (fits(rule.source, near, true) && fits(rule.destination, far, true)) || (fits(rule.source, far, true) && fits(rule.destination, near, true));
}

function closedChain({ observations }: Gateway, hook: string): ChainObservation | undefined {
  return only(observations, 'chain').find((chain) => chain.table === 'filter' && chain.hook === hook && chain.policy === 'drop');
}

function espProblem(gateway: Gateway, { childSas, inbound }: View): TunnelProblem[] {
  const udp = childSas.some(({ udpEncapsulated }) => udpEncapsulated === true) || inbound.some(({ udpEncapsulated }) => udpEncapsulated);
  const input = only(gateway.observations, 'rule').filter(({ table, hook }) => table === 'filter' && hook === 'INPUT');
  const isAbout = (rule: RuleObservation): boolean => (udp ? rule.protocol === 'udp' && rule.ports.includes(4500) : rule.protocol === 'esp');
  const dropping = input.find((rule) => rule.action === 'drop' && isAbout(rule) && !rule.hasOtherMatches);
  if (dropping !== undefined) return [ruleProblem('observed.esp_filtered', dropping)];
  const chain = closedChain(gateway, 'INPUT');
  const passes = input.some((rule) => (rule.action === 'accept' || rule.action === 'jump') && (isAbout(rule) || (rule.protocol === null && rule.inInterface !== 'lo')));
  return chain === undefined || passes ? [] : [{ kind: 'observed.esp_filtered', seen: chain, fields: { 'chain.name': 'INPUT' } }];
}

/** A firewall that blocks incoming IKE for all tunnels. Irrelevant if any IKE SA is up. */
export function ikeFilterProblem(gateway: Gateway): TunnelProblem[] {
  if (only(gateway.observations, 'ike-sa').some(({ established }) => established)) return [];
  const input = only(gateway.observations, 'rule').filter(({ table, hook }) => table === 'filter' && hook === 'INPUT');
  // Drops after an accepting rule may just be background noise
  const decisive = input.find((rule) => isForIke(rule) && (rule.action !== 'drop' || (rule.source === null && rule.protocol === 'udp' && !rule.hasOtherMatches)));
  if (decisive?.action === 'drop' && decisive.packets !== 0) return [ruleProblem('observed.ike_filtered', decisive)];
  const chain = closedChain(gateway, 'INPUT');
  return chain === undefined || input.some((rule) => rule.action !== 'drop' && isForIke(rule)) ? [] : [{ kind: 'observed.ike_filtered', seen: chain, fields: { 'chain.name': 'INPUT' } }];
}

/** Does the rule decide, or possibly decide, about unsolicited IKE packets? */
function isForIke(rule: RuleObservation): boolean {
  if (!['accept', 'jump', 'drop'].includes(rule.action) || isForAnswers(rule) || rule.inInterface === 'lo') return false;
  return rule.protocol === null || (rule.protocol === 'udp' && (rule.ports.length === 0 || rule.ports.includes(500)));
}

const isForAnswers = ({ line }: RuleObservation): boolean => /ESTABLISHED|established/.test(line.text) && !/\bNEW\b|\bnew\b/.test(line.text);
