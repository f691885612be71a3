import type { RuleObservation } from '../../model/observation.js';
import type { SnapshotFormatName } from '../../model/snapshot-formats.js';
import type { SourceLine } from '../../model/source-line.js';
import type { Draft } from '../format.js';
import { shorten } from '../text.js';

/** Names of the hooks as iptables spells them. */
export const HOOKS: ReadonlySet<string> = new Set(['INPUT', 'FORWARD', 'OUTPUT', 'PREROUTING', 'POSTROUTING']);

const ACTIONS: Readonly<Record<string, RuleObservation['action']>> = {
  ACCEPT: 'accept', DROP: 'drop', REJECT: 'drop', MASQUERADE: 'masquerade', SNAT: 'snat', RETURN: 'return',
  LOG: 'other', NFLOG: 'other', MARK: 'other', CONNMARK: 'other', TCPMSS: 'other', DNAT: 'other', NOTRACK: 'other', AUDIT: 'other', TRACE: 'other',
};

/** The effect of a target; any other name is a user-defined chain, so a jump. */
export function actionOf(target: string): RuleObservation['action'] {
  return ACTIONS[target] ?? (target === '' ? 'other' : 'jump');
}

const PROTOCOLS: Readonly<Record<string, string>> = { '17': 'udp', '6': 'tcp', '1': 'icmp', '50': 'esp', '51': 'ah', '0': 'all', 'ipv6-icmp': 'icmp' };

/** Protocol name; null for any protocol. */
export function protocolOf(text: string | undefined): string | null {
  const name = text === undefined ? 'all' : (PROTOCOLS[text] ?? text);
  return name === 'all' || name === 'ip' ? null : name;
}

/** A network or address; null for any. */
export function netOf(text: string | undefined): string | null {
  return text === undefined || text === '0.0.0.0/0' || text === '::/0' || text === 'anywhere' ? null : text;
}

/** An interface; null for any. */
export function interfaceOf(text: string | undefined): string | null {
  return text === undefined || text === '*' || text === 'any' ? null : text;
}

const NAMED_PORTS: Readonly<Record<string, number>> = { isakmp: 500, 'ipsec-nat-t': 4500 };

/** `500,4500`, `isakmp`, `500 , 4500` */
export function portsOf(text: string | undefined): number[] {
  return (text ?? '').split(/[\s,]+/).map((part) => NAMED_PORTS[part] ?? Number(part)).filter((port) => Number.isInteger(port) && port > 0);
}

/** A rule without conditions, for the parser to fill in. */
export function blankRule(format: SnapshotFormatName, line: SourceLine, table: string, chain: string, hook: string | null): Draft<RuleObservation> {
  return {
    type: 'rule', format, line: { ...line, text: shorten(line.text.trim(), 300) }, table, chain, hook, action: 'other', protocol: null, ports: [], source: null, destination: null,
    inInterface: null, outInterface: null, packets: null, ipsec: null, hasOtherMatches: false,
  };
}
