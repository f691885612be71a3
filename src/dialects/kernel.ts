import type { DaemonMessage } from '../model/daemon-message.js';
import type { LogRecord } from '../model/log-record.js';
import { readDenial } from './denials.js';
import { readFilterlog, readNetfilter } from './netfilter.js';

/** Of KLIPS' words, those that say that a packet goes no further or an SA ends; the rest is debugging. */
const KLIPS_MATTERS = /dropp|fail|expir|shut down|does not agree|no eroute|HOLD|recursion|No physical device|No device associated|no private structure|can not register/;

/**
 * Takes off what the kernel and the audit system put before a message: `[12345.678901] `, `audit: type=1415 audit(1:2): `.
 * Lines of the firewall and of security modules are told in one sentence whatever their fields; null for those about no IPsec packet.
 */
export function readKernel(record: LogRecord): DaemonMessage | null {
  const plain = readDenial(record.message) ?? withoutKlips(withoutAudit(withoutUptime(record.message)));
  const firewall = record.program === 'filterlog' ? readFilterlog(plain) : readNetfilter(plain);
  if (plain === '' || (firewall === null && (record.program === 'filterlog' || plain.includes(' SRC=')))) return null;
  return {
    record,
    daemon: 'kernel',
    text: firewall ?? plain,
    connectionName: null,
    instance: null,
    saNumber: null,
    peerAddress: null,
    peerPort: null,
    thread: null,
    group: null,
  };
}

/** The line tells of one packet or event that has a number: printed again, it is not about another one. */
export const isNumbered = (message: string): boolean => /\baudit\(|\bID=[1-9]/.test(message);

/** Some syslog daemons put a colon of their own where the kernel prints no uptime: `kernel: : text`. */
function withoutUptime(message: string): string {
  if (message.startsWith(': ')) return message.slice(2);
  if (message.charCodeAt(0) !== 0x5b) return message;
  const close = message.indexOf('] ');
  return close > 0 && close < 24 && /^\[ *\d+\.\d+$/.test(message.slice(0, close)) ? message.slice(close + 2) : message;
}

/** Only the operation counts: `op=SA-notfound src=192.0.2.1 ...` (Linux, xfrm_state.c); its other records may hold keys. */
function withoutAudit(message: string): string {
  const isAudit = message.startsWith('audit') || message.startsWith('type=') || message.startsWith('MAC_IPSEC_EVENT');
  const at = isAudit ? message.indexOf('op=S') : -1;
  return at < 0 ? message : message.slice(at);
}

/** `klips_debug:ipsec_rcv: text` of FreeS/WAN and Openswan; the empty text where it does not matter. */
function withoutKlips(message: string): string {
  const start = message.startsWith('KLIPS klips_') ? 'KLIPS '.length : 0;
  if (!message.startsWith('klips_', start)) return message;
  const colon = message.indexOf(': ', start);
  return colon > 0 && KLIPS_MATTERS.test(message) ? message.slice(colon + 2) : '';
}
