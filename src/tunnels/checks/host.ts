import type { Gateway, Tunnel } from '../../model/tunnel.js';
import { flowOf, flowsBothWays } from '../flow.js';
import type { Problem } from '../problem.js';
import { only } from '../views.js';
import { ikeFilterProblem } from './firewall.js';

/** What concerns a gateway as a whole. `tunnels`: those that are known of it. */
export function hostProblems(gateway: Gateway, tunnels: readonly Omit<Tunnel, 'problems'>[]): Problem[] {
  const works = tunnels.some((tunnel) => flowsBothWays(flowOf(tunnel)));
  return [...clientProblems(gateway), ...checkProblems(gateway), ...klipsProblems(gateway), ...(works ? [] : ikeFilterProblem(gateway)), ...counterProblems(gateway, works)];
}

function clientProblems({ observations }: Gateway): Problem[] {
  const [seen] = only(observations, 'tool');
  if (seen === undefined || only(observations, 'ike-sa').length > 0) return [];
  return [{ kind: seen.reason === 'not-running' ? 'observed.daemon_not_running' : 'observed.daemon_refuses_client', seen, fields: {} }];
}

function checkProblems({ observations }: Gateway): Problem[] {
  const failed = only(observations, 'check').filter(({ result }) => result === 'failed');
  return failed.map((seen) => ({ kind: 'observed.check_failed', seen, fields: { 'check.name': seen.check } }));
}

/** Eroutes that hold packets, and interfaces without a device (FreeS/WAN and Openswan, KLIPS). */
function klipsProblems({ observations }: Gateway): Problem[] {
  const held = only(observations, 'eroute').filter(({ target, packets }) => target === '%hold' || (target === '%trap' && packets > 0));
  const [detached] = only(observations, 'setting').filter(({ name, value }) => name.startsWith('klips ') && value === 'NULL');
  const attached = only(observations, 'setting').some(({ name, value }) => name.startsWith('klips ') && value !== 'NULL');
  return [
    ...held.slice(0, 1).map((seen): Problem => ({ kind: 'observed.eroute_waits', seen, fields: { 'ts.local': seen.source, 'ts.remote': seen.destination, detail: seen.target, 'counter.value': seen.packets } })),
    ...(detached === undefined || attached ? [] : [{ kind: 'observed.klips_detached', seen: detached, fields: { 'interface.name': detached.name.slice('klips '.length) } } as const]),
  ];
}

/** Kept out of it: what the Internet's noise and the start of every tunnel raise by a few. */
const QUIET: ReadonlySet<string> = new Set(['XfrmAcquireError', 'XfrmOutNoStates', 'XfrmInNoStates']);
const A_FEW = 10;

/**
 * Counters add up since boot, so one look says little: it is told where no tunnel of the gateway works. Between two looks in
 * one run the difference counts.
 */
function counterProblems({ observations }: Gateway, works: boolean): Problem[] {
  const latest = new Map<string, { first: number; seen: ReturnType<typeof counters>[number] }>();
  for (const seen of counters({ observations })) latest.set(seen.name, { first: latest.get(seen.name)?.first ?? seen.value, seen });
  const raised = [...latest.values()].filter(({ first, seen }) => (seen.value > first ? true : !works && seen.value > (QUIET.has(seen.name) ? A_FEW : 0)));
  return raised.map(({ first, seen }) => ({ kind: 'observed.kernel_counter', seen, fields: { 'counter.name': seen.name, 'counter.value': seen.value > first ? seen.value - first : seen.value } }));
}

const counters = ({ observations }: Pick<Gateway, 'observations'>) => only(observations, 'counter');
