import type { Connection, TimelineEntry } from '../model/attempt.js';
import type { GatewayLog } from '../model/counterpart.js';
import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import type { EventKindEntry } from '../model/event-kinds/entry.js';
import { DaemonProcess } from './associations/daemon-process.js';
import { reusesNumber } from './associations/number-reuse.js';
import type { SecurityAssociation } from './associations/security-association.js';
import type { AttemptInProgress } from './attempts/attempt-in-progress.js';
import { tell } from './attempts/sa-attempts.js';
import type { Told } from './attempts/sa-attempts.js';
import { lacksReasons, leftBehind } from './attempts/unexplained-ends.js';
import { AttemptReview } from './conclusions/attempt-review.js';
import { Conclusions } from './conclusions/conclusions.js';
import type { AttemptChange } from './conclusions/reported-failures.js';
import { restartedAttempts } from './conclusions/restarted-attempts.js';
import { CutOff } from './cut-off.js';
import { DroppedPackets } from './host/dropped-packets.js';
import { gatewayLogs, HostAddresses } from './host/gateway-logs.js';
import { HostEvents } from './host/host-events.js';
import { KernelLines } from './host/kernel-lines.js';
import { mayBeReplaced } from './known-process.js';
import type { KnownProcess } from './known-process.js';
import { KnownProcesses } from './known-processes.js';
import { asLoaded } from './loaded-certificates.js';
import { diedWith, endAll } from './process-end.js';
import { Replacements } from './replacements.js';

/** A change to report since the last call; its attempt is live and may still change. */
export type TimelineChange = AttemptChange | { readonly type: 'host'; readonly entry: TimelineEntry };

/** The daemon starts, or is told to. */
const STARTS: ReadonlySet<string> = new Set(['daemon.started', 'daemon.start_ordered']);

/** Milliseconds of message time between checks of open attempts. */
const SWEEP_EVERY = 1_000;
/** Milliseconds of message time between removals of what no line can refer to any more. */
const TIDY_EVERY = 120_000;

/**
 * Turns events into attempts of connections. Holds the whole state of a run. Time is message time; the caller may
 * advance it while a live stream is idle.
 */
export class Timeline {
  private readonly processes = new KnownProcesses(() => this.createProcess());
  private readonly hosts = new HostEvents();
  private readonly addresses = new HostAddresses();
  private readonly kernel = new KernelLines();
  private readonly dropped = new DroppedPackets();
  private changes: TimelineChange[] = [];
  private readonly cutOff = new CutOff();
  private readonly conclusions: Conclusions;
  private readonly review: AttemptReview;
  private readonly replacements = new Replacements();
  private lastSweep = 0;
  private lastTidied = 0;

  /** `stories`: number of latest attempts whose lines are all kept. */
  constructor(stories: number) {
    this.conclusions = new Conclusions((change) => this.changes.push(change), stories);
    this.review = new AttemptReview(this.conclusions);
  }

  /** Takes in one event. */
  push(told: Event): void {
    const process = this.process(told);
    const event = process.earlier.loading.place(asLoaded(told));
    this.cutOff.note(event);
    const { record } = event.message;
    const description = describeKind(event.kind);
    if (description.subject === 'host') {
      if (STARTS.has(event.kind)) this.hosts.starts(event);
      this.takeHostEvent(process.hear(event), description, process);
    } else if (event.message.daemon === 'kernel') {
      this.takeKernelEvent(event);
    } else if (description.role !== 'noise' || event.message.saNumber !== null || event.kind === 'log.unread' || event.kind.startsWith('sa.')) {
      process.sharedIdentities.hear(event);
      process.place(event);
      if (description.starts === true) this.hosts.begins(event);
      if (description.starts === true && !this.dropped.isEmpty) for (const earlier of this.dropped.before(event)) this.takeKernelEvent(earlier);
    }
    if (record.time !== null && record.time - this.lastSweep >= SWEEP_EVERY) {
      this.advance(record.time);
    }
  }

  /** Advances message time to `time` (epoch milliseconds): settles failures and reports silence. */
  advance(time: number): void {
    // On whole seconds, so that a run resumed in the middle checks at the same moments.
    this.lastSweep = time - (time % SWEEP_EVERY);
    this.endReplaced(time);
    this.review.advance(time);
    if (time - this.lastTidied >= TIDY_EVERY) this.tidy(time);
  }

  /** A live stream has paused: reports current failures without waiting for a later line. */
  pause(): void {
    for (const { process } of this.processes) process.flush();
    this.review.pause();
  }

  /** The log has ended: closes everything that is open. */
  finish(): void {
    const refused = this.cutOff.take();
    if (refused !== null) this.push(refused);
    this.endReplaced(null);
    for (const { process, last } of this.processes) {
      process.flush();
      this.tellServing(process, last ?? 0);
      const inVain = process.earlier.orderInVain();
      if (inVain !== null) this.takeHostFailure(inVain);
      for (const attempt of restartedAttempts(process)) {
        attempt.breakOff(lacksReasons(attempt) ? 'observed.ike_not_established' : 'observed.ike_abandoned');
        this.review.review(attempt);
      }
      for (const attempt of leftBehind(process, last)) this.review.review(attempt);
      endAll(process, 'log-ends', null, this.review);
    }
    this.conclusions.settleDepartures(null);
    this.conclusions.connections.joinNameless();
    this.tellDropped();
    for (const event of this.dropped.takeRest()) this.takeHostFailure(event);
  }

  /** Changes since the last call, in order. */
  takeChanges(): readonly TimelineChange[] {
    const { changes } = this;
    this.changes = [];
    return changes;
  }

  /** Number of connections failing so far. */
  countFailing(): number {
    return this.conclusions.told.countFailing();
  }

  /**
   * The first block of lines ({@link SourceLine.block}) to which later lines may still refer; infinite if there is
   * none.
   */
  neededFrom(): number {
    return this.review.neededFrom();
  }

  /**
   * What an earlier run reported as failing, as `<key of the connection>|<subject>`, so that its recovery is reported.
   */
  restoreFailing(stories: Iterable<string>): void {
    this.conclusions.told.restore(stories);
  }

  /** Connections with at least one attempt. */
  allConnections(): readonly Connection[] {
    return this.conclusions.connections.all().filter(({ attempts }) => attempts.length > 0);
  }

  hostEntries(): HostEvents {
    return this.hosts;
  }

  /** What is known about each host's log, by host. */
  gatewayLogs(): ReadonlyMap<string, GatewayLog> {
    return gatewayLogs(this.processes.spans(), this.addresses);
  }

  private process(event: Event): DaemonProcess {
    const known = this.processes.of(event.message);
    known.last = event.message.record.time ?? known.last;
    known.first ??= known.last;
    known.process.since ??= known.last;
    if (event.kind === 'daemon.started') {
      for (const other of this.processes.on(known.host)) {
        if (mayBeReplaced(other, known)) this.replacements.suppose(other, event);
      }
      this.restart(known, event);
    } else if (reusesNumber(event, known.process)) {
      this.restart(known, null);
    }
    this.replacements.speaks(known);
    return known.process;
  }

  /** Ends the SAs of a process that was started anew. `by`: the line that says so. */
  private restart(known: KnownProcess, by: Event | null): void {
    endAll(known.process, 'closed', by, this.review);
    known.process = this.createProcess(known.process);
  }

  private endReplaced(time: number | null): void {
    for (const [known, by] of this.replacements.take(time)) {
      endAll(known.process, 'closed', by, this.review);
      known.isReplaced = true;
    }
  }

  /** Removes finished SAs and processes, so that a run of months does not grow. */
  private tidy(time: number): void {
    this.lastTidied = time - (time % TIDY_EVERY);
    for (const { process } of this.processes) {
      this.tellServing(process, time);
      for (const attempt of leftBehind(process, time)) this.review.review(attempt);
      process.tidy(time);
    }
    this.processes.tidy(time);
  }

  /** Reports the recovery of tunnels that repeatedly came up in vain and now serve their peers. */
  private tellServing({ unusedTunnels }: DaemonProcess, time: number): void {
    for (const { ike } of unusedTunnels.takeServing(time)) if (ike !== null) this.conclusions.told.tellRecovery(ike);
  }

  private createProcess(former?: DaemonProcess): DaemonProcess {
    const process: DaemonProcess = new DaemonProcess((event, placed, link, others) => {
      const told = tell(event, placed, link, others, process);
      if (told !== null) {
        const up = comingUp(told);
        if (up !== null) process.retireOutlived(up);
        const shared = up === null ? null : process.sharedIdentities.comesUp(up);
        if (shared !== null) this.takeHostFailure(shared);
        const inVain = up === null ? null : process.unusedTunnels.comesUp(up);
        this.review.review(told.attempt);
        for (const attempt of told.also) this.review.review(attempt);
        if (inVain !== null) this.conclusions.disprove(inVain.attempt, inVain.another);
        if (told.sa.gone && !told.attempt.over) process.revive(told.sa);
        if (told.sa !== placed && told.sa.isSettled()) process.retire(told.sa);
      }
      if (placed.isSettled()) process.retire(placed);
    }, former?.unusedTunnels, former?.sharedIdentities);
    return process;
  }

  /** A kernel line concerns an SA of a daemon on its host; packets that belong to none are no failure. */
  private takeKernelEvent(event: Event): void {
    const { host } = event.message.record;
    const processes = this.processes.latestOn(host);
    const told = this.kernel.take(event, processes);
    if (told === 'nobody' && this.dropped.add(event)) this.tellDropped();
    else if (told === 'nobody' && (processes.length === 0 || !namesPacket(event)) && describeKind(event.kind).role === 'failure') this.takeHostFailure(event);
    else if (told !== null && told !== 'nobody') this.review.review(told);
  }

  /** Reports repeated drops if the other end is a known peer, or no peer is known: anybody may send packets. */
  private tellDropped(): void {
    const peers = this.conclusions.connections.all();
    const many = this.dropped.takeMany((host, ends) => {
      const own = peers.filter((connection) => connection.host === host);
      return own.length === 0 || own.some(({ peer }) => ends.includes(peer.address));
    });
    for (const event of many) this.takeHostFailure(event);
  }

  private takeHostEvent(event: Event, { role }: EventKindEntry, process: DaemonProcess): void {
    if (role === 'failure') {
      this.takeHostFailure(event);
      for (const dead of diedWith(event, process, this.processes)) endAll(dead, 'closed', event, this.review);
    } else if (event.kind === 'log.gap') {
      this.hosts.addGap(event);
      this.markGap(event.message.record.host);
    } else if (event.kind === 'daemon.stopping') {
      endAll(process, 'closed', event, this.review);
    } else if (event.kind === 'daemon.interface') {
      this.addresses.learn(event);
    }
  }

  private takeHostFailure(event: Event): void {
    const entry = this.hosts.add(event);
    if (entry !== null) this.changes.push({ type: 'host', entry });
  }

  /** The logging service reported lost lines: any SA of its host may lack some. */
  private markGap(host: string): void {
    for (const { process } of this.processes.on(host)) for (const sa of process.live) for (const attempt of sa.open()) attempt.visibleStartOnly = true;
  }
}

/** The IKE SA that comes up with the line. */
function comingUp({ attempt, also }: Told): SecurityAssociation | null {
  const isUp = (each: AttemptInProgress): boolean => each.subject === 'ike' && each.outcome === 'established' && !each.concluded && each.owner?.ike === each;
  return isUp(attempt) ? attempt.owner : also.find(isUp)?.owner ?? null;
}

/** KLIPS drops packets without naming their addresses, so no SA can be found for them. */
const namesPacket = ({ fields }: Event): boolean => fields['source.address'] !== undefined || fields['destination.address'] !== undefined;
