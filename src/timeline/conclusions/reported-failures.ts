import type { Connection, Subject } from '../../model/attempt.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';

/** A change of an attempt to report. */
export interface AttemptChange {
  readonly type: 'failed' | 'stalled' | 'repeated' | 'recovered';
  readonly attempt: AttemptInProgress;
}

/**
 * What a live run has reported as failing, by connection and subject, so that a failure is reported once and its
 * recovery too.
 */
export class ReportedFailures {
  /** Keys of the connections whose SA of that kind fails. */
  private readonly failing: Readonly<Record<Subject, Set<string>>> = { ike: new Set(), child: new Set() };

  constructor(private readonly tell: (change: AttemptChange) => void) {}

  /** An attempt that was told to be silent is told of again when it fails: the daemon is not trying any more. */
  tellFailure(type: 'failed' | 'stalled', attempt: AttemptInProgress): void {
    if (attempt.told === 'failed' || (attempt.told === 'stalled' && (type === 'stalled' || attempt.outcome === 'stalled'))) return;
    attempt.told = type;
    this.failing[attempt.subject].add(attempt.connection.key);
    this.tell({ type, attempt });
  }

  tellRepeated(attempt: AttemptInProgress): void {
    this.tell({ type: 'repeated', attempt });
  }

  tellRecovery(attempt: AttemptInProgress): void {
    if (this.failing[attempt.subject].delete(attempt.connection.key)) this.tell({ type: 'recovered', attempt });
  }

  /** What was reported of an attempt whose connection was not known holds for the one that it proved to be of. */
  move({ told, subject, connection }: AttemptInProgress, from: Connection): void {
    if (told !== null && this.failing[subject].delete(from.key)) this.failing[subject].add(connection.key);
  }

  /** Number of connections with a failing IKE SA or Child SA. */
  countFailing(): number {
    return new Set([...this.failing.ike, ...this.failing.child]).size;
  }

  /** What an earlier run reported as failing, as `<key of the connection>|<subject>`. */
  restore(stories: Iterable<string>): void {
    for (const story of stories) {
      const end = story.lastIndexOf('|');
      this.failing[story.slice(end + 1) === 'child' ? 'child' : 'ike'].add(story.slice(0, end));
    }
  }

  /** The connection with this key was dropped. */
  forget(key: string): void {
    this.failing.ike.delete(key);
    this.failing.child.delete(key);
  }
}
