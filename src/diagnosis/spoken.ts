import type { AskPeer } from '../model/cause.js';
import { describeKind, EVENT_KINDS } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';
import type { Facts } from '../model/facts.js';

/**
 * Could the peer have logged this message? Not if it belongs to the other IKE version or role, or goes with silence and
 * the peer answered, and racoon cannot have answered IKEv2.
 */
export function isSpoken({ version, role, method, silent, ...message }: Pick<AskPeer, 'version' | 'role' | 'method'> & Partial<Pick<AskPeer, 'for' | 'silent'>>, facts: Facts): boolean {
  const { 'attempt.version': spoken, 'attempt.peer_answered': answered, 'attempt.role': own } = facts;
  if (method !== undefined && !isAuthenticatedBy(method, facts)) return false;
  if (silent === true && isAnswer(facts['failure.event'])) return false;
  if (message.for === 'racoon' && spoken === 'ikev2' && answered === true) return false;
  if (role !== undefined && own === role) return false;
  return version === undefined || (spoken !== 'ikev1' && spoken !== 'ikev2') || spoken === version;
}

/**
 * EAP is always explicit. If the log does not say how this side authenticated, it may have been a key or a certificate.
 */
function isAuthenticatedBy(method: AskPeer['method'], { 'failure.event': failure, 'auth.method': used }: Facts): boolean {
  if (/^auth\.eap/.test(String(failure)) || /^eap/i.test(String(used ?? ''))) return method === 'eap';
  if (/psk|pre-?shared|secret|no certificate/i.test(String(used ?? ''))) return method === 'psk';
  return /rsa|dsa|ed25519|ed448|signature/i.test(String(used ?? '')) ? method === 'certificate' : method !== 'eap';
}

/** Is the failure a message from the peer? */
function isAnswer(failure: Facts['failure.event']): boolean {
  return typeof failure === 'string' && failure in EVENT_KINDS && describeKind(failure as EventKind).heard === true;
}
