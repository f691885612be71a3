import { isDigit } from '../../model/digits.js';
import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import { startsThread } from './daemon-shape.js';
import { OTHER_PROGRAM, type Header, type SourceState } from './format.js';
import { readKernelRing } from './kernel-ring.js';
import { isIpsecProgram, isRelevant, readTag } from './programs.js';
import { areTopics } from './topics.js';

const FACILITIES = new Set([
  'kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp', 'security',
  'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7',
]);

/** What a template of rsyslog with `%syslogseverity-text%` puts between host and tag. */
const SEVERITIES = new Set(['debug', 'info', 'notice', 'warning', 'err', 'crit', 'alert', 'emerg']);

/** Longest facility name plus one, in characters. */
const MAX_FACILITY = 10;

/**
 * RFC 3164 with or without PRI and host, and rsyslog's and journalctl's formats with any time stamp: `[<30>]Nov 20
 * 10:00:01 [gw] [daemon.info|info] charon[123]: text`.
 */
export function readSyslog(line: SourceLine, state: SourceState): LogRecord | typeof OTHER_PROGRAM | undefined {
  const { text } = line;
  const end = state.stamps.read(text, skipPriority(text));
  if (end < 0 || !isBlank(text.charCodeAt(end)) || startsThread(text, end + 1)) return undefined;
  const header = headerAt(text, end, state);
  if (header === undefined) return undefined;
  const start = end + header.text.length;
  if (!isRelevant(header.program, text, start)) return readKernelRing(line, state) ?? OTHER_PROGRAM;
  return {
    line,
    time: state.stamps.time,
    inferred: state.stamps.inferred,
    host: header.host,
    program: header.program,
    pid: header.pid,
    message: text.slice(start),
    repeats: 1,
    tag: null,
  };
}

/** Reuses the header of the previous line, or of the one before that, since two daemons often take turns. */
function headerAt(text: string, at: number, state: SourceState): Header | undefined {
  const { header, otherHeader } = state;
  if (header.text !== '' && text.startsWith(header.text, at) && !mayBeNote(text.charCodeAt(at + header.text.length))) return header;
  const found = otherHeader.text !== '' && text.startsWith(otherHeader.text, at) ? otherHeader : readHeader(text, at);
  if (found === undefined) return undefined;
  state.otherHeader = header;
  return (state.header = found);
}

/** The offset after `<30>`, or after the octet count of RFC 6587 and `<30>`; 0 if there is no PRI. */
export function skipPriority(text: string): number {
  const open = text.indexOf('<');
  if (open < 0 || open > 6) return 0;
  for (let at = 0; at < open; at++) if (text.charCodeAt(at) > 0x39) return 0;
  const close = text.indexOf('>', open);
  return close > open + 1 && close <= open + 4 ? close + 1 : 0;
}

/** Reads ` host program[pid]: ` at `at`. Host, facility and pid are optional. */
function readHeader(text: string, at: number): Header | undefined {
  let start = at + 1;
  while (isBlank(text.charCodeAt(start))) start++;
  let host = '';
  for (let words = 0; words < 4; words++) {
    const end = endOfWord(text, start);
    if (end === start || text.charCodeAt(start) === 0x22 || (end === start + 1 && isRule(text.charCodeAt(start)))) return undefined;
    if (text.charCodeAt(end - 1) === 0x3a) return makeHeader(text, at, host, start, end);
    if (words > 0 && text.charCodeAt(end - 1) === 0x5d && isIpsecProgram(text.slice(start, text.indexOf('[', start)))) {
      return makeHeader(text, at, host, start, end);
    }
    if (words === 0 && isMetalogTag(text, start, end)) return { text: text.slice(at, end + 1), host: '', ...readTag(text.slice(start + 1, end - 1)) };
    if (!isAside(text, start, end) && !(host !== '' && SEVERITIES.has(text.slice(start, end)))) {
      if (host !== '') return undefined;
      host = text.slice(start, end);
      // RouterOS topics are no host; a word with a colon may follow them.
      if (areTopics(host)) return undefined;
    }
    start = end + 1;
  }
  return undefined;
}

/** metalog writes `[pluto] text`. */
function isMetalogTag(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(start) !== 0x5b || text.charCodeAt(end - 1) !== 0x5d) return false;
  const tag = text.slice(start + 1, end - 1);
  return tag === 'kernel' || isIpsecProgram(tag);
}

/**
 * Rejects tags with a tab (a row of columns) and with `I/` in front (logcat). macOS writes the thread after the pid,
 * and a log level where the host would be.
 */
function makeHeader(text: string, at: number, host: string, start: number, end: number): Header | undefined {
  const tag = text.slice(start, text.charCodeAt(end - 1) === 0x3a ? end - 1 : end);
  if (tag.charCodeAt(1) === 0x2f || tag.includes('\t')) return undefined;
  return { text: text.slice(at, skipNote(text, end + 1)), host: THREAD.test(tag) ? '' : host, ...readTag(tag) };
}

/** `racoon[15495:20eeab6]`, in `log show --style compact` of macOS. */
const THREAD = /\[\d{1,8}:[\da-f]{1,16}\]$/;
/**
 * Text between tag and message: `[ID 702911 daemon.info] ` of Solaris; the log level, library and subsystem of macOS;
 * `[info] ` of programs that pass a log on.
 */
const NOTE = /\[(?:debug|info|notice|warn(?:ing)?|err(?:or)?|crit)\] |\[ID \d{1,10} [\w.]{1,24}\] |<[A-Z][a-z]{2,12}>: |(?:\([\w.-]{1,60}\) )?\[com\.[\w.-]{1,60}:[\w.-]{0,60}\] /y;

/** Any opening bracket. */
function mayBeNote(code: number): boolean {
  return code === 0x5b || code === 0x28 || code === 0x3c;
}

function skipNote(text: string, at: number): number {
  NOTE.lastIndex = at;
  return NOTE.test(text) ? NOTE.lastIndex : at;
}

/**
 * A facility or a raw time: busybox and OpenWrt write `daemon.info`, FreeBSD `<daemon.info>` or `<3.6>`, `logread -t`
 * seconds in brackets: `[1795168801.123]`.
 */
function isAside(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (first === 0x5b) return isDigit(text.charCodeAt(start + 1));
  const from = first === 0x3c ? start + 1 : start;
  if (from > start && isDigit(text.charCodeAt(from))) return true;
  const limit = Math.min(end, from + MAX_FACILITY);
  for (let dot = from; dot < limit; dot++) if (text.charCodeAt(dot) === 0x2e) return FACILITIES.has(text.slice(from, dot));
  return false;
}

/** A dash or a bar alone separates columns. */
function isRule(code: number): boolean {
  return code === 0x2d || code === 0x7c;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function endOfWord(text: string, at: number): number {
  const end = text.indexOf(' ', at);
  return end < 0 ? text.length : end;
}
