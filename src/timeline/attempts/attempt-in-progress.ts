import type { AbridgedStory, Attempt, Connection, Exchange, Outcome, Phase, Role, Subject, TimelineEntry } from '../../model/attempt.js';
import type { Daemon } from '../../model/daemons.js';
import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';
import type { EventKindEntry } from '../../model/event-kinds/entry.js';
import type { Fields } from '../../model/fields.js';
import { NAT_TRAVERSAL_PORT } from '../../model/ports.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import type { SharedValues } from '../values/shared-values.js';
import { addFields } from './added-fields.js';
import { AttemptStory } from './attempt-story.js';
import { furthest, isRekeying, progressOf, provesState, refined, showsPpk } from './phases.js';
import type { StateProgress } from './phases.js';
import { speaksOfFailure } from './unread-lines.js';
import { withVendorId } from './vendor-ids.js';

const MAX_CANDIDATES = 8;
const NO_NAMES: readonly string[] = [];

/** An attempt while its lines arrive. For the first failure see CONTRIBUTING.md, "How the first failure is found". */
export class AttemptInProgress implements Attempt {
  role: Role = 'unknown';
  exchange: Exchange = 'unknown';
  purpose: Attempt['purpose'] = 'create';
  peerAddress: string | null = null;
  started: number | null = null;
  ended: number | null = null;
  reached: Phase = 'none';
  outcome: Outcome = 'open';
  visibleStartOnly = false;
  /** A line says that it begins; if none does, it may have begun before the log. */
  begun = false;
  candidates: readonly string[] = NO_NAMES;
  fields: Fields = {};
  vendorIds: readonly string[] = NO_NAMES;
  retransmits = 0;
  peerAnswered = false;
  natPortIsOpen = false;
  repeats = 1;
  lastRepeat: number | null = null;
  closedBy: Event | null = null;
  doubt: Event | null = null;
  /** The attempt that established the SA which this one reauthenticates, until it is over. */
  renews: AttemptInProgress | null = null;
  /** A post-quantum pre-shared key is part of its authentication. */
  usesPpk = false;
  /** What was reported of it last. */
  told: 'failed' | 'stalled' | null = null;
  /** Its failure or silence was reviewed and need not be again until the peer is heard. */
  announced = false;
  /** It is watched by the review. */
  watched = false;
  /** It is over and counted in its connection. */
  concluded = false;
  /** Its Child SA was deleted normally: replaced, or taken down by this side. Its IKE SA was rekeyed. */
  retired = false;
  /** A request of it went unanswered, for which the daemon gave up the IKE SA. */
  endsIkeSa = false;
  /** It was compared with the later attempts of its connection. */
  compared = false;
  /** Another attempt of its connection stands for it. */
  folded = false;
  /** It is in the list of its connection's attempts. */
  placed = false;
  /** Block ({@link SourceLine.block}) in which it, or its latest repetition, began. */
  block: number | undefined = undefined;
  /** The attempt that established the Child SA whose end this one is about. */
  upheld: AttemptInProgress | null = null;
  /** Time of the latest line, even after the end. */
  lastTime: number | null = null;
  /** It has ended, even if the log has no time stamps. */
  private final = false;
  /** The host and daemon that logged it. */
  host = '';
  daemon: Daemon = 'charon';
  /** charon's lines without a prefix reveal the number late. */
  saNumber: number | null;
  private readonly story = new AttemptStory();

  constructor(
    public connection: Connection,
    readonly subject: Subject,
    /** Its SA, until it is placed in a connection that has a name, or over. */
    public owner: SecurityAssociation | null,
  ) {
    this.saNumber = owner?.number ?? null;
  }

  get entries(): readonly TimelineEntry[] {
    return this.story.entries;
  }

  get omittedEntries(): number {
    return this.story.omitted;
  }

  get abridged(): AbridgedStory | null {
    return this.story.abridged;
  }

  get firstFailure(): TimelineEntry | null {
    return this.story.firstFailure(this.outcome);
  }

  get unread(): Event | null {
    return this.story.unread;
  }

  /** Nothing can change the verdict any more. A stall is over only at the end of the log. */
  get over(): boolean {
    return this.outcome !== 'open' && (this.outcome !== 'stalled' || this.final);
  }

  get failing(): boolean {
    return this.story.failure !== null;
  }

  get failedAt(): number | null {
    return this.story.failure?.event.message.record.time ?? null;
  }

  /** Start of a silence that lasted for more than one retransmission. */
  get silentSince(): number | null {
    return this.story.silence?.event.message.record.time ?? null;
  }

  /** This side requested another key exchange group, and nothing has come since. */
  get awaitsRetry(): boolean {
    return !this.over && this.story.lastResort?.event.kind === 'proposal.group_requested';
  }

  /**
   * Takes in a line. Lines after the end are kept but change nothing, except for the reason of the end, for what a Child
   * SA carried, and, where the log begins at the end, for the state in which pluto ended it.
   */
  add(entry: TimelineEntry, description: EventKindEntry): void {
    const { kind, fields, message } = entry.event;
    if (this.entries.length === 0) {
      this.host = message.record.host;
      this.daemon = message.daemon;
    }
    this.story.keep(entry);
    if (description.role === 'end') this.story.firstEnd ??= entry;
    this.lastTime = message.record.time ?? this.lastTime;
    this.started ??= message.record.time;
    this.block ??= message.record.line.block;
    if (this.over) {
      if (this.outcome === 'failed' && this.story.takesLateReason(entry, description)) addFields(this.fields, fields, true);
      if (this.subject === 'child') (this.upheld ?? this).count(fields);
      if (this.exchange === 'unknown' && this.daemon === 'pluto') this.follow(progressOf(kind, fields, this), false);
      return;
    }
    addFields(this.fields, fields, this.story.failure === null);
    if (kind === 'vendor_id.received') this.vendorIds = withVendorId(this.vendorIds, fields);
    this.advance(description, entry.event);
    this.judge(entry, description);
    if (description.role === 'end' && !this.awaitsRetry && !this.isBegunBy(kind)) this.end(description.outcome ?? 'closed', message.record.time, entry);
  }

  /** Notes a line that no signature understands. */
  noteUnread(event: Event): void {
    if (!this.over) this.story.noteUnread(event);
    else if (this.outcome === 'established' && speaksOfFailure(event.message.text)) this.doubt ??= event;
  }

  /** Ends the attempt; whether it had failed decides the verdict. */
  end(outcome: Outcome, time: number | null, entry: TimelineEntry | null = null): void {
    if (this.over) return;
    if (entry !== null && (outcome === 'timed-out' || outcome === 'failed')) this.story.gaveUp ??= entry;
    this.final = true;
    this.ended = time ?? this.lastTime;
    this.outcome = this.verdict(outcome);
  }

  /** For the Child SA of a failed IKE SA, and for an attempt replaced by another. */
  supersede(time: number | null): void {
    if (!this.over || this.outcome === 'failed') {
      this.ended = time ?? this.lastTime;
      this.outcome = 'superseded';
    }
  }

  /** Takes the line that ended the SA as the failure. */
  blame(): void {
    this.outcome = 'failed';
    this.depart();
  }

  /** Reports the line that ended an established SA, though nothing failed. */
  depart(): void {
    this.story.depart();
  }

  /** The established SA is gone. */
  close(time: number | null, by: Event | null = null): void {
    if (this.outcome === 'established') {
      this.outcome = 'closed';
      this.closedBy = by;
      this.ended = time ?? this.lastTime;
    }
  }

  stall(): void {
    this.outcome = 'stalled';
  }

  /** It was left without a line that says so: what is reported is its last line, as one of this kind. */
  breakOff(kind: EventKind): void {
    this.end('failed', this.lastTime, this.story.breakOff(kind));
  }

  /** It came up here, but not for the peer. False if no line that shows this is kept. */
  cameToNothing(kind: EventKind): boolean {
    if (this.story.disprove(kind) === null) return false;
    this.outcome = 'failed';
    return true;
  }

  addCandidates(names: readonly string[]): void {
    for (const name of names) {
      if (this.candidates.length < MAX_CANDIDATES && name !== this.connection.name && !this.candidates.includes(name)) this.candidates = [...this.candidates, name];
    }
  }

  /** Is an event of these kinds among the lines kept? */
  tells(kinds: ReadonlySet<string>): boolean {
    return this.story.tells(kinds);
  }

  /** Keeps only the line of the first failure, if any. `before`: fields of another attempt of the connection. */
  abridge(shared: SharedValues, before: Fields | undefined): void {
    if (this.folded) this.story.forget();
    this.story.abridge(this.firstFailure, this.purpose === 'maintain', shared);
    this.fields = shared.fields(this.fields, before);
    if (this.vendorIds.length > 0) this.vendorIds = shared.list(this.vendorIds);
    this.host = shared.text(this.host);
    if (this.peerAddress !== null) this.peerAddress = shared.text(this.peerAddress);
  }

  /** charon reauthenticates by a request to delete the old SA first (ike_reauth.c): if it is not answered, this is what fails. */
  private isBegunBy(kind: EventKind): boolean {
    return kind === 'ike.deleting' && this.renews !== null && this.daemon === 'charon';
  }

  private advance(description: EventKindEntry, event: Event): void {
    const { kind, fields } = event;
    this.follow(progressOf(kind, fields, this), provesState(event, this));
    if (kind.startsWith('message.') && isRekeying(this.subject, fields)) this.purpose = 'rekey';
    if (description.exchange !== undefined) this.exchange = description.exchange;
    if (description.as !== undefined && this.role === 'unknown') this.role = description.as;
    if (description.purpose !== undefined) this.purpose = description.purpose;
    if (description.starts === true) this.begun = true;
    // A responder's packet arrives before the line that announces the SA.
    if (description.starts === true && this.story.failure === null && this.story.symptom === null) this.visibleStartOnly = false;
    if (description.reaches !== undefined) this.reached = furthest(this.reached, description.reaches);
    if (showsPpk(event)) this.usesPpk = true;
    if (description.heard !== true) return;
    this.peerAnswered = true;
    if (fields['local.port'] === NAT_TRAVERSAL_PORT || event.message.peerPort === NAT_TRAVERSAL_PORT) this.natPortIsOpen = true;
  }

  private follow({ phase, exchange, role, subject }: StateProgress, isProof: boolean): void {
    const isOwn = subject === undefined || subject === this.subject;
    this.exchange = refined(this.exchange, exchange, isOwn);
    if (!isOwn) return;
    // Only what the daemon itself says or sends proves "established": pluto enters the state before it has verified the peer.
    if (phase !== undefined && (phase !== 'established' || isProof)) this.reached = furthest(this.reached, phase);
    if (role !== undefined && this.role === 'unknown') this.role = role;
  }

  /** Notes what the Child SA carried. */
  private count({ 'bytes.in': received, 'bytes.out': sent }: Fields): void {
    if (received !== undefined && sent !== undefined) addFields(this.fields, { 'bytes.in': received, 'bytes.out': sent }, true);
  }

  /** What the line means for the story, and what follows from that for the attempt. */
  private judge(entry: TimelineEntry, description: EventKindEntry): void {
    const { kind, message } = entry.event;
    const change = this.story.judge(entry, description, this);
    if (change === 'answered' || change === 'restarted') this.announced = false;
    if (change === 'answered' && this.outcome === 'stalled') this.outcome = 'open';
    if (kind === 'retransmit.sent') this.retransmits += 1;
    if (description.outcome === 'established') this.end('established', message.record.time);
  }

  private verdict(outcome: Outcome): Outcome {
    if (outcome === 'established' || outcome === 'superseded') return outcome;
    if (this.story.failure !== null) return 'failed';
    if (outcome === 'log-ends') return this.story.silence === null ? 'log-ends' : 'stalled';
    return this.story.isUnanswered ? 'timed-out' : outcome;
  }
}
