import type { LogRecord } from '../model/log-record.js';
import { ROUTEROS } from '../model/programs.js';
import type { SourceLine } from '../model/source-line.js';
import type { SourceState } from './format.js';
import { skipPriority } from './syslog.js';
import { TOPICS } from './topics.js';

/**
 * Behind a stamp and a host, if any, RouterOS has its topics: `ipsec,error text`, `ipsec,ike1,info text`, and for what is mere
 * debugging `ipsec text`. Sticky, each part bounded.
 */
const HEADER = new RegExp(`(?:(?<host>[\\w.-]{1,64}) {1,4})?${TOPICS} {1,4}(?=\\S)`, 'y');
/** A word that whoever set up the logging has put before all messages; racoon begins some of its own with a word. */
const PREFIX = /(?!(?:DPD|KA|NAT-T|FATAL|Message|RESPONDER-LIFETIME): )[A-Za-z][\w.-]{0,30}: (?=\S)/y;
/** Without stamp, only what RouterOS begins its debugging lines with. */
const DEBUG = /ipsec (?=processing payload|payload|adding payload|adding notify|ike(?:1|2)? |===== |sent |got |update peer|proposal |child |create child: |reply notify: |ID_[IR] \()/y;

/** A line of RouterOS, from `/log print` or by syslog with or without its header. */
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

/** Characters of a header in ArcSight's common event format that are looked at. */
const MAX_CEF = 600;

/**
 * ArcSight's common event format, in which RouterOS 7 can send its lines: between bars the vendor and, in one of the fields, the
 * topics; the text behind `msg=`. What other vendors tell in it, in words of their own, is no daemon's line.
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
