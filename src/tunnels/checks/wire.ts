import type { IcmpObservation, PacketsObservation } from '../../model/observation.js';
import { isUp } from '../flow.js';
import { covers, parseNet } from '../net.js';
import type { TunnelProblem } from '../problem.js';
import { only } from '../views.js';
import type { View } from '../views.js';

/** What a capture on this gateway shows about an established tunnel. */
export function wireProblems(view: View, received: number | null): TunnelProblem[] {
  const { gateway, peerAddress, captured: { sent, heard } } = view;
  if (gateway === null || !isUp(view) || (received ?? 0) > 0) return [];
  const flows = only(gateway.observations, 'packets');
  const [out, back] = [sent.find(isEsp), heard.find(isEsp)];
  const error = peerAddress === null ? null : errorAbout(peerAddress, flows);
  if (error !== null) return [error];
  if (back !== undefined && received === 0) return [{ kind: 'observed.esp_not_taken', seen: back, fields: espFields(back) }];
  if (out !== undefined && back === undefined) return [{ kind: 'observed.esp_unanswered', seen: out, fields: espFields(out) }];
  return clearProblem(view, flows);
}

const isEsp = ({ kind }: PacketsObservation): boolean => kind === 'esp' || kind === 'ah';
const espFields = ({ packets, spi }: PacketsObservation): TunnelProblem['fields'] => ({ 'packets.out': packets, ...(spi === null ? {} : { 'packet.spi': `0x${spi.toString(16)}` }) });

/**
 * Cleartext packets for the tunnel leaving on the interface towards the peer. Decrypted packets are captured there in
 * cleartext too, but in the other direction.
 */
function clearProblem({ gateway, localNet, peerNet, localAddress }: View, flows: readonly PacketsObservation[]): TunnelProblem[] {
  const [near, far] = [parseNet(localNet), parseNet(peerNet)];
  const outer = only(gateway?.observations ?? [], 'interface').find(({ addresses }) => localAddress !== null && addresses.includes(localAddress));
  if (near === null || far === null || outer === undefined) return [];
  const seen = flows.find(({ kind, source, destination, device }) => {
    const [from, to] = [parseNet(source), parseNet(destination)];
    return kind === 'other' && device === outer.name && from !== null && to !== null && covers(near, from) && covers(far, to);
  });
  return seen === undefined ? [] : [{ kind: 'observed.leaves_in_clear', seen, fields: { 'packets.out': seen.packets, 'interface.name': outer.name } }];
}

/** ICMP errors about the peer. `too-big` is excluded: only that one packet was rejected. */
function errorAbout(peer: string, flows: readonly PacketsObservation[]): TunnelProblem | null {
  const seen = flows.find(({ icmp }) => icmp !== null && icmp.about === peer && icmp.reason !== 'too-big');
  return seen?.icmp == null ? null : { kind: 'observed.icmp_error', seen, fields: { 'icmp.complainant': seen.source, 'counter.value': seen.packets, detail: `${peer} ${wordsOf(seen.icmp)}` } };
}

function wordsOf({ reason, port }: IcmpObservation): string {
  if (reason === 'port') return `udp port ${port ?? 500} unreachable`;
  if (reason === 'protocol') return 'protocol 50 unreachable';
  return reason === 'prohibited' ? 'unreachable - prohibited' : 'unreachable';
}

/** What a capture on this gateway shows about a negotiation that makes no progress. */
export function ikeWireProblems(view: View): TunnelProblem[] {
  const { gateway, localAddress, peerAddress, ikeSas, connection } = view;
  const last = connection.attempts.at(-1);
  if (gateway === null || isUp(view) || peerAddress === null || ikeSas.some(({ established }) => established) || last?.outcome === 'established') return [];
  const flows = only(gateway.observations, 'packets').filter(({ destination }) => destination === localAddress);
  const error = errorAbout(peerAddress, flows);
  if (error !== null) return [error];
  const answer = flows.find(({ kind, source }) => kind === 'ike' && source === peerAddress);
  const isUnheard = last === undefined ? ikeSas.length > 0 && ikeSas.every(({ peerAnswered }) => peerAnswered === false) : !last.peerAnswered;
  return answer === undefined || !isUnheard ? [] : [{ kind: 'observed.ike_not_taken', seen: answer, fields: { 'packets.in': answer.packets } }];
}
