import type { LogRecord } from '../../model/log-record.js';
import { ROUTEROS } from '../../model/programs.js';
import type { SourceLine } from '../../model/source-line.js';
import type { SourceState } from './format.js';
import { skipPriority } from './syslog.js';
import { TOPICS } from './topics.js';

/**
 * RouterOS topics, after a stamp and a host if any: `ipsec,error text`, `ipsec,ike1,info text`, and `ipsec text` for
 * debug output. Sticky, each part bounded.
 */
const HEADER = new RegExp(`(?:(?<host>[\\w.-]{1,64}) {1,4})?${TOPICS} {1,4}(?=\\S)`, 'y');
/**
 * A prefix that the administrator configured for all messages, as opposed to a word with which racoon begins some of
 * its own.
 */
const PREFIX = /(?!(?:DPD|KA|NAT-T|FATAL|Message|RESPONDER-LIFETIME): )[A-Za-z][\w.-]{0,30}: (?=\S)/y;
/** Without a stamp, accept only the known openings of RouterOS debug lines. */
const DEBUG = /ipsec (?=processing payload|payload|adding payload|adding notify|ike(?:1|2)? |===== |sent |got |update peer|proposal |child |create child: |reply notify: |ID_[IR] \()/y;

/** A RouterOS line, from `/log print` or from syslog with or without a syslog header. */
export function readRouteros(line: SourceLine, state: SourceState): LogRecord | undefined {
  const { text } = line;
  const start = skipPriority(text);
  const stamp = state.stamps.read(text, start);
  const isStamped = stamp > start;
  const at = isStamped ? skipBlanks(text, stamp) : start;
  HEADER.lastIndex = at;
  const topics = HEADER.exec(text);
  const isBare = !isStamped && start === 0 && topics?.groups?.['more'] === '';
  DEBUG.lastIndex = at;
  if (topics === null || (!isStamped && topics.groups?.['host'] !== undefined) || (isBare && !DEBUG.test(text))) return undefined;
  return {
    line,
    time: isStamped ? state.stamps.time : null,
    inferred: isStamped ? state.stamps.inferred : [],
    host: topics.groups?.['host'] ?? '',
    program: ROUTEROS,
    pid: null,
    message: text.slice(skipPrefix(text, HEADER.lastIndex, topics.groups?.['more'] !== '')),
    repeats: 1,
    tag: null,
  };
}

function skipPrefix(text: string, at: number, hasSeverity: boolean): number {
  PREFIX.lastIndex = at;
  return hasSeverity && PREFIX.test(text) ? PREFIX.lastIndex : at;
}

/** Longest CEF header examined, in characters. */
const MAX_CEF = 600;

/**
 * ArcSight's common event format, which RouterOS 7 can use: vendor and topics between bars, the text after `msg=`.
 * Other vendors' CEF is skipped: their wording is not that of a daemon.
 */
export function readCef(line: SourceLine, state: SourceState): LogRecord | undefined {
  const { text } = line;
  const at = text.indexOf('CEF:');
  const message = at < 0 || at > 100 ? -1 : text.indexOf('msg=', at);
  if (message < 0 || message > at + MAX_CEF) return undefined;
  const [, vendor = '', ...fields] = text.slice(at, message).split('|');
  if (vendor !== 'MikroTik' || !fields.some((field) => field.split(',').includes('ipsec'))) return undefined;
  const isStamped = state.stamps.read(text, skipPriority(text)) > 0;
  return {
    line,
    time: isStamped ? state.stamps.time : null,
    inferred: isStamped ? state.stamps.inferred : [],
    host: '',
    program: ROUTEROS,
    pid: null,
    message: text.slice(message + 'msg='.length),
    repeats: 1,
    tag: null,
  };
}

function skipBlanks(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === 0x20) end++;
  return end;
}
