import type { Attempt } from './attempt.js';

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
