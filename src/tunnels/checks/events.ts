import type { TunnelProblem } from '../problem.js';
import { only } from '../views.js';
import type { View } from '../views.js';

/**
 * What `ip xfrm monitor` shows about a tunnel without traffic in both directions: flushed SAs, a peer whose NAT mapping
 * changed.
 */
export function eventProblems({ gateway, peerAddress }: View): TunnelProblem[] {
  const events = only(gateway?.observations ?? [], 'kernel-event');
  const flushed = events.find(({ event }) => event === 'flushed');
  const moved = events.find(({ event, source }) => event === 'mapping' && source !== null && source === peerAddress);
  return [
    ...(flushed === undefined ? [] : [{ kind: 'observed.sas_flushed', seen: flushed, fields: {} } as const]),
    ...(moved === undefined ? [] : [{ kind: 'observed.nat_rebound', seen: moved, fields: { detail: moved.line.text.replace(/^Mapping change /, '').replace(' -> ', ' to ') } } as const]),
  ];
}
