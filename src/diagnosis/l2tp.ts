import type { Attempt, Connection } from '../model/attempt.js';
import type { FieldName } from '../model/fields.js';

const SELECTORS: readonly FieldName[] = ['ts.local', 'ts.remote', 'ts.received'];
/** UDP port 1701 (RFC 2661) as pluto, racoon and charon write it; charon takes its name of services files, some of which call it l2f. */
const L2TP = /17\/1701|\[1701\]|udp\/(?:l2tp|l2f|1701)|:1701\b/;

/** Does the connection carry nothing but L2TP? Its name says so in most gateways' configurations, else the traffic selectors do. */
export function carriesL2tp({ name, attempts }: Connection): boolean {
  return (name !== null && /l2tp/i.test(name)) || attempts.some(selectsL2tp);
}

function selectsL2tp({ fields }: Attempt): boolean {
  return SELECTORS.some((selector) => L2TP.test(String(fields[selector] ?? '')));
}
