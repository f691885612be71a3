import type { Connection, Subject } from '../../model/attempt.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';

/** A change of an attempt to report. */
export interface AttemptChange {
  readonly type: 'failed' | 'stalled' | 'repeated' | 'recovered';
  readonly attempt: AttemptInProgress;
}

const SUBJECTS: readonly Subject[] = ['ike', 'child'];

/**
 * What a live run has reported as failing, by connection and subject, so that a failure is reported once and its
 * recovery too.
 */
export class ReportedFailures {
  private readonly failing = new Set<string>();

  constructor(private readonly tell: (change: AttemptChange) => void) {}

  /** An attempt that was told to be silent is told of again when it fails: the daemon is not trying any more. */
  tellFailure(type: 'failed' | 'stalled', attempt: AttemptInProgress): void {
    if (attempt.told === 'failed' || (attempt.told === 'stalled' && (type === 'stalled' || attempt.outcome === 'stalled'))) return;
    attempt.told = type;
    this.failing.add(storyKey(attempt));
    this.tell({ type, attempt });
  }

  tellRepeated(attempt: AttemptInProgress): void {
    this.tell({ type: 'repeated', attempt });
  }

  tellRecovery(attempt: AttemptInProgress): void {
    if (this.failing.size > 0 && this.failing.delete(storyKey(attempt))) this.tell({ type: 'recovered', attempt });
  }

  /** What was reported of an attempt whose connection was not known holds for the one that it proved to be of. */
  move(attempt: AttemptInProgress, from: Connection): void {
    if (attempt.told !== null && this.failing.delete(storyKey({ connection: from, subject: attempt.subject }))) this.failing.add(storyKey(attempt));
  }

  /** Number of connections with a failing IKE SA or Child SA. */
  countFailing(): number {
    const connections = new Set<string>();
    for (const story of this.failing) connections.add(story.slice(0, story.lastIndexOf('|')));
    return connections.size;
  }

  /** What an earlier run reported as failing, as `<key of the connection>|<subject>`. */
  restore(stories: Iterable<string>): void {
    for (const story of stories) this.failing.add(story);
  }

  /** The connection with this key was dropped. */
  forget(key: string): void {
    for (const subject of SUBJECTS) this.failing.delete(storyKey({ connection: { key }, subject }));
  }
}

const storyKey = ({ connection, subject }: { readonly connection: Pick<Connection, 'key'>; readonly subject: Subject }): string => `${connection.key}|${subject}`;
