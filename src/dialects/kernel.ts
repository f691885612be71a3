import type { DaemonMessage } from '../model/daemon-message.js';
import type { LogRecord } from '../model/log-record.js';
import { readDenial } from './denials.js';
import { readFilterlog, readNetfilter } from './netfilter.js';

/** KLIPS wording which means that a packet is stopped or an SA ends; everything else is debugging. */
const KLIPS_MATTERS = /dropp|fail|expir|shut down|does not agree|no eroute|HOLD|recursion|No physical device|No device associated|no private structure|can not register/;

/**
 * Removes what the kernel and the audit system put before a message: `[12345.678901] `, `audit: type=1415 audit(1:2):
 * `. Lines of firewalls and security modules are turned into one sentence, whatever their fields; null if they are not
 * about an IPsec packet.
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

/** The line has the number of a packet or event, so an identical line is a copy rather than another event. */
export const isNumbered = (message: string): boolean => /\baudit\(|\bID=[1-9]/.test(message);

/** Some syslog daemons add a colon of their own if the kernel prints no uptime: `kernel: : text`. */
function withoutUptime(message: string): string {
  if (message.startsWith(': ')) return message.slice(2);
  if (message.charCodeAt(0) !== 0x5b) return message;
  const close = message.indexOf('] ');
  return close > 0 && close < 24 && /^\[ *\d+\.\d+$/.test(message.slice(0, close)) ? message.slice(close + 2) : message;
}

/**
 * Keeps only the operation: `op=SA-notfound src=192.0.2.1 ...` (Linux, xfrm_state.c); other audit records may contain
 * keys.
 */
function withoutAudit(message: string): string {
  const isAudit = message.startsWith('audit') || message.startsWith('type=') || message.startsWith('MAC_IPSEC_EVENT');
  const at = isAudit ? message.indexOf('op=S') : -1;
  return at < 0 ? message : message.slice(at);
}

/** `klips_debug:ipsec_rcv: text` of FreeS/WAN and Openswan; empty if irrelevant. */
function withoutKlips(message: string): string {
  const start = message.startsWith('KLIPS klips_') ? 'KLIPS '.length : 0;
  if (!message.startsWith('klips_', start)) return message;
  const colon = message.indexOf(': ', start);
  return colon > 0 && KLIPS_MATTERS.test(message) ? message.slice(colon + 2) : '';
}
