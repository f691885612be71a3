import type { DaemonMessage } from '../model/daemon-message.js';
import { isDigit } from '../model/digits.js';
import type { LogRecord } from '../model/log-record.js';
import { StringPool } from '../model/string-pool.js';
import { readEndpoint, readInstancePeer, type AddressAndPort } from './endpoint.js';
import { hasSeverity } from './racoon.js';

/** Severities, which pluto writes before the connection since 5.0 and after it in earlier releases. */
const SEVERITIES = ['ERROR: ', 'WARNING: ', 'FATAL ERROR: ', 'IMPAIR: '];
/** What follows is program text, whose meaning depends on this prefix, so it stays part of the message. */
const EXPECTATION = 'EXPECTATION FAILED: ';

interface Prefix {
  readonly end: number;
  readonly connectionName: string | null;
  readonly instance: number | null;
  readonly saNumber: number | null;
  readonly peer: AddressAndPort;
}

const NOWHERE: AddressAndPort = { address: null, port: null };
const names = new StringPool();

/** Is the message one of pluto's `| ` debug lines? */
export function isPlutoDebug(message: string): boolean {
  return message.charCodeAt(0) === 0x7c && (message.length === 1 || message.charCodeAt(1) === 0x20 || message.charCodeAt(1) === 0x5d);
}

/** Does the message begin with a prefix that only pluto or whack writes? */
export function hasPlutoPrefix(message: string): boolean {
  if (isPlutoDebug(message) || message.startsWith('packet from ')) return true;
  const start = skipWhackCode(message);
  if (start > 0 && message.startsWith('FATAL ERROR: ', start)) return true;
  const { saNumber, connectionName } = readPrefix(message, message.startsWith(EXPECTATION, start) ? start + EXPECTATION.length : skipSeverity(message, start));
  return saNumber !== null || (start > 0 && connectionName !== null);
}

/** A stamp that begins with the month, followed by a colon. */
const FILE_STAMP = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?<fraction>\.\d{6})?: /;

/**
 * Is the record, which names no program, from pluto's own log file or from its log for one connection (`"gw": text`)?
 */
export function isPlutoFile({ program, message, line: { text } }: LogRecord): boolean {
  if (program !== '') return false;
  const stamp = FILE_STAMP.exec(text);
  if (stamp !== null) return stamp.groups?.['fraction'] !== undefined || !hasSeverity(message);
  const { connectionName, end } = readPrefix(message, skipSeverity(message, 0));
  return connectionName !== null && isLetter(message.charCodeAt(end)) && !message.endsWith(',');
}

/**
 * Removes pluto's prefix: `"gw" #1: `, `"road"[2] 192.0.2.9 #5 STATE_MAIN_R1: `, `packet from 192.0.2.9:500: `, whack's
 * `002 `, and the severity, whose position depends on the release.
 */
export function readPluto(record: LogRecord): DaemonMessage {
  const { message } = record;
  const start = skipWhackCode(message);
  const expectation = message.startsWith(EXPECTATION, start);
  const prefix = readPrefix(message, expectation ? start + EXPECTATION.length : skipSeverity(message, start));
  return {
    record,
    daemon: 'pluto',
    text: expectation ? EXPECTATION + message.slice(prefix.end) : message.slice(skipHelper(message, skipSeverity(message, prefix.end))),
    connectionName: prefix.connectionName ?? record.tag?.connectionName ?? null,
    instance: prefix.instance,
    saNumber: prefix.saNumber ?? record.tag?.saNumber ?? null,
    peerAddress: prefix.peer.address,
    peerPort: prefix.peer.port,
    thread: null,
    group: null,
  };
}

/**
 * whack's code: three digits and a blank (Openswan and Libreswan until 4.x, enum rc_type), or `1v2 ` for IKEv2 states.
 */
function skipWhackCode(message: string): number {
  if (message.charCodeAt(3) !== 0x20 || !isDigit(message.charCodeAt(0)) || !isDigit(message.charCodeAt(2))) return 0;
  return isDigit(message.charCodeAt(1)) || message.charCodeAt(1) === 0x76 ? 4 : 0;
}

/** Libreswan 5's addconn puts its name before the severity and the file: `ipsec addconn: /etc/ipsec.conf:29: text`. */
const HELPER = 'ipsec addconn: ';

const skipHelper = (message: string, at: number): number => (message.startsWith(HELPER, at) ? skipSeverity(message, at + HELPER.length) : at);

function skipSeverity(message: string, at: number): number {
  switch (message.charCodeAt(at)) {
    case 0x41: case 0x45: case 0x46: case 0x49: case 0x57: break;
    default: return at;
  }
  for (const severity of SEVERITIES) if (message.startsWith(severity, at)) return at + severity.length;
  return at;
}

function readPrefix(message: string, at: number): Prefix {
  const code = message.charCodeAt(at);
  if (code === 0x22) return readConnection(message, at) ?? makePrefix(at);
  if (code === 0x23) return readBareSerial(message, at);
  if (code === 0x70 && message.startsWith('packet from ', at)) return readPacket(message, at, at + 'packet from '.length);
  if (code === 0x63 && message.startsWith('connection from ', at)) return readPacket(message, at, at + 'connection from '.length);
  return makePrefix(at);
}

/** `"name"[instance] suffix #serial STATE: `. The name may contain anything but a quote. */
function readConnection(message: string, at: number): Prefix | null {
  const quote = message.indexOf('"', at + 1);
  if (quote < 0) return null;
  const name = names.take(message, at + 1, quote);
  const next = message.charCodeAt(quote + 1);
  if (next === 0x20 && message.startsWith(': ', quote + 2)) return makePrefix(quote + 4, name);
  if (next === 0x20) return message.charCodeAt(quote + 2) === 0x23 ? readSerial(message, quote + 3, name, null, NOWHERE) : readPeerAlone(message, quote + 2, name);
  if (next === 0x3a) return isEndOfObject(message, quote + 1) ? makePrefix(quote + 3, name) : null;
  return next === 0x5b ? readInstance(message, quote + 2, name) : null;
}

/** `192.0.2.9 #5: `: a web page dropped the `[2] ` before the address. */
function readPeerAlone(message: string, at: number, name: string): Prefix | null {
  const blank = message.indexOf(' ', at);
  const hasSerial = blank > at + 1 && blank - at <= 60 && message.charCodeAt(blank + 1) === 0x23;
  return hasSerial ? readSerial(message, blank + 2, name, null, readInstancePeer(message.slice(at, blank))) : null;
}

/**
 * `2] 192.0.2.9 #5: `: the serial number is searched from the end, because the suffix of an opportunistic instance
 * contains blanks and signs.
 */
function readInstance(message: string, at: number, name: string): Prefix | null {
  const instance = Number.parseInt(message.slice(at, at + 10), 10);
  const close = message.indexOf(']', at);
  const colon = endOfObject(message, at);
  if (Number.isNaN(instance) || close < 0 || close > colon) return null;
  const hash = message.lastIndexOf(' #', colon);
  const hasSerial = hash > close && isDigit(message.charCodeAt(hash + 2));
  const suffix = message.slice(close + 1, hasSerial ? hash : colon);
  const peer = suffix === '' ? NOWHERE : readInstancePeer(suffix.trimStart());
  return hasSerial ? readSerial(message, hash + 2, name, instance, peer) : makePrefix(colon + 2, name, instance, null, peer);
}

/** `5: ` or `5 STATE_MAIN_I1: `. */
function readSerial(message: string, at: number, name: string | null, instance: number | null, peer: AddressAndPort): Prefix | null {
  let end = at;
  let serial = 0;
  for (; isDigit(message.charCodeAt(end)) && end - at < 10; end++) serial = serial * 10 + message.charCodeAt(end) - 0x30;
  if (end === at) return null;
  if (isEndOfObject(message, end)) return makePrefix(end + 2, name, instance, serial, peer);
  // Some pages drop the blank
  if (message.charCodeAt(end) === 0x3a) return makePrefix(end + 1, name, instance, serial, peer);
  const colon = message.charCodeAt(end) === 0x20 ? endOfObject(message, end) : -1;
  return colon > 0 && !message.slice(end + 1, colon).includes(' ') ? makePrefix(colon + 2, name, instance, serial, peer) : null;
}

/** `#5: text`. */
function readBareSerial(message: string, at: number): Prefix {
  return readSerial(message, at + 1, null, null, NOWHERE) ?? makePrefix(at);
}

/** `packet from 192.0.2.9:500: text`; masking an address may have removed the second colon. */
function readPacket(message: string, at: number, start: number): Prefix {
  const blank = message.indexOf(' ', start);
  const colon = isDigit(message.charCodeAt(blank - 1)) ? blank : endOfObject(message, start);
  if (colon < 0) return makePrefix(at);
  return makePrefix(colon === blank ? blank + 1 : colon + 2, null, null, null, readEndpoint(message.slice(start, colon)));
}

function makePrefix(
  end: number,
  connectionName: string | null = null,
  instance: number | null = null,
  saNumber: number | null = null,
  peer: AddressAndPort = NOWHERE,
): Prefix {
  return { end, connectionName, instance, saNumber, peer };
}

/** Offset of the colon that ends the prefix. IPv6 addresses contain colons too, but not followed by a blank. */
function endOfObject(message: string, from: number): number {
  const colon = message.indexOf(': ', from);
  if (colon >= 0) return colon;
  return message.endsWith(':') && message.length > from ? message.length - 1 : -1;
}

function isEndOfObject(message: string, at: number): boolean {
  return message.charCodeAt(at) === 0x3a && (message.charCodeAt(at + 1) === 0x20 || at + 1 === message.length);
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
