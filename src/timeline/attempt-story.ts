import type { AbridgedStory, Outcome, TimelineEntry } from '../model/attempt.js';
import type { Event } from '../model/event.js';
import type { EventKind } from '../model/event-kinds.js';
import { describeKind } from '../model/event-kinds.js';
import type { SharedValues } from './shared-values.js';

/** Entries kept from the start and from the end of an attempt; a stall of days must not grow. */
const KEPT_FIRST = 60;
const KEPT_LAST = 20;

const NO_ENTRIES: TimelineEntry[] = [];
const NO_KINDS: EventKind[] = [];
const NO_STORY: AbridgedStory = { before: NO_KINDS, after: NO_KINDS };

/** The lines of an attempt, as many as are kept of them, and those among them that tell how it failed. */
export class AttemptStory {
  entries: TimelineEntry[] = [];
  /** Kinds of the entries. Noted when a line comes in, because going through all lines again later is slow. */
  private kinds: EventKind[] = [];
  omitted = 0;
  abridged: AbridgedStory | null = null;
  failure: TimelineEntry | null = null;
  /** What was wrong with the connection that was tried before the one that is tried now. */
  setAside: TimelineEntry | null = null;
  /** Where the silence began that it is in. */
  symptom: TimelineEntry | null = null;
  gaveUp: TimelineEntry | null = null;
  lastResort: TimelineEntry | null = null;
  firstEnd: TimelineEntry | null = null;
  /** The first line that nothing understands since the peer was heard: it may say what failed. */
  unread: Event | null = null;

  /** Something was said, and nobody knows what: what failed before is known. */
  noteUnread(event: Event): void {
    if (this.failure === null) this.unread ??= event;
  }

  /** The line that is the first failure of an attempt with this outcome. */
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

  /** Another connection is tried: a weak failure is one only if that does not fit either. Was there one? */
  trySomethingElse(): boolean {
    const tried = this.failure;
    const isWeak = this.takeBack();
    if (isWeak) this.setAside = tried;
    return isWeak;
  }

  /** Progress was made: a weak failure is none. Was there one? */
  takeBack(): boolean {
    this.setAside = null;
    if (this.failure === null || describeKind(this.failure.event.kind).weak !== true) return false;
    this.failure = null;
    return true;
  }

  /** A packet of the peer arrived: what the network refused before, as a peer does that is not up yet, got through since. Is it what was asked for again and again? */
  getThrough(): boolean {
    if (this.failure?.event.kind.startsWith('network.') === true) this.takeBack();
    return this.symptom?.event.kind === 'retransmit.sent';
  }

  /** The peer has asked to try again later, and the line says when: nothing failed yet. */
  isPostponed({ event: { fields } }: TimelineEntry): boolean {
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

  /** Is one of these kinds among the lines that are kept? */
  tells(kinds: ReadonlySet<string>): boolean {
    return this.kinds.some((kind) => kinds.has(kind));
  }

  /**
   * The attempt is over: lets go of all lines but the first failure's, or the one that may become it; what the diagnosis needs of
   * them is kept.
   */
  abridge(firstFailure: TimelineEntry | null, mayDepart: boolean, shared: SharedValues): void {
    const { kinds } = this;
    if (this.abridged === null) {
      const at = firstFailure === null ? -1 : this.entries.indexOf(firstFailure);
      this.abridged = at < 0 ? { before: shared.kinds(kinds), after: NO_KINDS } : { before: shared.kinds(kinds.slice(0, at)), after: shared.kinds(kinds.slice(at + 1)) };
      this.omitted += this.entries.length - (at < 0 ? 0 : 1);
      this.entries = at < 0 || firstFailure === null ? NO_ENTRIES : [firstFailure];
      this.kinds = NO_KINDS;
    }
    if (this.symptom !== firstFailure) this.symptom = null;
    if (this.gaveUp !== firstFailure) this.gaveUp = null;
    if (this.lastResort !== firstFailure) this.lastResort = null;
    if (!mayDepart) this.firstEnd = null;
  }

  /** Another attempt stands for this one, and nobody asks for its lines. */
  forget(): void {
    this.abridged = NO_STORY;
    this.unread = null;
    this.entries = NO_ENTRIES;
    this.kinds = NO_KINDS;
  }

  /** The line with which the SA ended is the one to tell of. */
  depart(): void {
    this.gaveUp = this.firstEnd;
    if (this.abridged !== null && this.gaveUp !== null) this.entries = [this.gaveUp];
  }

  /** Nothing came behind the last line, which is returned as what shows that the peer has left. */
  abandon(): TimelineEntry | null {
    return this.show(this.entries.length - 1, 'observed.ike_abandoned');
  }

  /** The line with which the SA came up is returned as what shows this of it; null where it is kept no longer. */
  disprove(kind: EventKind): TimelineEntry | null {
    this.gaveUp = this.show(this.kinds.findLastIndex((each) => describeKind(each).outcome === 'established'), kind);
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

  /** The line that stands for a failure where nothing better comes; what foretells one does where the story breaks off with it. */
  get trouble(): TimelineEntry | null {
    const isForeboding = (kind: EventKind): boolean => describeKind(kind).foretells !== undefined;
    if (this.lastResort === null || !isForeboding(this.lastResort.event.kind)) return this.lastResort;
    return isForeboding(this.kinds.at(-1) ?? this.lastResort.event.kind) ? this.lastResort : null;
  }

  /** The failure before the last line says only that there is one, and the last line which. */
  announces(failure: TimelineEntry): boolean {
    return describeKind(failure.event.kind).foretells === true && this.entries.at(-2) === failure;
  }

  /** A failure whose reason stands in the lines directly before it, the last of the story, is shown with the first of these. */
  foretold(failure: TimelineEntry): TimelineEntry {
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

/** The peer goes on: what was said before it did has not kept it from that. */
function isAnswer(kind: EventKind): boolean {
  const { heard, role } = describeKind(kind);
  return role === 'milestone' ? heard === true : kind === 'message.parsed' || kind === 'packet.received';
}

function foretells(kind: EventKind, failure: EventKind): boolean {
  const { foretells: area } = describeKind(kind);
  return area === true || (area !== undefined && (failure.startsWith(`${area}.`) || describeKind(failure).role === 'end'));
}
