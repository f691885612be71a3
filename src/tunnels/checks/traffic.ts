import { flowOf } from '../flow.js';
import type { Flow } from '../flow.js';
import type { TunnelProblem } from '../problem.js';
import type { View } from '../views.js';
import { wireProblems } from './wire.js';

/**
 * Traffic in one direction only. Counters show that it is; captures and the other gateway's outputs show where packets
 * are lost.
 */
export function trafficProblems(view: View, all: readonly View[]): TunnelProblem[] {
  const { received, sent, seen } = flowOf(view);
  const told = [...wireProblems(view, received), ...otherSide(view, all)];
  if (seen === null || received === null || sent === null || told.length > 0) return told.slice(0, 1);
  const fields = { 'packets.in': received, 'packets.out': sent };
  if (sent > 0 && received === 0) return [{ kind: 'observed.nothing_received', seen, fields }];
  return received > 0 && sent === 0 ? [{ kind: 'observed.nothing_sent', seen, fields }] : [];
}

/** Compares the counters of both gateways. */
function otherSide(view: View, all: readonly View[]): TunnelProblem[] {
  const { localAddress, peerAddress, gateway } = view;
  const other = all.find((each) => each.gateway !== gateway && localAddress !== null && each.peerAddress === localAddress && each.localAddress === peerAddress);
  if (other === undefined) return [];
  const [here, there] = [flowOf(view), flowOf(other)];
  if (isLost(there, here)) return lost(there, peerAddress, localAddress);
  if (isLost(here, there)) return lost(here, localAddress, peerAddress);
  const isSilent = here.received === 0 && (here.sent ?? 0) > 0 && (there.received ?? 0) > 0 && there.sent === 0;
  return isSilent && there.seen !== null ? [{ kind: 'observed.peer_sends_nothing', seen: there.seen, fields: { 'packets.out': here.sent ?? 0 } }] : [];
}

const isLost = (from: Flow, to: Flow): boolean => (from.sent ?? 0) > 0 && to.received === 0;

function lost({ seen, sent }: Flow, source: string | null, destination: string | null): TunnelProblem[] {
  return seen === null || source === null || destination === null ? [] : [{ kind: 'observed.lost_on_the_way', seen, fields: { 'packets.out': sent ?? 0, 'source.address': source, 'destination.address': destination } }];
}
