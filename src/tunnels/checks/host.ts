import type { Gateway } from '../../model/tunnel.js';
import { flowOf, flowsBothWays } from '../flow.js';
import type { TunnelProblem } from '../problem.js';
import { only } from '../views.js';
import type { View } from '../views.js';
import { counterProblems } from './counters.js';
import { ikeFilterProblem } from './firewall.js';
import { lanProblem } from './routing.js';
import { socketProblems } from './sockets.js';

/** Problems of the gateway as a whole. `tunnels`: all its known tunnels. */
export function hostProblems(gateway: Gateway, tunnels: readonly View[]): TunnelProblem[] {
  const works = tunnels.some((tunnel) => flowsBothWays(flowOf(tunnel)));
  return [...clientProblems(gateway), ...socketProblems(gateway), ...checkProblems(gateway), ...(works ? [] : defaultProblem(gateway)), ...klipsProblems(gateway), ...lanProblem(gateway), ...(works ? [] : ikeFilterProblem(gateway)), ...counterProblems(gateway, works)];
}

/** `ip xfrm policy setdefault`: incoming packets without a policy are dropped; replies through a tunnel do have one. */
function defaultProblem({ observations }: Gateway): TunnelProblem[] {
  const [seen] = only(observations, 'setting').filter(({ name, value }) => name.startsWith('xfrm default ') && value === 'block');
  return seen === undefined ? [] : [{ kind: 'observed.default_block', seen, fields: { 'policy.direction': seen.name.slice('xfrm default '.length) } }];
}

function clientProblems({ observations }: Gateway): TunnelProblem[] {
  const [seen] = only(observations, 'tool');
  if (seen === undefined || only(observations, 'ike-sa').length > 0) return [];
  const fields: TunnelProblem['fields'] = seen.step === undefined ? {} : { 'script.command': seen.step };
  return [{ kind: seen.reason === 'not-running' ? 'observed.daemon_not_running' : 'observed.daemon_refuses_client', seen, fields }];
}

function checkProblems({ observations }: Gateway): TunnelProblem[] {
  const failed = only(observations, 'check').filter(({ result }) => result === 'failed');
  return failed.map((seen) => ({ kind: /^Looking for (?:TXT|KEY)\b/.test(seen.check) ? 'observed.dns_record_missing' : 'observed.check_failed', seen, fields: checkFields(seen.check) }));
}

/** `Looking for TXT in reverse map: 1.2.0.192.in-addr.arpa` queries a DNS record; extracts its type and name. */
function checkFields(check: string): TunnelProblem['fields'] {
  const [, record, name] = /^Looking for (TXT|KEY) in [a-z ]{1,20}(?:: ?(\S{1,100}))?/.exec(check) ?? [];
  return { 'check.name': check, ...(record === undefined ? {} : { 'dns.record': record }), ...(name === undefined ? {} : { 'dns.name': name.replace(/\.+$/, '') }) };
}

/** Eroutes that hold packets, and ipsec interfaces not attached to a device (FreeS/WAN and Openswan with KLIPS). */
function klipsProblems({ observations }: Gateway): TunnelProblem[] {
  const held = only(observations, 'eroute').filter(({ target, packets }) => target === '%hold' || (target === '%trap' && packets > 0));
  const [detached] = only(observations, 'setting').filter(({ name, value }) => name.startsWith('klips ') && value === 'NULL');
  const attached = only(observations, 'setting').some(({ name, value }) => name.startsWith('klips ') && value !== 'NULL');
  return [
    ...held.slice(0, 1).map((seen): TunnelProblem => ({ kind: 'observed.eroute_waits', seen, fields: { 'ts.local': seen.source, 'ts.remote': seen.destination, detail: seen.target, 'counter.value': seen.packets } })),
    ...(detached === undefined || attached ? [] : [{ kind: 'observed.klips_detached', seen: detached, fields: { 'interface.name': detached.name.slice('klips '.length) } } as const]),
  ];
}
