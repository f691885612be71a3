import type { TimelineEntry } from '../../model/attempt.js';
import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import { isSoonAfter } from '../values/elapsed.js';

/** Distinct host failures kept; more are most likely one problem in many wordings. */
const MAX_ENTRIES = 200;
const MAX_GAPS = 100;
/** Programs and wordings that tell one failure. */
const MAX_TELLERS = 32;

/** Maximum number of lines and milliseconds that one failure of a thread may span, including backtraces. */
const SEVERAL_LINES = 80;
const SEVERAL_MS = 1000;
/** Maximum milliseconds after which the daemon's parent notices that it died. */
const NOTICED_MS = 60_000;

interface Counted {
  entry: TimelineEntry;
  repeats: number;
  /** How often each observer has told it, by program and signature, with the pid of the latest line. */
  readonly tellings: Map<string, Telling>;
  /** A failure of another kind followed from it. */
  hasConsequence: boolean;
  /** The latest line about it. */
  latest: Event;
}

interface Telling {
  readonly count: number;
  readonly pid: number | null;
}

/**
 * Events that concern no single SA: port in use, configuration not loaded, lost log lines. Identical ones are counted.
 */
export class HostEvents {
  readonly gaps: Event[] = [];
  private readonly counted = new Map<string, Counted>();

  /** Returns the entry if it is new, null for a repetition. */
  add(event: Event): TimelineEntry | null {
    const key = `${event.message.record.host}|${event.signature}|${JSON.stringify(event.fields)}`;
    const told = this.toldBefore(event);
    if (told !== undefined) {
      told.entry = { ...told.entry, event: { ...told.entry.event, fields: { ...event.fields, ...told.entry.event.fields } } };
      told.latest = event;
      return null;
    }
    const known = this.counted.get(key) ?? this.reasonOf(event);
    if (known !== undefined) {
      if (known.entry.event.kind === event.kind) tellAgain(known, event);
      known.hasConsequence ||= known.entry.event.kind !== event.kind;
      known.latest = event;
      return null;
    }
    if (this.counted.size >= MAX_ENTRIES) {
      return null;
    }
    const entry: TimelineEntry = { event, link: 'sa' };
    const counted: Counted = { entry, repeats: 0, tellings: new Map(), hasConsequence: this.dropWhatFollowsFrom(event), latest: event };
    tellAgain(counted, event);
    this.counted.set(key, counted);
    return entry;
  }

  /**
   * A connection that is being negotiated has been loaded, and the daemon runs: earlier complaints that it was unknown,
   * or that whack did not find the daemon yet, are obsolete.
   */
  begins({ message: { connectionName, record: { host } } }: Event): void {
    if (connectionName === null || this.counted.size === 0) return;
    for (const [key, { entry: { event } }] of this.counted) {
      if (event.message.record.host !== host) continue;
      if (event.kind === 'daemon.not_found' || (event.kind === 'config.connection_unknown' && nameIn(event) === connectionName)) this.counted.delete(key);
    }
  }

  /** What starts the daemon looks first whether it runs: that whack did not find it shortly before is obsolete. */
  starts(start: Event): void {
    const { host } = start.message.record;
    for (const [key, { latest, entry: { event } }] of this.counted) {
      if (event.kind === 'daemon.not_found' && event.message.record.host === host && isSoon(latest, start)) this.counted.delete(key);
    }
  }

  /**
   * Does a known failure explain this one (or is it the same)? The observer may not name a host. If so, it is a
   * consequence.
   */
  explains(seen: Event): boolean {
    const reasons = describeKind(seen.kind).followsFrom ?? [];
    const { host } = seen.message.record;
    if (seen.fields['script.command'] !== undefined) this.dropExits(host);
    const reason = [...this.counted.values()].find(({ entry: { event } }) => reasons.includes(event.kind) && (host === '' || event.message.record.host === host));
    if (reason !== undefined) reason.hasConsequence = true;
    return reason !== undefined;
  }

  addGap(event: Event): void {
    if (this.gaps.length < MAX_GAPS) this.gaps.push(event);
  }

  /** Distinct failures in order of first occurrence, with their counts. */
  all(): readonly { readonly entry: TimelineEntry; readonly repeats: number; readonly hasConsequence: boolean }[] {
    return [...this.counted.values()];
  }

  /** The service manager logs that a step of the start failed; its status names the step, which is the reason. */
  private dropExits(host: string): void {
    for (const [key, { entry: { event: { kind, message: { record } } } }] of this.counted) {
      if (kind === 'daemon.start_failed' && record.program === 'systemd' && (host === '' || record.host === host)) this.counted.delete(key);
    }
  }

  /**
   * The failure that the same thread is logging over several lines; a line with different values starts another. A
   * crash may be logged by any thread.
   */
  private toldBefore(event: Event): Counted | undefined {
    const { kind, message: { record: { line, time, host } } } = event;
    if (describeKind(kind).severalLines !== true) return undefined;
    return [...this.counted.values()].findLast(({ entry, latest }) => {
      const { record } = latest.message;
      return latest.kind === kind && record.host === host && record.line.source === line.source
        && line.number - record.line.number <= SEVERAL_LINES && Math.abs((time ?? 0) - (record.time ?? 0)) <= SEVERAL_MS && goesOn(event, latest, entry.event);
    });
  }

  /** A failure of the same host, and of the same connection if both name one, that explains this one. */
  private reasonOf(event: Event): Counted | undefined {
    const reasons = describeKind(event.kind).followsFrom ?? [];
    if (reasons.length === 0) return undefined;
    const { host } = event.message.record;
    const name = nameIn(event);
    return [...this.counted.values()].find(({ entry: { event: earlier } }) => reasons.includes(earlier.kind) && (earlier.message.record.host === host || host === '') && ((earlier.kind !== event.kind && event.kind !== 'daemon.crashed') || isSoon(earlier, event))
      && (name === null || (nameIn(earlier) ?? name) === name));
  }

  /**
   * A console prints what followed (`Job for ipsec.service failed`), and is quoted, before the log with the reason: a
   * line without a time proves no order. And a tool finds no daemon before the log says why. True if there was any.
   */
  private dropWhatFollowsFrom(reason: Event): boolean {
    const { kind, message: { record: { host } } } = reason;
    let any = false;
    for (const [key, { entry: { event } }] of this.counted) {
      const { record } = event.message;
      const isBefore = record.time === null || (event.kind === 'daemon.not_running' && isSoon(event, reason));
      if (isBefore && event.kind !== kind && (record.host === '' || record.host === host) && describeKind(event.kind).followsFrom?.includes(kind) === true) any = this.counted.delete(key) || any;
    }
    return any;
  }
}

/**
 * Counts a line about a known failure. The daemon, its starter, systemd and the kernel each tell the same death in
 * their own words, so it happened as often as the one that tells it most often says; a process dies only once.
 */
function tellAgain(known: Counted, { kind, signature, message: { record: { program, pid } } }: Event): void {
  const teller = `${program}|${signature}`;
  const told = known.tellings.get(teller);
  if (told?.pid === pid && ((kind === 'daemon.crashed' && pid !== null && pid > 1) || kind === 'daemon.nss_failed')) return;
  const count = (told?.count ?? 0) + 1;
  if (told !== undefined || known.tellings.size < MAX_TELLERS) known.tellings.set(teller, { count, pid });
  known.repeats = Math.max(known.repeats, count);
}

/** Does the event continue the failure with these latest and first lines? */
function goesOn({ kind, fields, message }: Event, { message: latest }: Event, first: Event): boolean {
  // swanctl repeats in its own words what the daemon has just logged
  const retold = message.record.program === 'swanctl' && latest.record.program !== 'swanctl' && latest.connectionName === null;
  if (retold) return true;
  const told: Readonly<Record<string, unknown>> = first.fields;
  const entries = Object.entries(fields);
  if (message.thread === null) return message.record.program === latest.record.program && message.record.pid === latest.record.pid && entries.length > 0 && entries.every(([name, value]) => told[name] === value);
  return (latest.thread === message.thread || kind === 'daemon.crashed') && entries.every(([name, value]) => isOf(value, told[name]));
}

/** Can both values belong to one failure? `told` may be the faulty part (`aes999`) of the later `value` (`aes999-sha256`). */
const isOf = (value: unknown, told: unknown): boolean => told === undefined || told === value || (typeof value === 'string' && typeof told === 'string' && value.split('-').includes(told));

function isSoon({ message: { record: first } }: Event, { message: { record: second } }: Event): boolean {
  return isSoonAfter(NOTICED_MS, first.time, second.time);
}

function nameIn({ fields, message }: Event): string | null {
  const name = fields['connection.name'];
  return typeof name === 'string' ? name : message.connectionName;
}
