import type { LogRecord } from '../model/log-record.js';

/** Words in log file names that tell the kind of log rather than the host. */
const KINDS = new Set([
  'log', 'logs', 'txt', 'json', 'gz', 'bz2', 'xz', 'zst', 'auth', 'authlog', 'syslog', 'messages', 'secure', 'daemon', 'kern', 'kernel', 'user', 'debug', 'all', 'system', 'old',
  'charon', 'strongswan', 'swan', 'pluto', 'libreswan', 'openswan', 'racoon', 'ipsec', 'ike', 'vpn', 'journal', 'iso', 'short', 'precise',
]);

/** Records compared to find out whether the clocks of two logs agree, and the tolerance in milliseconds. */
const COMPARED = 5_000;
const APART = 2_000;

/** Log files that belong to one host, and the host names found in them. */
interface Place {
  readonly directory: string;
  readonly name: string;
  readonly hosts: Set<string>;
  /** One of the files is written by a daemon itself, so its lines have neither host nor pid. */
  hasOwnFile: boolean;
  readonly zones: Set<Zone>;
  host: string | null;
}

/** Kinds of zones in stamps. A stamp without a zone is read as UTC. */
type Zone = 'none' | 'utc' | 'other';

/**
 * Assigns a host to records that do not name one. Files belong to the same host if they are in one directory and their
 * names differ only in words for the kind of log: `auth.log` and `charon.log`, or `east.syslog` and `east.charon.log`.
 * If exactly one host is named in them, it is that one; otherwise each further place without a host is named by what
 * distinguishes it from the first.
 */
export class HostAssignment {
  private readonly places = new Map<string, Place>();
  private readonly bySource = new Map<string, Place>();
  /** Hosts that have logs of a daemon both with and without pids. */
  private readonly pidless = new Set<string>();
  private unnamed: Place | null = null;
  private source = '';
  private place: Place | null = null;

  /** Learns from the first records of logs that are merged, before any record is located. */
  learn(records: readonly LogRecord[]): void {
    for (const record of records) {
      const place = this.placeOf(record.line.source);
      if (record.program === '') place.hasOwnFile = true;
      if (record.host !== '') place.hosts.add(record.host);
      if (record.time !== null) place.zones.add(zoneOf(record));
    }
    for (const place of this.places.values()) {
      const agree = !place.zones.has('none') || !place.zones.has('other') || this.clocksAgree(place, records);
      if (!place.hasOwnFile || place.hosts.size > 1 || !agree) continue;
      place.host ??= [...place.hosts][0] ?? null;
      this.pidless.add(this.hostOf(place));
    }
  }

  /** The record with its host, if known. */
  locate(record: LogRecord): LogRecord {
    if (record.host !== '') return record.pid !== null && this.pidless.has(record.host) ? { ...record, pid: null } : record;
    const { source } = record.line;
    if (source !== this.source || this.place === null) {
      this.source = source;
      this.place = this.placeOf(source);
    }
    const host = this.hostOf(this.place);
    const pid = this.pidless.has(host) ? null : record.pid;
    return host === '' && pid === record.pid ? record : { ...record, host, pid };
  }

  /** Do stamps with and without a zone agree, judged by a message that is in both logs? */
  private clocksAgree(place: Place, records: readonly LogRecord[]): boolean {
    const own = records.filter(({ line, time }) => time !== null && this.placeOf(line.source) === place).slice(0, COMPARED);
    const moments = new Map<string, number>();
    for (const record of own) if (zoneOf(record) === 'none') moments.set(withoutPrefix(record.message), record.time ?? 0);
    return own.some((record) => zoneOf(record) === 'other' && Math.abs((moments.get(withoutPrefix(record.message)) ?? 0) - (record.time ?? 0)) <= APART);
  }

  private hostOf(place: Place): string {
    if (place.host !== null) return place.host;
    this.unnamed ??= place;
    place.host = place === this.unnamed ? '' : place.name !== '' ? place.name : place.directory.slice(place.directory.lastIndexOf('/') + 1);
    return place.host;
  }

  private placeOf(source: string): Place {
    const known = this.bySource.get(source);
    if (known !== undefined) return known;
    const slash = source.lastIndexOf('/');
    const directory = source.slice(0, Math.max(0, slash));
    const name = withoutKinds(source.slice(slash + 1));
    const key = `${directory}/${name}`;
    const place = this.places.get(key) ?? { directory, name, hosts: new Set(), hasOwnFile: false, zones: new Set(), host: null };
    this.places.set(key, place);
    this.bySource.set(source, place);
    return place;
  }
}

/** `gw-1.charon.log.2.gz` → `gw-1`: a number after the kind of log counts rotated parts. */
function withoutKinds(file: string): string {
  const kept: string[] = [];
  let isKind = false;
  for (const word of file.split(/[.\-_~]/)) {
    isKind = KINDS.has(word) || (isKind && /^\d*$/.test(word));
    if (!isKind && word !== '') kept.push(word);
  }
  return kept.join('-');
}

/** Removes charon's `05[IKE] <gw|3> `, which only some logs contain. */
function withoutPrefix(message: string): string {
  return message.replace(/^\d{2,5}\[[A-Z]{3}\d?\] (?:<[^>]{1,200}> )?/, '');
}

function zoneOf({ inferred, line: { text } }: LogRecord): Zone {
  if (inferred.includes('zone')) return 'none';
  return /^\S{19,35}(?:Z|[+-]00:?00) /.test(text) ? 'utc' : 'other';
}
