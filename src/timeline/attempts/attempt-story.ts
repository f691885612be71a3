import type { AbridgedStory, Attempt, Outcome, TimelineEntry } from '../../model/attempt.js';
import type { Daemon } from '../../model/daemons.js';
import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';
import { describeKind } from '../../model/event-kinds.js';
import type { EventKindEntry } from '../../model/event-kinds/entry.js';
import { isAbandoned } from '../associations/security-association.js';
import type { SharedValues } from '../values/shared-values.js';
import { assignsAddress, lacksAddress } from './requested-addresses.js';

/** Entries kept from the start and end of an attempt, so that a stall of days does not grow. */
const KEPT_FIRST = 60;
const KEPT_LAST = 20;

const NO_ENTRIES: TimelineEntry[] = [];
const NO_KINDS: EventKind[] = [];
const NO_STORY: AbridgedStory = { before: NO_KINDS, after: NO_KINDS };

/**
 * What a line changed: the peer was heard, another connection is tried, or the line, which looks like a failure, is
 * none.
 */
export type Turn = 'answered' | 'restarted' | 'disregarded';

/** The lines kept of an attempt, and those among them that determine how it failed. */
export class AttemptStory {
  entries: TimelineEntry[] = [];
  /** Kinds of the entries, recorded on arrival because collecting them later is slow. */
  private kinds: EventKind[] = [];
  omitted = 0;
  abridged: AbridgedStory | null = null;
  failure: TimelineEntry | null = null;
  /** The failure of the connection tried before the current one. */
  setAside: TimelineEntry | null = null;
  /** Start of the current silence. */
  symptom: TimelineEntry | null = null;
  /** Retransmissions since the peer was last heard. */
  private unanswered = 0;
  gaveUp: TimelineEntry | null = null;
  lastResort: TimelineEntry | null = null;
  firstEnd: TimelineEntry | null = null;
  /** The first line not understood since the peer was last heard: it may state the failure. */
  unread: Event | null = null;

  /** Notes a line that is not understood, unless a failure is already known. */
  noteUnread(event: Event): void {
    if (this.failure === null) this.unread ??= event;
  }

  /** The first failure of an attempt with this outcome. */
  firstFailure(outcome: Outcome): TimelineEntry | null {
    switch (outcome) {
      case 'failed':
      case 'timed-out':
      case 'stalled':
        return this.failure ?? this.symptom ?? this.gaveUp ?? this.trouble;
      case 'open':
      case 'log-ends':
        return this.failure;
      case 'closed':
        return this.gaveUp;
      default:
        return null;
    }
  }

  /** A silence that lasted for more than one retransmission; null if something failed. */
  get silence(): TimelineEntry | null {
    return this.failure !== null ? null : (this.unanswered > 1 ? this.symptom : null) ?? this.trouble;
  }

  /** The last request, or the order to make one, came to nothing. */
  get isUnanswered(): boolean {
    return (this.symptom !== null && this.unanswered > 0) || this.lastResort?.event.kind === 'child.waited_for_ike';
  }

  /** What the latest line kept means for the failure and the silence of its attempt. */
  judge(entry: TimelineEntry, description: EventKindEntry, attempt: Pick<Attempt, 'role' | 'purpose' | 'subject'> & { readonly daemon: Daemon }): Turn | null {
    const turn = this.turn(entry, description, attempt);
    if (description.lastResort === true && (description.foretells === undefined || (attempt.subject === 'ike' && attempt.daemon === 'pluto')) && turn !== 'disregarded') this.lastResort ??= entry;
    if (description.outcome !== 'established') return turn;
    this.failure = null;
    return this.answer();
  }

  private turn(entry: TimelineEntry, description: EventKindEntry, attempt: Pick<Attempt, 'role' | 'purpose'>): Turn | null {
    const { kind } = entry.event;
    if (description.role === 'failure') return this.fail(entry, description, attempt);
    if (description.role === 'symptom') {
      this.symptom ??= entry;
      this.unanswered += isRepeatedAgain(entry.event) ? 2 : 1;
      return null;
    }
    if (description.role === 'milestone') {
      // charon selects a proposal before it cares whether the key exchange, unless none is needed, has failed.
      if (kind !== 'proposal.selected' || this.failure?.event.kind !== 'child.key_exchange_failed') this.takeBack();
      return this.answer();
    }
    if (this.failure !== null && lacksAddress(this.failure) && assignsAddress(entry)) this.failure = null;
    if (attempt.purpose === 'reauthenticate' && isAbandoned(entry.event)) {
      this.symptom ??= entry;
      this.unanswered = Math.max(this.unanswered, 2);
    } else if (kind === 'ike.deleted' && entry.event.message.daemon === 'charon') {
      // charon says so once the answer to its request is there (ike_delete.c)
      return this.answer();
    }
    if (kind === 'network.path_found' && this.failure?.event.kind === 'network.path_lost') this.failure = null;
    if (kind === 'message.parsed' || kind === 'packet.received') {
      this.getThrough();
      return kind === 'message.parsed' && this.symptom?.event.kind === 'retransmit.sent' ? this.answer() : null;
    }
    return kind === 'ike.config_switched' && this.trySomethingElse() ? 'restarted' : null;
  }

  private fail(entry: TimelineEntry, description: EventKindEntry, attempt: Pick<Attempt, 'role' | 'purpose'>): Turn | null {
    if (this.isDesertion(entry.event.kind, attempt) || this.isPostponed(entry) || (lacksAddress(entry) && this.entries.some(assignsAddress))) return 'disregarded';
    if (description.heard === true) this.getThrough();
    if (this.failure === null || this.announces(this.failure)) this.failure = this.setAside ?? this.foretold(entry);
    return null;
  }

  /**
   * Is it the reason of an end that names none, logged at the same time? Log servers return lines of one second in any
   * order, and so do the threads of a daemon. A packet that could not be sent is what came of the end.
   */
  takesLateReason(entry: TimelineEntry, { role, subject, weak }: EventKindEntry): boolean {
    const { kind, message } = entry.event;
    if (role !== 'failure' || weak === true || subject === 'host' || kind.startsWith('network.')) return false;
    if (this.failure !== null || this.symptom !== null || this.gaveUp === null || this.gaveUp.event.message.record.time !== message.record.time) return false;
    this.failure = entry;
    return true;
  }

  /** The peer was heard, so there is no silence. */
  private answer(): Turn {
    this.symptom = null;
    this.lastResort = null;
    this.unanswered = 0;
    return 'answered';
  }

  /** Another connection is tried: sets a weak failure aside, to be restored if that one fails too. Was there one? */
  private trySomethingElse(): boolean {
    const tried = this.failure;
    const isWeak = this.takeBack();
    if (isWeak) this.setAside = tried;
    return isWeak;
  }

  /** Progress was made: cancels a weak failure. Was there one? */
  private takeBack(): boolean {
    this.setAside = null;
    if (this.failure === null || describeKind(this.failure.event.kind).weak !== true) return false;
    this.failure = null;
    return true;
  }

  /** A packet from the peer arrived, so earlier network errors (a peer that was not up yet, for example) are overcome. */
  private getThrough(): void {
    if (this.failure?.event.kind.startsWith('network.') === true) this.takeBack();
  }

  /** A client that gave up has closed its port: the failure is what it did not answer. */
  private isDesertion(kind: string, { role, purpose }: Pick<Attempt, 'role' | 'purpose'>): boolean {
    return kind === 'network.icmp_port_unreachable' && role === 'responder' && purpose === 'create' && this.symptom !== null;
  }

  /** The peer asked to retry later, and this line schedules the retry: nothing failed yet. */
  private isPostponed({ event: { fields } }: TimelineEntry): boolean {
    return fields['wait.seconds'] !== undefined && this.kinds.at(-2) === 'rekey.postponed';
  }

  keep(entry: TimelineEntry): void {
    if (this.abridged !== null) {
      this.omitted += 1;
      return;
    }
    if (this.unread !== null && this.failure === null && isAnswer(entry.event.kind)) this.unread = null;
    this.entries.push(entry);
    this.kinds.push(entry.event.kind);
    if (this.entries.length > KEPT_FIRST + KEPT_LAST) {
      this.entries.splice(KEPT_FIRST, 1);
      this.kinds.splice(KEPT_FIRST, 1);
      this.omitted += 1;
    }
  }

  /** Is an event of these kinds among the lines kept? */
  tells(kinds: ReadonlySet<string>): boolean {
    return this.kinds.some((kind) => kinds.has(kind));
  }

  /**
   * Called when the attempt is over: drops all lines except that of the first failure, or one that may become it, and
   * keeps what the diagnosis needs of the others.
   */
  abridge(firstFailure: TimelineEntry | null, mayDepart: boolean, shared: SharedValues): void {
    if (this.abridged === null) {
      const at = firstFailure === null ? -1 : this.entries.indexOf(firstFailure);
      this.abridged = shared.story(this.kinds, at);
      this.omitted += this.entries.length - (at < 0 ? 0 : 1);
      this.entries = at < 0 || firstFailure === null ? NO_ENTRIES : [firstFailure];
      this.kinds = NO_KINDS;
    }
    this.setAside = null;
    if (this.symptom !== firstFailure) this.symptom = null;
    if (this.gaveUp !== firstFailure) this.gaveUp = null;
    if (this.lastResort !== firstFailure) this.lastResort = null;
    if (!mayDepart) this.firstEnd = null;
  }

  /** Drops all lines from the list: another attempt stands for this one. */
  forget(): void {
    this.abridged = NO_STORY;
    this.unread = null;
    this.entries = NO_ENTRIES;
    this.kinds = NO_KINDS;
  }

  /** Makes the line that ended the SA the one to report. */
  depart(): void {
    this.gaveUp = this.firstEnd;
    if (this.abridged !== null && this.gaveUp !== null) this.entries = [this.gaveUp];
  }

  /** Returns the last line as the evidence that nothing came after it. */
  breakOff(kind: EventKind): TimelineEntry | null {
    return this.show(this.entries.length - 1, kind);
  }

  /** Returns the line with which the SA came up, as the evidence against it; null if it is no longer kept. */
  disprove(kind: EventKind): TimelineEntry | null {
    // Libreswan 4.3 logs only the Child SA as established, so the last line of the IKE SA is used.
    const up = this.kinds.findLastIndex((each) => describeKind(each).outcome === 'established');
    this.gaveUp = this.show(up < 0 ? this.entries.length - 1 : up, kind);
    return this.gaveUp;
  }

  private show(at: number, kind: EventKind): TimelineEntry | null {
    const line = this.entries[at];
    if (line === undefined) return null;
    const shown: TimelineEntry = { ...line, event: { ...line.event, kind } };
    this.entries[at] = shown;
    this.kinds[at] = kind;
    return shown;
  }

  /**
   * The line that stands for a failure if nothing better comes; one that only foretells a failure counts if it is the
   * last line.
   */
  get trouble(): TimelineEntry | null {
    const isForeboding = (kind: EventKind): boolean => describeKind(kind).foretells !== undefined;
    if (this.lastResort === null || !isForeboding(this.lastResort.event.kind)) return this.lastResort;
    return isForeboding(this.kinds.at(-1) ?? this.lastResort.event.kind) ? this.lastResort : null;
  }

  /** The failure just before the last line merely announces that there is one, and the last line says which. */
  private announces(failure: TimelineEntry): boolean {
    return describeKind(failure.event.kind).foretells === true && this.entries.at(-2) === failure;
  }

  /** If the lines directly before a failure state its reason, it is shown with the first of them. */
  private foretold(failure: TimelineEntry): TimelineEntry {
    let at = this.entries.length - 1;
    while (at > 0 && foretells(this.kinds[at - 1] ?? failure.event.kind, failure.event.kind)) at -= 1;
    const reason = this.entries[at];
    if (reason === undefined || reason === failure) {
      return failure;
    }
    const fields = { ...reason.event.fields, ...failure.event.fields };
    const shown: TimelineEntry = { ...reason, event: { ...failure.event, fields, message: reason.event.message } };
    this.entries[at] = shown;
    this.kinds[at] = shown.event.kind;
    return shown;
  }
}

/** The peer continues, so earlier lines did not prevent that. */
function isAnswer(kind: EventKind): boolean {
  const { heard, role } = describeKind(kind);
  return role === 'milestone' ? heard === true : kind === 'message.parsed' || kind === 'packet.received';
}

function foretells(kind: EventKind, failure: EventKind): boolean {
  const { foretells: area } = describeKind(kind);
  return area === true || (area !== undefined && (failure.startsWith(`${area}.`) || describeKind(failure).role === 'end'));
}

/**
 * Others came before it, even if the log lacks them: pluto doubles the time it waits, from half a second (Libreswan,
 * retransmit.c) or from 20 (Openswan).
 */
function isRepeatedAgain({ kind, message, fields }: Event): boolean {
  const wait = message.daemon === 'pluto' && kind === 'retransmit.sent' ? Number(fields['wait.seconds'] ?? 0) : 0;
  return wait >= 8 && wait !== 20;
}
