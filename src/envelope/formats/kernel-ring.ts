import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import type { SourceState } from './format.js';
import { isKernelLine } from './programs.js';

/** Facility and level of `dmesg -x`, or the priority before the brackets: `kern  :warn  : `, `<4>`. */
const LEVEL = /(?:<\d{1,3}>|(?:kern|user|daemon) {0,4}:[a-z]{3,6} {0,4}: )/y;
/** `dmesg -d` and `--reltime`: the time since the previous line, which gives no absolute time. */
const DELTA = /\[(?:[ <]{0,12}\+? {0,12}\d{1,9}\.\d{6}[ >]{0,2}|[A-Z][a-z]{2}\d\d \d\d:\d\d)\] /y;
/** After the stamp, the thread or processor that printed the line (CONFIG_PRINTK_CALLER): `[ T1234]`. */
const CALLER = /\[ {0,8}[TC]\d{1,9}\]/y;
/** A record of `/dev/kmsg`: priority, sequence number, microseconds since boot, flags. */
const KMSG = /\d{1,3},\d{1,12},(?<micros>\d{1,15}),[-c+](?:,[^;]{0,80})?;/y;
/** KLIPS lines carry this name, so they are recognised without any stamp. */
const KLIPS = 'klips_';
/** An auditd record: seconds since 1970 and the serial number of the event. */
const AUDIT = /(?:node=\S{1,64} )?type=[\w[\]]{1,40} msg=audit\((?<seconds>\d{10}\.\d{3}):\d{1,12}\): /y;

/**
 * Kernel lines without a program name, as printed by `dmesg`, `/dev/kmsg` and auditd. Only those that can be about
 * IPsec are taken.
 */
export function readKernelRing(line: SourceLine, state: SourceState): LogRecord | undefined {
  const { text } = line;
  const first = text.charCodeAt(0);
  const mayBe = first === 0x5b || first === 0x3c || first === 0x6b || first === 0x74 || first === 0x6e || (first >= 0x30 && first <= 0x39);
  if (!mayBe || !isKernelLine(text)) return undefined;
  const moment = readDated(text, state) ?? readRecord(text) ?? (text.startsWith(KLIPS) ? UNDATED : null);
  return moment === null ? undefined : { line, time: moment.time, inferred: moment.inferred, host: '', program: 'kernel', pid: null, message: text.slice(moment.end), repeats: 1, tag: null };
}

interface Header {
  readonly time: number | null;
  readonly inferred: LogRecord['inferred'];
  readonly end: number;
}

const UNDATED: Header = { time: null, inferred: [], end: 0 };

function readDated(text: string, state: SourceState): Header | null {
  const start = matchAt(LEVEL, text, 0) === null ? 0 : LEVEL.lastIndex;
  if (text.charCodeAt(start) === 0x5b) {
    if (matchAt(DELTA, text, start) !== null && !/^\[ *\d/.test(text.slice(start, start + 14))) return { time: null, inferred: [], end: DELTA.lastIndex };
  } else if (text.charCodeAt(start + 19) !== 0x2c) return null;
  const stamp = state.stamps.read(text, start);
  const end = stamp >= 0 && matchAt(CALLER, text, stamp) !== null ? CALLER.lastIndex : stamp;
  return end < 0 || text.charCodeAt(end) !== 0x20 ? null : { time: state.stamps.time, inferred: state.stamps.inferred, end: end + 1 };
}

function readRecord(text: string): Header | null {
  const micros = matchAt(KMSG, text, 0)?.['micros'];
  if (micros !== undefined) return { time: Math.floor(Number(micros) / 1000), inferred: ['date'], end: KMSG.lastIndex };
  const seconds = matchAt(AUDIT, text, 0)?.['seconds'];
  return seconds === undefined ? null : { time: Math.round(Number(seconds) * 1000), inferred: [], end: AUDIT.lastIndex };
}

function matchAt(pattern: RegExp, text: string, at: number): Record<string, string | undefined> | null {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match === null ? null : (match.groups ?? {});
}
