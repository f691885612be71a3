import type { LogRecord } from '../model/log-record.js';

/** Words in names of log files that say what is logged and how, not where. */
const KINDS = new Set([
  'log', 'logs', 'txt', 'json', 'gz', 'bz2', 'xz', 'zst', 'auth', 'authlog', 'syslog', 'messages', 'secure', 'daemon', 'kern', 'kernel', 'user', 'debug', 'all', 'system', 'old',
  'charon', 'strongswan', 'swan', 'pluto', 'libreswan', 'openswan', 'racoon', 'ipsec', 'ike', 'vpn', 'journal', 'iso', 'short', 'precise',
]);

/** Records compared to learn if the clocks of two logs agree, and the milliseconds by which stamps of one message differ. */
const COMPARED = 5_000;
const APART = 2_000;

/** Logs and the hosts seen in them. */
interface Place {
  readonly directory: string;
  readonly name: string;
  readonly hosts: Set<string>;
  /** Has a file that a daemon writes itself, which says neither host nor pid. */
  hasOwnFile: boolean;
  readonly zones: Set<Zone>;
  host: string | null;
}

/** Whether stamps have a zone. One without is read as UTC. */
type Zone = 'none' | 'utc' | 'other';

/**
 * Says of which host a record is that does not say it itself. Files belong to one host if they lie in one directory and what their
 * names tell besides the kind of log is the same: `auth.log` and `charon.log`, or `east.syslog` and `east.charon.log`. Where one of
 * them says the host (and only one), that is it; else each further place without a host gets the name that tells it from the first one.
 */
export class Places {
  readonly #places = new Map<string, Place>();
  readonly #bySource = new Map<string, Place>();
  /** Hosts with logs of one daemon with and without pid. */
  readonly #pidless = new Set<string>();
  #unnamed: Place | null = null;
  #source = '';
  #place: Place | null = null;

  /** Records of logs that are read side by side, before any of them is placed. */
  learn(records: readonly LogRecord[]): void {
    for (const record of records) {
      const place = this.#placeOf(record.line.source);
      if (record.program === '') place.hasOwnFile = true;
      if (record.host !== '') place.hosts.add(record.host);
      if (record.time !== null) place.zones.add(zoneOf(record));
    }
    for (const place of this.#places.values()) {
      const agree = !place.zones.has('none') || !place.zones.has('other') || this.#clocksAgree(place, records);
      if (!place.hasOwnFile || place.hosts.size > 1 || !agree) continue;
      place.host ??= [...place.hosts][0] ?? null;
      this.#pidless.add(this.#hostOf(place));
    }
  }

  /** The record, with its host where that is known. */
  locate(record: LogRecord): LogRecord {
    if (record.host !== '') return record.pid !== null && this.#pidless.has(record.host) ? { ...record, pid: null } : record;
    const { source } = record.line;
    if (source !== this.#source || this.#place === null) {
      this.#source = source;
      this.#place = this.#placeOf(source);
    }
    const host = this.#hostOf(this.#place);
    const pid = this.#pidless.has(host) ? null : record.pid;
    return host === '' && pid === record.pid ? record : { ...record, host, pid };
  }

  /** Do stamps without zone and stamps with one tell the same moment, by a message that is in both logs? */
  #clocksAgree(place: Place, records: readonly LogRecord[]): boolean {
    const own = records.filter(({ line, time }) => time !== null && this.#placeOf(line.source) === place).slice(0, COMPARED);
    const moments = new Map<string, number>();
    for (const record of own) if (zoneOf(record) === 'none') moments.set(withoutPrefix(record.message), record.time ?? 0);
    return own.some((record) => zoneOf(record) === 'other' && Math.abs((moments.get(withoutPrefix(record.message)) ?? 0) - (record.time ?? 0)) <= APART);
  }

  #hostOf(place: Place): string {
    if (place.host !== null) return place.host;
    this.#unnamed ??= place;
    place.host = place === this.#unnamed ? '' : place.name !== '' ? place.name : place.directory.slice(place.directory.lastIndexOf('/') + 1);
    return place.host;
  }

  #placeOf(source: string): Place {
    const known = this.#bySource.get(source);
    if (known !== undefined) return known;
    const slash = source.lastIndexOf('/');
    const directory = source.slice(0, Math.max(0, slash));
    const name = withoutKinds(source.slice(slash + 1));
    const key = `${directory}/${name}`;
    const place = this.#places.get(key) ?? { directory, name, hosts: new Set(), hasOwnFile: false, zones: new Set(), host: null };
    this.#places.set(key, place);
    this.#bySource.set(source, place);
    return place;
  }
}

/** `gw-1.charon.log.2.gz` → `gw-1`: a number behind the kind of log counts its rotated parts. */
function withoutKinds(file: string): string {
  const kept: string[] = [];
  let isKind = false;
  for (const word of file.split(/[.\-_~]/)) {
    isKind = KINDS.has(word) || (isKind && /^\d*$/.test(word));
    if (!isKind && word !== '') kept.push(word);
  }
  return kept.join('-');
}

/** charon's `05[IKE] <gw|3> ` is in some logs only. */
function withoutPrefix(message: string): string {
  return message.replace(/^\d{2,5}\[[A-Z]{3}\d?\] (?:<[^>]{1,200}> )?/, '');
}

function zoneOf({ inferred, line: { text } }: LogRecord): Zone {
  if (inferred.includes('zone')) return 'none';
  return /^\S{19,35}(?:Z|[+-]00:?00) /.test(text) ? 'utc' : 'other';
}
