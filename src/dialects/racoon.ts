import type { DaemonMessage } from '../model/daemon-message.js';
import type { LogRecord } from '../model/log-record.js';
import { ROUTEROS } from '../model/programs.js';
import { readEndpoint } from './endpoint.js';

/**
 * Severities as racoon spells them. The syslog priority is useless: everything is sent as LOG_INFO (ipsec-tools,
 * plog.c).
 */
const LEVELS = ['INFO: ', 'ERROR: ', 'WARNING: ', 'NOTIFY: ', 'DEBUG: ', 'DEBUG2: '];
/** Severities that only racoon writes. */
const OWN_LEVELS = new Set(['INFO: ', 'NOTIFY: ', 'DEBUG: ', 'DEBUG2: ']);
/** What pfSense 2.1 writes if it knows no tunnel for the address. */
const NO_TUNNEL = new Set(['', 'Self', 'Unknown Gateway/Dynamic']);
/** Longest bracketed tag searched for. */
const MAX_TAG = 100;

interface Prefix {
  readonly end: number;
  readonly level: string | null;
  readonly tunnel: string | null;
  readonly address: string | null;
}

/** Source file, line and function, which only racoon prints. */
const PLACE = /^[a-z_\d]{2,40}\.c:\d{1,6}:\w{2,60}\(\): /;

/**
 * Does the message begin as only racoon's do: `INFO: `, `[192.0.2.1] ERROR: `, `ERROR: isakmp.c:797:function(): `,
 * `isakmp.c:797:function(): `?
 */
export function hasRacoonPrefix(message: string): boolean {
  const { level, address, end } = readPrefix(message);
  return level === null ? PLACE.test(message) : OWN_LEVELS.has(level) || address !== null || skipLocation(message, end) > end;
}

/** Does the message begin with one of racoon's severities, which other daemons may write as well? */
export function hasSeverity(message: string): boolean {
  return LEVELS.some((level) => message.startsWith(level));
}

/** A debug line before a hex dump, without the blank at its end. */
const EMPTY_DEBUG = new Set(['DEBUG:', 'DEBUG2:']);

/** Is the message one of racoon's debug lines, or a line of the hex dumps that follow them in log files? */
export function isRacoonDebug(message: string): boolean {
  const { level } = readPrefix(message);
  return level === 'DEBUG: ' || level === 'DEBUG2: ' || (level === null && (EMPTY_DEBUG.has(message) || isHexDump(message)));
}

/**
 * Removes racoon's prefix: the time (again, with `-F`), since 0.8 the address that the message is about, the severity,
 * and with `-L` or before 0.3 the source location: `[192.0.2.1] ERROR: isakmp.c:797:isakmp_ph1begin_i(): text`. The
 * address becomes `peerAddress`, although it may also be our own: the timeline (RacoonLines) tells them apart.
 */
export function readRacoon(record: LogRecord): DaemonMessage {
  const { message } = record;
  const { end, tunnel, address } = readAddress(record) ?? readPrefix(message);
  return {
    record,
    daemon: 'racoon',
    text: withoutNewline(message.slice(skipLocation(message, end))),
    connectionName: tunnel,
    instance: null,
    saNumber: null,
    peerAddress: address,
    peerPort: null,
    thread: null,
    group: null,
  };
}

function readPrefix(message: string): Prefix {
  let at = skipTime(message);
  while (message.charCodeAt(at) === 0x20) at++;
  let tunnel: string | null = null;
  let address: string | null = null;
  for (let tags = 0; tags < 2 && message.charCodeAt(at) === 0x5b; tags++) {
    const inner = message.indexOf(']', at);
    const close = message.charCodeAt(inner + 1) === 0x5d ? inner + 1 : inner;
    if (close < 0 || close - at > MAX_TAG) break;
    const tag = message.slice(at + 1, close);
    if (message.startsWith(': ', close + 1)) tunnel = NO_TUNNEL.has(tag) ? null : tag;
    else if (message.charCodeAt(close + 1) === 0x20) address = readEndpoint(tag).address ?? address;
    else break;
    at = message.charCodeAt(close + 1) === 0x3a ? close + 3 : close + 2;
  }
  const level = LEVELS.find((each) => message.startsWith(each, at)) ?? null;
  return { end: level === null ? at : at + level.length, level, tunnel, address };
}

/**
 * RouterOS, whose daemon has racoon's wording, writes the address without brackets and severity: `192.0.2.1 failed to
 * get valid proposal.`
 */
function readAddress(record: LogRecord): Prefix | null {
  const end = record.program === ROUTEROS ? record.message.indexOf(' ') : -1;
  const address = end < 7 || end > 45 ? null : readEndpoint(record.message.slice(0, end)).address;
  return address === null || !/^[\da-f.:]+$/i.test(address) ? null : { end: end + 1, level: null, tunnel: null, address };
}

/** `2026-08-11 17:04:58: `, which `-F` adds to the copy for syslog too. */
function skipTime(message: string): number {
  const isTime = message.charCodeAt(4) === 0x2d && message.charCodeAt(13) === 0x3a && message.startsWith(': ', 19) && message.charCodeAt(0) <= 0x39;
  return isTime ? 21 : 0;
}

/** `isakmp.c:797:isakmp_ph1begin_i(): `; the oldest releases omit the function. */
function skipLocation(message: string, at: number): number {
  const place = /[\w-]{1,40}\.[chly]:\d{1,6}:(?:\w{1,60}\(\):)? /y;
  place.lastIndex = at;
  return place.test(message) ? place.lastIndex : at;
}

/** Some messages end in a newline, which syslog daemons escape as `#012`. */
function withoutNewline(text: string): string {
  return text.endsWith('#012') ? text.slice(0, -4) : text;
}

function isHexDump(message: string): boolean {
  return message.length >= 8 && message.length <= 80 && /^[\da-f]{8}(?: [\da-f]{1,8})* ?$/.test(message);
}
