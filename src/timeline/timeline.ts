import type { Connection, TimelineEntry } from '../model/attempt.js';
import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import { Connections } from './connections.js';
import type { ConnectionInProgress } from './connections.js';
import { DaemonProcess } from './daemon-process.js';
import type { Placement } from './daemon-process.js';
import { HostEvents } from './host-events.js';
import type { SecurityAssociation } from './security-association.js';
import { tell } from './sa-story.js';

/** What the timeline has to tell since it was last asked; attempts are handed out as they stand, and go on changing. */
export type TimelineChange =
  | { readonly type: 'failed' | 'stalled' | 'repeated' | 'recovered'; readonly attempt: AttemptInProgress }
  | { readonly type: 'host'; readonly entry: TimelineEntry };

/** A failure is told about when nothing has taken it back for so long (milliseconds of message time). */
const FAILURE_SETTLES_AFTER = 2_000;
/** Silence of the peer is announced after so long. */
const STALL_AFTER = 3_000;
/** An attempt of which nothing was heard for so long never ends in this log. */
const ABANDONED_AFTER = 3_600_000;
/** An SA that was deleted counts as gone when none took its place for so long. */
const DEPARTED_AFTER = 10_000;
const DEPARTURES: ReadonlySet<string> = new Set(['ike.deleted_by_peer', 'lifecycle.terminated_by_operator']);
/** An attempt that failed and of which nothing was heard for so long is over. */
const FORGOTTEN_AFTER = 120_000;

/**
 * Events → attempts → connections. All state of a run is here. Time is message time; the caller may advance it while a live
 * stream is idle.
 */
export class Timeline {
  private readonly connections = new Connections();
  private readonly processes = new Map<string, DaemonProcess>();
  private readonly owners = new WeakMap<AttemptInProgress, SecurityAssociation>();
  private readonly watched = new Set<AttemptInProgress>();
  private readonly placed = new WeakSet<AttemptInProgress>();
  private readonly failing = new Set<string>();
  private readonly departed = new Set<AttemptInProgress>();
  private readonly hosts = new HostEvents();
  private changes: TimelineChange[] = [];
  private lastSweep = 0;

  /** Takes in one event. */
  push(event: Event): void {
    const { record, daemon } = event.message;
    const description = describeKind(event.kind);
    const process = this.process(`${record.host}|${daemon}|${record.pid ?? ''}`, event);
    if (description.subject === 'host') {
      this.takeHostEvent(event, process);
    } else if (description.role !== 'noise' || event.message.saNumber !== null) {
      this.takeAll(process.place(event), process);
    }
    if (record.time !== null && record.time - this.lastSweep >= 1_000) {
      this.advance(record.time);
    }
  }

  /** Message time has come to `time` (epoch milliseconds): settles failures and announces silence. */
  advance(time: number): void {
    this.lastSweep = time;
    this.settleDepartures(time);
    for (const attempt of this.watched) {
      const quiet = time - (attempt.lastTime ?? time);
      const { silentSince } = attempt;
      if (quiet >= ABANDONED_AFTER) {
        attempt.end('log-ends', attempt.lastTime);
        this.review(attempt);
        continue;
      }
      if (attempt.failing && quiet >= FORGOTTEN_AFTER) {
        attempt.end('failed', attempt.lastTime);
        this.review(attempt);
      } else if (attempt.announced) {
        continue;
      } else if (attempt.failing && time - (attempt.failedAt ?? time) >= FAILURE_SETTLES_AFTER) {
        this.announce(attempt);
      } else if (silentSince !== null && time - silentSince >= STALL_AFTER) {
        this.announceStall(attempt);
      }
    }
  }

  /** A live stream has paused: what has failed until now is told about without waiting for a later line. */
  pause(): void {
    for (const [, process] of this.processes) this.takeAll(process.flush(), process);
    for (const attempt of this.watched) {
      if (attempt.failing && !attempt.announced) this.announce(attempt);
    }
  }

  /** The log ends: nothing stays open. */
  finish(): void {
    for (const process of this.processes.values()) {
      this.takeAll(process.flush(), process);
      this.endAll(process, 'log-ends');
    }
    this.settleDepartures(null);
  }

  /** Changes since the last call, in order. */
  takeChanges(): readonly TimelineChange[] {
    const { changes } = this;
    this.changes = [];
    return changes;
  }

  /** Connections with at least one attempt. */
  allConnections(): readonly Connection[] {
    return this.connections.all().filter(({ attempts }) => attempts.length > 0);
  }

  hostEntries(): HostEvents {
    return this.hosts;
  }

  private process(key: string, event: Event): DaemonProcess {
    let process = this.processes.get(key);
    if (process !== undefined && event.kind === 'daemon.started') {
      this.endAll(process, 'closed');
      process = undefined;
    }
    if (process === undefined) {
      process = new DaemonProcess();
      this.processes.set(key, process);
    }
    return process;
  }

  private takeHostEvent(event: Event, process: DaemonProcess): void {
    if (describeKind(event.kind).role === 'failure') {
      const entry = this.hosts.add(event);
      if (entry !== null) this.changes.push({ type: 'host', entry });
    } else if (event.kind === 'log.gap') {
      this.hosts.addGap(event);
      for (const sa of process.open) for (const attempt of sa.open()) attempt.visibleStartOnly = true;
    } else if (event.kind === 'daemon.stopping') {
      this.endAll(process, 'closed');
    }
  }

  private takeAll(placements: readonly Placement[], process: DaemonProcess): void {
    for (const placement of placements) {
      for (const attempt of tell(placement, process)) {
        this.owners.set(attempt, placement.sa);
        this.review(attempt);
      }
      if (placement.sa.isSettled()) {
        placement.sa.gone = true;
        process.retire(placement.sa);
      }
    }
  }

  private endAll(process: DaemonProcess, outcome: 'log-ends' | 'closed'): void {
    for (const sa of process.open) {
      for (const attempt of sa.open()) {
        this.owners.set(attempt, sa);
        if (attempt === sa.child && sa.ike?.firstFailure != null) attempt.supersede(null);
        else attempt.end(outcome, null);
        this.review(attempt);
      }
      if (outcome === 'closed') {
        sa.ike?.close(sa.lastTime);
        sa.child?.close(sa.lastTime);
      }
    }
  }

  private review(attempt: AttemptInProgress): void {
    if (!attempt.over) {
      this.watched.add(attempt);
      return;
    }
    this.watched.delete(attempt);
    if (attempt.concluded || attempt.outcome === 'superseded') {
      return;
    }
    if (attempt.purpose === 'maintain' && attempt.firstFailure === null) this.reviewUpkeep(attempt);
    else this.conclude(attempt);
  }

  /** An SA that was up recovered from silence, or is gone without having failed. */
  private reviewUpkeep(attempt: AttemptInProgress): void {
    attempt.concluded = true;
    if (this.placed.has(attempt)) (attempt.connection as ConnectionInProgress).remove(attempt);
    if (attempt.outcome === 'established') {
      this.tellRecovery(attempt);
    } else if (attempt.entries.some(({ event }) => DEPARTURES.has(event.kind))) {
      this.departed.add(attempt);
    }
  }

  /** SAs that were taken down and that nothing replaced: worth telling, though nothing failed. */
  private settleDepartures(time: number | null): void {
    for (const attempt of this.departed) {
      if (time !== null && time - (attempt.ended ?? time) < DEPARTED_AFTER) continue;
      this.departed.delete(attempt);
      const connection = this.placeInConnection(attempt);
      connection.remove(attempt);
      if (connection.isUp() || connection.childFails()) continue;
      connection.add(attempt);
      attempt.blame();
      this.conclude(attempt);
    }
  }

  /** An attempt is over: it joins its connection, or the count of identical ones before it. */
  private conclude(attempt: AttemptInProgress): void {
    attempt.concluded = true;
    const connection = this.placeInConnection(attempt);
    connection.learn(attempt);
    const failed = attempt.firstFailure !== null;
    if (attempt.outcome === 'established') {
      connection.everEstablished = true;
      if (attempt.purpose === 'rekey' || attempt.purpose === 'reauthenticate') connection.rekeys += 1;
    }
    const twin = failed ? this.twinOf(attempt, connection) : null;
    if (twin !== null) {
      connection.fold(attempt, twin);
      this.changes.push({ type: 'repeated', attempt: twin });
    } else if (failed) {
      this.tellFailure('failed', attempt);
    } else if (attempt.outcome === 'established') {
      this.tellRecovery(attempt);
    }
  }

  private announce(attempt: AttemptInProgress): void {
    attempt.announced = true;
    const connection = this.placeInConnection(attempt);
    connection.learn(attempt);
    if (this.sameAsBefore(attempt, connection) === null) this.tellFailure('failed', attempt);
  }

  private announceStall(attempt: AttemptInProgress): void {
    if (attempt.outcome === 'stalled') {
      return;
    }
    attempt.stall();
    attempt.announced = true;
    const connection = this.placeInConnection(attempt);
    connection.learn(attempt);
    if (this.sameAsBefore(attempt, connection) === null) this.tellFailure('stalled', attempt);
  }

  private tellFailure(type: 'failed' | 'stalled', attempt: AttemptInProgress): void {
    if (!attempt.told) {
      attempt.told = true;
      this.failing.add(storyKey(attempt));
      this.changes.push({ type, attempt });
    }
  }

  private tellRecovery(attempt: AttemptInProgress): void {
    const recovered = this.failing.delete(storyKey(attempt));
    if (recovered) this.changes.push({ type: 'recovered', attempt });
  }

  private placeInConnection(attempt: AttemptInProgress): ConnectionInProgress {
    const sa = this.owners.get(attempt);
    if (!this.placed.has(attempt)) {
      const first = attempt.entries[0];
      if (first === undefined) throw new Error('an attempt has at least one line');
      const { message } = first.event;
      attempt.connection = this.connections.find(message, sa?.name ?? sa?.parent?.name ?? null, sa?.peerAddress ?? null);
      (attempt.connection as ConnectionInProgress).add(attempt);
      this.placed.add(attempt);
    }
    return attempt.connection as ConnectionInProgress;
  }

  private twinOf(attempt: AttemptInProgress, connection: ConnectionInProgress): AttemptInProgress | null {
    const before = connection.before(attempt);
    return before !== null && before.over && before.story === attempt.story ? before : null;
  }

  /** The attempt before fails in the same way, so that nothing new is to be told yet. */
  private sameAsBefore(attempt: AttemptInProgress, connection: ConnectionInProgress): AttemptInProgress | null {
    const before = connection.before(attempt);
    return before?.firstFailure != null && before.firstFailure.event.kind === attempt.firstFailure?.event.kind ? before : null;
  }
}

const storyKey = ({ connection, subject }: AttemptInProgress): string => `${connection.key}|${subject}`;
