import type { LogRecord } from '../../model/log-record.js';
import { CLOUD_VPN } from '../../model/programs.js';
import type { SourceLine } from '../../model/source-line.js';
import { startsDaemon } from './daemon-shape.js';
import { OTHER_PROGRAM, type SourceState } from './format.js';
import { integerOf, parseObject, plainText, stringOf } from './json.js';
import { mergeLayers } from './nested-envelopes.js';
import { isKernelLine, isRelevant, readTag } from './programs.js';

/**
 * Objects in which log servers nest the fields of a line: Elasticsearch, Google Cloud, Splunk, Datadog, Kibana, Azure,
 * and Oracle Cloud's two, one in the other.
 */
const NESTED = ['_source', 'jsonPayload', 'result', 'attributes', 'content', 'fields', 'properties', 'logContent', 'data'] as const;

/** Names of the fields, in order of preference. */
const NAMES = {
  message: ['MESSAGE', 'message', 'msg', 'log', 'line', 'textPayload', 'short_message', '_raw', 'body', 'text', 'Message', 'SyslogMessage'],
  time: ['time', '@timestamp', 'timestamp', 'ts', '_time', 'receiveTimestamp', 'eventTime', 'datetime', 'date', 'TimeGenerated', '__REALTIME_TIMESTAMP'],
  program: ['SYSLOG_IDENTIFIER', 'program', 'programname', 'appname', 'app_name', 'application', 'process_name', 'ProcessName', 'syslog_program', 'ident', 'syslogtag', 'tag', '_COMM', 'process'],
  host: ['hostname', 'host', '_HOSTNAME', 'HOSTNAME', 'HostName', 'fromhost', 'Computer', 'source'],
  pid: ['_PID', 'SYSLOG_PID', 'pid', 'procid', 'syslog_pid', 'ProcessID'],
} as const;

/** A line wrapped in JSON by containers and log shippers; one array may span several lines of them. */
export function readJson(line: SourceLine, state: SourceState): LogRecord | typeof OTHER_PROGRAM | undefined {
  const { text } = line;
  const start = text.indexOf('{');
  if (start < 0 || start > 6 || !text.includes('":')) return undefined;
  const entry = parseObject(text.slice(start).replace(/[\],\s]{1,4}$/, ''));
  return entry === null ? undefined : readWrapper(entry, line, state);
}

/** Builds a record from the fields of a JSON object that wraps a line. */
export function readWrapper(object: Record<string, unknown>, line: SourceLine, state: SourceState): LogRecord | typeof OTHER_PROGRAM | undefined {
  const entry = flatten(object);
  const written = pick(entry, NAMES.message);
  if (written === undefined) return undefined;
  const message = plainText(written).replace(/\\n$/, '');
  if ('pri' in entry && isKernelLine(message)) return readKernelEntry(entry['time'], message, line, state);
  const process = objectOf(entry['process']);
  const cloud = cloudVpnOf(entry);
  const named = cloud?.program ?? pick(entry, NAMES.program) ?? pick(process, ['name', 'executable']) ?? '';
  const { program, pid } = readTag(named.replace(/:$/, ''));
  const stamp = pick(entry, NAMES.time) ?? '';
  const isStamped = stamp !== '' && state.stamps.read(stamp, 0) > 0;
  const { time, inferred } = state.stamps;
  const outer: LogRecord = {
    line,
    time: isStamped ? time : null,
    inferred: isStamped ? inferred : [],
    host: cloud?.tunnel ?? pick(entry, NAMES.host) ?? pick(objectOf(entry['host']), ['hostname', 'name']) ?? '',
    program,
    pid: pid ?? integerOf(pick(entry, NAMES.pid) ?? pick(process, ['pid'])),
    message,
    repeats: 1,
    tag: null,
  };
  const inner = state.readInner({ ...line, text: message });
  if (inner !== undefined) return cloud === null ? mergeLayers(outer, inner) : { ...mergeLayers(outer, inner), program };
  return cloud !== null || isRelevant(program, message, 0) || startsDaemon(message, 0) ? outer : OTHER_PROGRAM;
}

/**
 * The VPN service of a cloud that wrote an entry, and the tunnel that it is about; null for any other entry. The text is
 * that of a daemon of which each tunnel has its own.
 */
function cloudVpnOf(entry: Record<string, unknown>): { readonly program: string; readonly tunnel: string } | null {
  const resource = objectOf(entry['resource']);
  if (resource['type'] === 'vpn_gateway') return { program: CLOUD_VPN.google, tunnel: pick(objectOf(entry['labels']), ['tunnel_id']) ?? pick(objectOf(resource['labels']), ['gateway_id']) ?? '' };
  const tunnel = 'oracle' in entry ? pick(entry, ['TunnelId', 'tunnelId']) : undefined;
  return tunnel === undefined ? null : { program: CLOUD_VPN.oracle, tunnel };
}

/** `dmesg --json`: the time is in seconds since boot, and there is no program. */
function readKernelEntry(seconds: unknown, message: string, line: SourceLine, state: SourceState): LogRecord {
  const isStamped = typeof seconds === 'number' && state.stamps.read(`[${seconds.toFixed(6)}]`, 0) > 0;
  return { line, time: isStamped ? state.stamps.time : null, inferred: isStamped ? state.stamps.inferred : [], host: '', program: 'kernel', pid: null, message, repeats: 1, tag: null };
}

/** Merges the fields of the known nested objects into one. */
function flatten(object: Record<string, unknown>): Record<string, unknown> {
  let flat = object;
  for (const name of NESTED) {
    const nested = objectOf(flat[name]);
    if (Object.keys(nested).length > 0) flat = { ...flat, ...nested };
  }
  return flat;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function pick(entry: Record<string, unknown>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = entry[name];
    const text = stringOf(Array.isArray(value) ? value[0] : value);
    if (text !== null && text !== '') return text;
  }
  return undefined;
}
