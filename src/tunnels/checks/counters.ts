import type { InterfaceObservation } from '../../model/observation.js';
import type { Gateway } from '../../model/tunnel.js';
import type { TunnelProblem } from '../problem.js';
import { only } from '../views.js';

/**
 * What drop counters show. They accumulate since boot, so a single reading counts only if no tunnel of the gateway
 * works; with two readings, the difference counts.
 */
export function counterProblems(gateway: Gateway, works: boolean): TunnelProblem[] {
  return [...kernelCounters(gateway, works), ...deviceCounters(gateway, works)];
}

/** Counters that background noise and every tunnel start raise by a few; small values are ignored. */
const QUIET: ReadonlySet<string> = new Set(['XfrmAcquireError', 'XfrmOutNoStates', 'XfrmInNoStates']);
const A_FEW = 10;

function kernelCounters({ observations }: Gateway, works: boolean): TunnelProblem[] {
  const counters = only(observations, 'counter').filter(({ format }) => format === 'xfrm-stat').map((seen) => ({ name: seen.name, value: seen.value, seen }));
  return raised(counters, works, (name) => (QUIET.has(name) ? A_FEW : 0)).map(({ seen, name, count }) => ({ kind: 'observed.kernel_counter', seen, fields: { 'counter.name': name, 'counter.value': count } }));
}

/** KLIPS ipsecN, XFRM and VTI interfaces: their errors and drops concern tunnels. */
const DEVICE = /^(?:ipsec|mast|vti|xfrm)\w{0,12}$/;

function deviceCounters({ observations }: Gateway, works: boolean): TunnelProblem[] {
  const devices = only(observations, 'interface').filter(({ name }) => DEVICE.test(name));
  const count = (value: (seen: InterfaceObservation) => number): Counted<InterfaceObservation>[] => devices.map((seen) => ({ name: seen.name, value: value(seen), seen }));
  const sending = raised(count(({ sendErrors, sendDropped }) => (sendErrors ?? 0) + (sendDropped ?? 0)), works, () => 0);
  const receiving = raised(count(({ receiveErrors, receiveDropped }) => (receiveErrors ?? 0) + (receiveDropped ?? 0)), works, () => 0);
  const tell = (kind: TunnelProblem['kind']) => ({ seen, name, count: drops }: Raised<InterfaceObservation>): TunnelProblem => ({ kind, seen, fields: { 'interface.name': name, 'counter.value': drops } });
  return [...sending.map(tell('observed.device_sends_none')), ...receiving.map(tell('observed.device_receives_none'))];
}

interface Counted<T> {
  readonly name: string;
  readonly value: number;
  readonly seen: T;
}

interface Raised<T> extends Counted<T> {
  readonly count: number;
}

/** `limit`: the count since boot that is normal. */
function raised<T>(counters: readonly Counted<T>[], works: boolean, limit: (name: string) => number): Raised<T>[] {
  const latest = new Map<string, { first: number; last: Counted<T> }>();
  for (const last of counters) latest.set(last.name, { first: latest.get(last.name)?.first ?? last.value, last });
  return [...latest.values()].flatMap(({ first, last }) => {
    if (last.value > first) return [{ ...last, count: last.value - first }];
    return !works && last.value > limit(last.name) ? [{ ...last, count: last.value }] : [];
  });
}
