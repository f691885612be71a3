import type { Attempt } from '../model/attempt.js';
import { sameClient } from '../model/client.js';
import type { Client } from '../model/client.js';

/** A Child SA's lines may name its client by the EAP name, or not at all: the IKE SA has the same number in charon. */
export function clientOf(attempt: Attempt, attempts: readonly Attempt[]): Client {
  if (attempt.subject === 'ike' || attempt.saNumber === null) return attempt;
  const id = attempts.findLast((each) => each.subject === 'ike' && each.saNumber === attempt.saNumber)?.fields['peer.id'];
  const { role, peerAddress } = attempt;
  return id === undefined ? attempt : { role, peerAddress, fields: { 'peer.id': id } };
}

/** How many different clients these are. */
export function countClients(clients: readonly Client[]): number {
  return clients.filter((each, index) => !clients.slice(0, index).some((earlier) => sameClient(earlier, each))).length;
}
