import type { Connection, Subject } from '../model/attempt.js';
import type { AttemptInProgress } from './attempt-in-progress.js';

/** What there is to tell about an attempt. */
export interface AttemptChange {
  readonly type: 'failed' | 'stalled' | 'repeated' | 'recovered';
  readonly attempt: AttemptInProgress;
}

const SUBJECTS: readonly Subject[] = ['ike', 'child'];

/** What a live reader has been told to fail, by connection and subject: a failure is told once, and its end is news. */
export class ToldFailures {
  private readonly failing = new Set<string>();

  constructor(private readonly tell: (change: AttemptChange) => void) {}

  tellFailure(type: 'failed' | 'stalled', attempt: AttemptInProgress): void {
    if (attempt.told) return;
    attempt.told = true;
    this.failing.add(storyKey(attempt));
    this.tell({ type, attempt });
  }

  tellRepeated(attempt: AttemptInProgress): void {
    this.tell({ type: 'repeated', attempt });
  }

  tellRecovery(attempt: AttemptInProgress): void {
    if (this.failing.size > 0 && this.failing.delete(storyKey(attempt))) this.tell({ type: 'recovered', attempt });
  }

  /** How many connections fail, be it their IKE SA, their Child SA or both. */
  countFailing(): number {
    const connections = new Set<string>();
    for (const story of this.failing) connections.add(story.slice(0, story.lastIndexOf('|')));
    return connections.size;
  }

  /** What an earlier run told as failing, as `<key of the connection>|<subject>`. */
  restore(stories: Iterable<string>): void {
    for (const story of stories) this.failing.add(story);
  }

  /** The connection with this key is let go of. */
  forget(key: string): void {
    for (const subject of SUBJECTS) this.failing.delete(storyKey({ connection: { key }, subject }));
  }
}

const storyKey = ({ connection, subject }: { readonly connection: Pick<Connection, 'key'>; readonly subject: Subject }): string => `${connection.key}|${subject}`;
