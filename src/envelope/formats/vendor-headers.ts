import type { LogRecord, RecordTag } from '../../model/log-record.js';
import { MERAKI } from '../../model/programs.js';
import type { SourceLine } from '../../model/source-line.js';
import type { SourceState } from './format.js';
import { isIpsecProgram, programName } from './programs.js';

interface Odd {
  readonly host?: string | undefined;
  readonly program: string;
  readonly pid?: string | undefined;
  readonly tag?: RecordTag;
  readonly end: number;
}

/** Readers for vendor-specific headers after a stamp. Patterns are sticky, each part bounded. */
const READERS: readonly ((text: string, at: number) => Odd | null)[] = [readPadded, readBracketedName, readMeraki, readMerakiPage, readFacility, readUnified];

/** Lines of gateways that write their daemons' messages in a format of their own. */
export function readVendorHeader(line: SourceLine, state: SourceState): LogRecord | undefined {
  const { text } = line;
  const level = skipLevel(text);
  const end = state.stamps.read(text, level || skipPriority(text));
  if (end < 0) return undefined;
  for (const reader of level > 0 ? [readConsole] : READERS) {
    const odd = reader(text, end);
    if (odd === null) continue;
    const { time, inferred } = state.stamps;
    const { host = '', program, pid, tag = null } = odd;
    return { line, time, inferred, host, program, pid: pid === undefined ? null : Number(pid), message: text.slice(odd.end), repeats: 1, tag };
  }
  return undefined;
}

/** The PRI, and RFC 5424's version if it follows: Meraki writes both before a stamp of its own. */
function skipPriority(text: string): number {
  if (!text.startsWith('<')) return 0;
  const start = text.indexOf('>') + 1;
  return text.startsWith('1 ', start) ? start + 2 : start;
}

/** Log level before the stamp in macOS Console. */
const LEVEL = /(?:default|info|debug|error|fault)\t/y;

function skipLevel(text: string): number {
  LEVEL.lastIndex = 0;
  return LEVEL.test(text) ? LEVEL.lastIndex : 0;
}

/** Padded columns, with charon's thread after its subsystem: ` gw notic charon  [ 2452]: IKE 15     : text`. */
const PADDED = / {1,4}(?<host>\S{1,64}) {1,8}(?:[a-z]{3,8} {1,8})?(?<program>[\w.-]{2,32}) {1,16}\[ {0,8}(?<pid>\d{1,8})\]: (?:(?<group>[A-Z]{3}) (?<thread>\d{1,5}) {0,8}: )?/y;

function readPadded(text: string, at: number): Odd | null {
  const groups = matchAt(PADDED, text, at);
  const program = programName(groups?.['program'] ?? '');
  if (groups === null || !isIpsecProgram(program)) return null;
  const { host, pid, group, thread } = groups;
  const tag = group === undefined ? {} : { tag: { thread: (thread ?? '').padStart(2, '0'), group, connectionName: null, saNumber: null } };
  return { host, program, pid, end: PADDED.lastIndex, ...tag };
}

/**
 * Web page of a router that runs pluto, with the connection name in brackets and no SA numbers: ` - [Office]
 * STATE_MAIN_R2: text`. Each connection is taken to have one SA at a time.
 */
const BRACKETED = / - \[(?<name>[^\]]{1,64})\] /y;

function readBracketedName(text: string, at: number): Odd | null {
  const groups = matchAt(BRACKETED, text, at);
  if (groups === null) return null;
  const { name = '' } = groups;
  return { program: 'pluto', end: BRACKETED.lastIndex, tag: { thread: null, group: null, connectionName: name, saNumber: numberFor(name) } };
}

/** A number that stands for a name; 1 would mean that the log has the daemon's first SA. */
function numberFor(name: string): number {
  let number = 0;
  for (let index = 0; index < name.length; index += 1) number = (number * 31 + name.charCodeAt(index)) % 1_000_003;
  return number + 2;
}

/**
 * Meraki's event log mixes charon messages without a thread, ` gw events Site-to-site VPN: <remote-peer-1|5> text`,
 * with its own; older firmware writes racoon messages without a severity.
 */
const MERAKI_EVENT = / (?<host>\S{1,64}) events (?:type=\S{1,40} )?(?:Site-to-site VPN|Non-Meraki \/ Client VPN negotiation|Client VPN)[^:<]{0,40}: {0,2}(?:msg: )?(?:(?=<[^>]{1,200}\|\d{1,9}> )|(?=(?<racoon>phase[12] negotiation failed|initiate new phase [12]|respond new phase [12]|(?:purging )?ISAKMP-SA |IPsec-SA |failed to (?:get|pre-process))))/y;

function readMeraki(text: string, at: number): Odd | null {
  const groups = matchAt(MERAKI_EVENT, text, at);
  return groups === null ? null : { host: groups['host'], program: groups['racoon'] === undefined ? MERAKI.charon : MERAKI.racoon, end: MERAKI_EVENT.lastIndex };
}

/** Columns copied from the event log of Meraki's dashboard; some messages still have charon's own stamp and thread. */
const MERAKI_PAGE = / {1,16}(?:\S[^:<]{0,60}? {2,16})?Non-Meraki (?:\/ Client )?VPN(?: {2,16}Non-Meraki VPN)?(?: negotiation)? {1,16}msg: (?<own>[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d )?(?=(?:\d{1,3}\[[A-Z]{3}\] )?<[^>]{1,200}\|\d{1,9}> )/y;

function readMerakiPage(text: string, at: number): Odd | null {
  return matchAt(MERAKI_PAGE, text, at) === null ? null : { program: MERAKI.charon, end: MERAKI_PAGE.lastIndex };
}

/** Cisco's call managers put the facility and severity after the host: ` cucm daemon 3 ipsec_setup: text`. */
const FACILITY = / (?<host>\S{1,64}) [a-z]{3,8}\d? [0-7] (?<program>[\w.-]{2,32})(?:\[(?<pid>\d{1,8})\])?: /y;

function readFacility(text: string, at: number): Odd | null {
  const groups = matchAt(FACILITY, text, at);
  const program = groups?.['program'] ?? '';
  return groups === null || !isIpsecProgram(program) ? null : { host: groups['host'], program, pid: groups['pid'], end: FACILITY.lastIndex };
}

/** `log show` of macOS: thread, type, activity, pid, time to live, program, subsystem. */
const UNIFIED = / {1,4}0x[\da-f]{1,16} {1,12}[A-Z][a-z]{2,10} {1,12}0x[\da-f]{1,16} {1,24}(?<pid>\d{1,8}) {1,8}\d{1,4} {1,8}(?<program>[\w.-]{2,32}): (?:\([\w.]{1,60}\) )?(?:\[[\w.:-]{1,80}\] )?/y;

function readUnified(text: string, at: number): Odd | null {
  const groups = matchAt(UNIFIED, text, at);
  const program = groups?.['program'] ?? '';
  return groups === null || !isIpsecProgram(program) ? null : { program, pid: groups['pid'], end: UNIFIED.lastIndex };
}

/** Copied from macOS Console: `default\t09:46:17.474731+0000\tracoon\ttext`. */
const CONSOLE = /(?:[+-]\d{4})?\t(?<program>[\w.-]{2,32})\t/y;

function readConsole(text: string, at: number): Odd | null {
  const groups = matchAt(CONSOLE, text, at);
  const program = groups?.['program'] ?? '';
  return groups === null || !isIpsecProgram(program) ? null : { program, end: CONSOLE.lastIndex };
}

function matchAt(pattern: RegExp, text: string, at: number): Record<string, string | undefined> | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.groups ?? null;
}
