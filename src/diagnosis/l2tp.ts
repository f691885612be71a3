import type { Attempt, Connection } from '../model/attempt.js';
import type { FieldName } from '../model/fields.js';

const SELECTORS: readonly FieldName[] = ['ts.local', 'ts.remote', 'ts.received'];
/**
 * UDP port 1701 (RFC 2661) as written by pluto, racoon and charon; charon uses the name from services(5), which is l2f
 * in some versions.
 */
const L2TP = /17\/1701|\[1701\]|udp\/(?:l2tp|l2f|1701)|:1701\b/;

/** Does the connection carry only L2TP? Judged by its name or by its traffic selectors. */
export function carriesL2tp({ name, attempts }: Connection): boolean {
  return (name !== null && /l2tp/i.test(name)) || attempts.some(selectsL2tp);
}

function selectsL2tp({ fields }: Attempt): boolean {
  return SELECTORS.some((selector) => L2TP.test(String(fields[selector] ?? '')));
}
