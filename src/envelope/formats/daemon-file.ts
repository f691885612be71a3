import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import { startsBareRacoon, startsConsole, startsDaemon, startsPlace, startsPluto, startsRacoon, startsThread } from './daemon-shape.js';
import type { SourceState } from './format.js';
import { isIpsecProgram, isKernelProgram, isRelay, readTag } from './programs.js';
import { skipPriority } from './syslog.js';

/** Longest tag plus indentation accepted in a line without a stamp. */
const MAX_BARE_PREFIX = 80;
/** JSON and CSV rows may contain `word: ` after these characters, which is not a syslog tag. */
const NO_TAG = /["{,;]/;

/**
 * The daemons' own log files and console output, with or without stamps: charon's `Nov 20 10:00:01 05[IKE] text`,
 * pluto's `Nov 20 10:00:01.123456: text` (a colon after a stamp that starts with the month), pluto's per-peer logs and
 * whack's `002 "gw" #1: text`, racoon's `2026-11-20 10:00:01: [192.0.2.1] ERROR: text`.
 */
export function readDaemonFile(line: SourceLine, state: SourceState): LogRecord | undefined {
  const { text } = line;
  if (startsThread(text, 0) || startsPluto(text, 0)) return bareRecord(line, 0);
  const end = state.stamps.read(text, 0);
  if (end < 0) return readBare(line);
  const code = text.charCodeAt(end);
  const isColon = code === 0x3a && text.charCodeAt(end + 1) === 0x20;
  if (isColon && (text.charCodeAt(0) > 0x39 || startsRacoon(text, end + 2))) return stampedRecord(line, state, end + 2);
  const start = skipBlanks(text, end);
  return start > end && startsDaemon(text, start) ? stampedRecord(line, state, start) : undefined;
}

/** A record without a stamp; the message is everything from `at` on. */
export function bareRecord(line: SourceLine, at: number): LogRecord {
  return { line, time: null, inferred: [], host: '', program: '', pid: null, message: line.text.slice(at), repeats: 1, tag: null };
}

/** Lines whose stamp was stripped: `    05[IKE] text`, `charon: 05[IKE] text`, `VPN-IPSEC: "gw" #1: text`. */
function readBare(line: SourceLine): LogRecord | undefined {
  const { text } = line;
  const start = skipBlanks(text, skipPriority(text));
  if (startsDaemon(text, start) || startsBareRacoon(text, start)) return bareRecord(line, start);
  if (startsPlace(text, start)) return { ...bareRecord(line, start), program: 'racoon' };
  if (startsConsole(text, start)) return { ...bareRecord(line, start), program: 'charon' };
  const colon = text.indexOf(': ', start);
  if (colon < 0 || colon > MAX_BARE_PREFIX || text.indexOf(' ', start) < colon) return undefined;
  const tag = text.slice(start, colon);
  if (NO_TAG.test(tag)) return undefined;
  const { program, pid } = readTag(tag);
  if (isIpsecProgram(program) || isKernelProgram(program, text)) return { ...bareRecord(line, colon + 2), program, pid };
  if (startsThread(text, colon + 2) || startsPluto(text, colon + 2)) return bareRecord(line, colon + 2);
  return isRelay(program) && text.charCodeAt(colon + 2) !== 0x3c ? { ...bareRecord(line, colon + 2), program, pid } : undefined;
}

function stampedRecord(line: SourceLine, state: SourceState, at: number): LogRecord {
  return { ...bareRecord(line, at), time: state.stamps.time, inferred: state.stamps.inferred };
}

function skipBlanks(text: string, at: number): number {
  let start = at;
  while (start - at < MAX_BARE_PREFIX && (text.charCodeAt(start) === 0x20 || text.charCodeAt(start) === 0x09)) start++;
  return start;
}
