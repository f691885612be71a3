import type { Attempt } from '../model/attempt.js';

/** What tells the clients of a shared connection apart. */
export type Client = Pick<Attempt, 'role' | 'fields' | 'peerAddress'>;

/** Several clients may share a responder's connection: one client's success says nothing about another. */
export function sameClient(one: Client, other: Client): boolean {
  if (one.role !== 'responder' || other.role !== 'responder') return true;
  const id = one.fields['peer.id'];
  const otherId = other.fields['peer.id'];
  if (id !== undefined && otherId !== undefined) return id === otherId;
  return one.peerAddress === other.peerAddress || one.peerAddress === null || other.peerAddress === null;
}

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
