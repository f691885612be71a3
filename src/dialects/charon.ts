import type { DaemonMessage } from '../model/daemon-message.js';
import { isDigit } from '../model/digits.js';
import type { LogRecord } from '../model/log-record.js';
import { StringPool } from '../model/string-pool.js';

/** Longest `<name|7>` tag searched for. */
const MAX_TAG = 512;

/** Offset after `[IKE] `. */
const BEHIND_GROUP = 6;

/** Output of a script started by charon, after its name in strongswan.conf: `swanctl-load: loaded connection 'gw'`. */
const START_SCRIPT = /^[\w-]{1,40}: (?=\S)/;

const names = new StringPool();

interface Prefix {
  readonly thread: string | null;
  readonly group: string;
  readonly end: number;
}

const NAME_ALONE = /^[A-Za-z][\w.:-]{0,80}$/;

/** How charon's messages go on that begin with an address, for which people write `<CLIENT.IP>`. */
const BEHIND_ADDRESS = /^(?:is (?:initiating|on interface|not a local)|(?:dis)?appeared (?:on|from)) /;

interface Tag {
  readonly name: string | null;
  readonly number: number | null;
  readonly end: number;
}

/** Does the message begin with charon's `07[IKE] ` or, on swanctl's console, `[IKE] `? */
export function hasCharonPrefix(message: string): boolean {
  return readPrefix(message) !== null;
}

/**
 * Removes charon's prefix `07[IKE] <gw|3> ` (strongSwan, sys_logger.c, file_logger.c); `07[IKE1]` includes the log
 * level. charon-systemd writes no prefix to the journal: there the record's tag has the same data.
 */
export function readCharon(record: LogRecord): DaemonMessage {
  const { message, tag } = record;
  const prefix = readPrefix(message);
  const start = prefix === null ? 0 : prefix.end;
  const inner = readTag(message, start);
  const group = prefix?.group ?? tag?.group ?? null;
  const text = message.slice(inner?.end ?? start);
  return {
    record,
    daemon: 'charon',
    text: group === 'DMN' ? text.replace(START_SCRIPT, '') : text,
    connectionName: inner?.name ?? tag?.connectionName ?? null,
    instance: null,
    saNumber: inner?.number ?? tag?.saNumber ?? null,
    peerAddress: null,
    peerPort: null,
    thread: prefix?.thread ?? tag?.thread ?? null,
    group,
  };
}

/**
 * Is the text an item of a list that charon prints at level 2 and higher (an address, an interface, part of a
 * certificate), or a hex dump row at level 3? Each is an indented line of its own that does not say what it belongs to
 * (strongSwan, bus.c, asn1.c).
 */
export function isCharonDebug(text: string): boolean {
  return text.charCodeAt(0) === 0x20 && /^ +(?:(?:=> )?[^ ]{1,64}|'[^']{0,256}'|\d{1,5}: [\dA-F]{2} .*) *$/s.test(text);
}

function readPrefix(message: string): Prefix | null {
  let at = 0;
  while (at < 6 && isDigit(message.charCodeAt(at))) at++;
  if (message.charCodeAt(at) !== 0x5b) return null;
  for (let letter = at + 1; letter < at + 4; letter++) {
    const code = message.charCodeAt(letter);
    if (code < 0x41 || code > 0x5a) return null;
  }
  const close = isDigit(message.charCodeAt(at + 4)) ? at + 5 : at + 4;
  if (message.charCodeAt(close) !== 0x5d || message.charCodeAt(close + 1) !== 0x20) return null;
  return { thread: at === 0 ? null : message.slice(0, at), group: message.slice(at + 1, at + 4), end: close + 2 };
}

/**
 * `<gw|3> ` or `<3> `. A name may contain blanks, `|` and `>`, so the first `|digits> ` ends the tag. Where pages drop
 * what looks like an HTML element, people write `[gw|3] `, and Markdown tables have `<gw\|3> `. Programs that print log
 * messages received over VICI, without the thread, write `[IKE] [3] `.
 */
function readTag(message: string, at: number): Tag | null {
  const bracket = message.charCodeAt(at) === 0x5b;
  if (message.charCodeAt(at) !== 0x3c && !bracket) return null;
  const limit = Math.min(message.length, at + MAX_TAG);
  const end = bracket ? ']' : '>';
  for (let close = message.indexOf(end, at); close >= 0 && close < limit; close = message.indexOf(end, close + 1)) {
    let first = close;
    while (isDigit(message.charCodeAt(first - 1)) && close - first < 10) first--;
    const before = message.charCodeAt(first - 1);
    if (first === close || message.charCodeAt(close + 1) !== 0x20 || (before !== 0x7c && (first - 1 !== at || (bracket && at !== BEHIND_GROUP)))) continue;
    const last = message.charCodeAt(first - 2) === 0x5c ? first - 2 : first - 1;
    const name = first - 1 === at ? null : names.take(message, at + 1, last);
    return { name, number: readNumber(message, first, close), end: close + 2 };
  }
  return bracket || at === 0 ? null : readNameAlone(message, at);
}

/** `<gw> `: what is left of a tag if somebody removed the number, unless it stands for an address. */
function readNameAlone(message: string, at: number): Tag | null {
  const close = message.indexOf('> ', at);
  const isName = close > at + 1 && close - at < MAX_TAG && NAME_ALONE.test(message.slice(at + 1, close)) && !BEHIND_ADDRESS.test(message.slice(close + 2, close + 24));
  return isName ? { name: names.take(message, at + 1, close), number: null, end: close + 2 } : null;
}

function readNumber(message: string, first: number, end: number): number {
  let number = 0;
  for (let at = first; at < end; at++) number = number * 10 + message.charCodeAt(at) - 0x30;
  return number;
}
