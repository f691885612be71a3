import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import { OTHER_PROGRAM, type SourceState } from './format.js';
import { isRelevant, programName } from './programs.js';
import { skipPriority } from './syslog.js';

/** RFC 5424: `<30>1 2026-11-20T19:55:18.515192+00:00 gw pluto 99 - [meta sequenceId="2"] text`. */
export function readRfc5424(line: SourceLine, state: SourceState): LogRecord | typeof OTHER_PROGRAM | undefined {
  const { text } = line;
  const version = skipPriority(text);
  if (version === 0 || !text.startsWith('1 ', version)) return undefined;
  let at = version + 2;
  const isUndated = text.startsWith('- ', at);
  if (!isUndated && text.charCodeAt(at + 4) !== 0x2d) return undefined;
  const stamp = isUndated ? -1 : state.stamps.read(text, at);
  at = stamp < 0 ? at + 1 : stamp;
  const words: string[] = [];
  for (; words.length < 4; at = endOfWord(text, at + 1)) {
    if (text.charCodeAt(at) !== 0x20) return undefined;
    words.push(text.slice(at + 1, endOfWord(text, at + 1)));
  }
  const [host, app, process] = words as [string, string, string];
  const program = programName(app);
  const start = messageStart(text, skipStructuredData(text, at + 1));
  if (!isRelevant(program, text, start)) return OTHER_PROGRAM;
  const pid = Number.parseInt(process, 10);
  return {
    line,
    time: stamp < 0 ? null : state.stamps.time,
    inferred: stamp < 0 ? [] : state.stamps.inferred,
    host: host === '-' ? '' : host,
    program,
    pid: Number.isNaN(pid) ? null : pid,
    message: text.slice(start),
    repeats: 1,
    tag: null,
  };
}

/** Offset after `-` or `[id name="value"]...`; a `]` inside a value is escaped (RFC 5424, section 6.3.3). */
function skipStructuredData(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x5b) return at + 1;
  let isQuoted = false;
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x5c) end++;
    else if (code === 0x22) isQuoted = !isQuoted;
    else if (code === 0x5d && !isQuoted && text.charCodeAt(end + 1) !== 0x5b) return end + 1;
  }
  return text.length;
}

/**
 * rsyslog keeps the blank after the tag of a message received in RFC 3164 format. Indented detail lines have an even
 * number of blanks of their own, so an odd count contains that extra one.
 */
function messageStart(text: string, at: number): number {
  let start = at + 1;
  if (text.charCodeAt(start) === 0xfeff) start++;
  let blanks = 0;
  while (text.charCodeAt(start + blanks) === 0x20) blanks++;
  return start + (blanks % 2);
}

function endOfWord(text: string, at: number): number {
  const end = text.indexOf(' ', at);
  return end < 0 ? text.length : end;
}
