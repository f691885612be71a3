import { isDigit } from '../../model/digits.js';
import { skipDigits } from '../time/digits.js';

/** charon's subsystems (strongSwan, debug.c). */
const GROUPS = new Set(['DMN', 'MGR', 'IKE', 'CHD', 'JOB', 'CFG', 'KNL', 'NET', 'ASN', 'ENC', 'TNC', 'IMC', 'IMV', 'PTS', 'TLS', 'APP', 'ESP', 'LIB']);
const SEVERITY = /(?:ERROR|WARNING|FATAL ERROR|EXPECTATION FAILED|ABORT|ASSERTION FAILED|IMPAIR): /y;

/** How far the end of pluto's connection name, and of racoon's address in brackets, is searched for. */
const LONGEST_NAME = 512;
const LONGEST_ADDRESS = 60;

/** Is charon's `07[IKE] ` or `07[IKE1] ` at `at`, or the hand-edited form `7[IKE] `? */
export function startsThread(text: string, at: number): boolean {
  const end = skipDigits(text, at);
  if (end - at < 1 || end - at > 5 || text.charCodeAt(end) !== 0x5b) return false;
  if (end - at === 1) return startsGroup(text, end);
  for (let letter = end + 1; letter < end + 4; letter++) {
    const code = text.charCodeAt(letter);
    if (code < 0x41 || code > 0x5a) return false;
  }
  const close = isDigit(text.charCodeAt(end + 4)) ? end + 5 : end + 4;
  return text.charCodeAt(close) === 0x5d && text.charCodeAt(close + 1) === 0x20;
}

/** Is `[IKE] ` at `at`? swanctl and `ipsec up` print it, and web pages that drop numbers leave it of `07[IKE] `. */
function startsGroup(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x5b && text.charCodeAt(at + 4) === 0x5d && text.charCodeAt(at + 5) === 0x20 && GROUPS.has(text.slice(at + 1, at + 4));
}

/** Openings that only strongSwan's starter, `ipsec up` and `charon-cmd` print, without any prefix. */
const CONSOLE = /(?<!\b(?:is|not) )(?:St(?:art|opp)ing strongSwan |no (?:netkey|KLIPS|known) IPsec stack detected|charon \(\d{1,8}\) started after |initiating (?:Main Mode |Aggressive Mode )?IKE_SA |(?:sending|received) packet: from |(?:generating|parsed) [A-Z_0-9]{4,20} (?:request|response) \d|(?:not )?establishing CHILD_SA |establishing connection '|selected proposal: (?:IKE|ESP|AH):|no (?:private|shared|trusted \S+ public) key found for '|constraint check failed: |no issuer certificate found for "|received [A-Z_]{8,30} (?:error notify|notify error)|no (?:matching )?(?:peer|IKE|CHILD_SA) config found|giving up after \d+ retransmits|peer not responding, trying again|invalid [A-Z_\d]{2,12} payload length, decryption failed|calculated HASH does not match HASH payload|IDir '[^']{1,200}' does not match to '|received [A-Z_]{8,30} notify, no CHILD_SA built|(?:Failed to (?:connect to|load connections from)|Killing) charon(?: due to)?: dial unix |opening socket '(?:unix|tcp|systemd):[^']{1,200}' failed: |connecting to '[^']{1,200}' (?:URI )?failed: |unable to resolve \S+, initiate aborted|initiate failed: |loading connection '[^']{1,80}' failed: |feature [A-Z]{2,20}:\S{1,80} in critical plugin '|loading '[^']{1,200}' failed: |load-[a-z]{3,12} request failed: |loaded \d+ of \d+ connections, |successfully loaded \d+ connections, )/y;

/** Does console output of charon's commands begin at `at`? */
export function startsConsole(text: string, at: number): boolean {
  CONSOLE.lastIndex = at;
  return CONSOLE.test(text);
}

/** Openings of charon and pluto sentences, for lines whose prefix somebody removed. */
const SENTENCE = /(?:(?:sending )?retransmit \d{1,2} of |received (?:proposals|DELETE|end entity cert|issuer cert|cert request|\S{3,60} (?:vendor ID|notify|error notify))|configured proposals: |\S{3,60} is initiating (?:an? |IKE_SA )|authentication of '|looking for |selected peer config '|scheduling re(?:keying|auth)|maximum IKE_SA lifetime |(?:IKE|CHILD)_SA \S{1,80} established |(?:local|remote) host is behind NAT|deleting IKE_SA |closing (?:expired )?CHILD_SA |no acceptable |using (?:trusted |untrusted )?(?:intermediate )?(?:ca )?certificate |sending (?:cert request|DELETE|end entity cert|DPD request|keep alive)|checking certificate status|certificate status |creating (?:acquire|rekey|delete) job|STATE_[A-Z]|initiating (?:IKE|Main|Aggressive|Quick|Child|rekey)|responding to [A-Z]|sent [A-Z])/y;

/**
 * Does a daemon's sentence seem to begin at `at`? The rest of a line broken in the middle of a sentence hardly ever
 * looks like this.
 */
function startsSentence(text: string, at: number): boolean {
  SENTENCE.lastIndex = at;
  return SENTENCE.test(text);
}

/**
 * After the connection name, a peer and a serial number whose instance number a web page dropped: `"gw" 192.0.2.1 #3:
 * `.
 */
const PEER_WITHOUT_INSTANCE = / \S{2,60} #\d{1,9}[: ]/y;

/**
 * Is one of pluto's prefixes at `at`: `"gw" #1: `, `"gw"[2] 192.0.2.1 #3: `, `packet from 192.0.2.1:500: `, `002 "gw"
 * #1: `?
 */
export function startsPluto(text: string, at: number): boolean {
  if (text.startsWith('packet from ', at)) return text.slice(at, at + LONGEST_NAME).includes(': ');
  let start = at;
  if (isDigit(text.charCodeAt(at)) && text.charCodeAt(at + 3) === 0x20) start = at + 4;
  if (start > at && text.startsWith('FATAL ERROR: ', start)) return true;
  SEVERITY.lastIndex = start;
  if (SEVERITY.test(text)) start = SEVERITY.lastIndex;
  if (text.charCodeAt(start) !== 0x22) return start > at && text.charCodeAt(start) === 0x23 && isDigit(text.charCodeAt(start + 1));
  const length = text.slice(start + 1, start + LONGEST_NAME).indexOf('"');
  if (length < 0) return false;
  const quote = start + 1 + length;
  PEER_WITHOUT_INSTANCE.lastIndex = quote + 1;
  return text.startsWith(' #', quote + 1) || text.startsWith(': ', quote + 1) || text.charCodeAt(quote + 1) === 0x5b || PEER_WITHOUT_INSTANCE.test(text);
}

/** Does a charon or pluto line without an envelope begin at `at`? */
export function startsDaemon(text: string, at: number): boolean {
  return startsThread(text, at) || startsGroup(text, at) || startsPluto(text, at);
}

/** Is racoon's `INFO: ` at `at`, optionally after an address: `[192.0.2.1] ERROR: `? */
export function startsRacoon(text: string, at: number): boolean {
  const start = text.charCodeAt(at) === 0x5b ? text.slice(at, at + LONGEST_ADDRESS).indexOf('] ') + 2 : 0;
  const severity = /(?:ERROR|WARNING|NOTIFY|INFO|DEBUG2?): /y;
  severity.lastIndex = at + start;
  return severity.test(text);
}

const BARE_RACOON = /\[[\da-f.:]{3,45}(?:\[\d{1,5}\])?\] (?:ERROR|WARNING|NOTIFY|INFO|DEBUG2?): |(?:ERROR|WARNING|NOTIFY|INFO|DEBUG2?): [\w-]{1,40}\.[chly]:\d{1,6}:/y;

/**
 * Does a racoon line without an envelope begin at `at`: a severity after an address, or before a source location? A
 * bare severity alone is too common to tell.
 */
export function startsBareRacoon(text: string, at: number): boolean {
  BARE_RACOON.lastIndex = at;
  return BARE_RACOON.test(text);
}

const PLACE = /(?:isakmp|ikev1|pfkey|ipsec_doi|proposal|handler|oakley|vendorid|nattraversal|admin|grabmyaddr|remoteconf|session|crypto_openssl|schedule|policy)[a-z_]{0,20}\.c:\d{1,6}:\w{2,60}\(\): /y;

/** Is a location in racoon's source at `at`, as printed by debug builds and by appliances derived from racoon? */
export function startsPlace(text: string, at: number): boolean {
  PLACE.lastIndex = at;
  return PLACE.test(text);
}

/** Does a line of this daemon begin at `at`, by its prefix or as console output? */
export function beginsLine(text: string, at: number, daemon: 'charon' | 'pluto' | 'racoon'): boolean {
  return daemon === 'racoon' ? startsRacoon(text, at) : startsDaemon(text, at) || startsConsole(text, at);
}

/** Does a line or sentence of any daemon seem to begin at `at`, with or without its prefix? */
export function beginsSentence(text: string, at: number): boolean {
  return startsDaemon(text, at) || startsConsole(text, at) || startsRacoon(text, at) || startsSentence(text, at);
}
