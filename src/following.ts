import type { Intake } from './intake/intake.js';
import type { FollowSettings, LogPlaces } from './model/follow.js';
import type { LineFilter } from './model/line-filter.js';
import type { Problem } from './model/problem.js';
import { Follower } from './sources/follow/follower.js';
import type { Timeline } from './timeline/timeline.js';

/**
 * Coordinates a following run: what the sources read, what the timeline still needs, and what is saved for the next
 * run.
 */
export class Following {
  private readonly follower: Follower;
  /** Lines that an earlier run reported on are being re-read. */
  private replays: boolean;
  private ended = false;
  /** The first block of lines still needed, as of the last thorough lookup. */
  private needed = 0;

  constructor(
    args: readonly string[],
    private readonly settings: FollowSettings,
    private readonly timeline: Timeline,
    filter: LineFilter,
    private readonly signal: AbortSignal,
  ) {
    const { resume, onProblem } = settings;
    this.replays = resume !== null;
    this.follower = new Follower(args, { filter, signal, resume, onProblem });
  }

  get isReplaying(): boolean {
    return this.replays;
  }

  /** What the reader of a report about the logs' lines should know. */
  get problems(): readonly Problem[] {
    return this.follower.problems;
  }

  get paths(): string[] {
    return this.follower.paths;
  }

  /**
   * Reads until the signal aborts. The initial contents of all logs are merged by time: first, silently, the lines that
   * an earlier run reported on, then those written since. `tell` reports what follows from the lines taken by `intake`.
   */
  async read(intake: Intake, tell: () => Promise<void>): Promise<void> {
    try {
      await this.follower.open();
      await this.catchUp(intake.merge(this.follower.again()), () => Promise.resolve(this.mute()));
      if (!this.signal.aborted) this.endReplay();
      await this.catchUp(intake.merge(this.follower.news()), tell);
      if (!this.signal.aborted) this.settings.onCaughtUp();
      await tell();
      for await (const batch of this.follower.batches()) {
        intake.push(batch, batch.log, true);
        if (batch.isAgain) this.mute();
        else await tell();
      }
      await tell();
    } finally {
      this.follower.close();
    }
    if (!this.replays) this.settings.onEnd((isThorough) => this.places(isThorough));
    this.ended = true;
  }

  /** Everything read so far has been reported. */
  told(): void {
    if (!this.replays && !this.ended) this.settings.onTold((isThorough) => this.places(isThorough));
  }

  private async catchUp(batches: AsyncIterable<void>, tell: () => Promise<void>): Promise<void> {
    for await (const _batch of batches) {
      if (this.signal.aborted) return;
      await tell();
    }
    await tell();
  }

  private mute(): void {
    this.timeline.takeChanges().forEach(this.settings.onReplayed);
  }

  private places(isThorough: boolean): readonly LogPlaces[] {
    if (isThorough) this.needed = this.timeline.neededFrom();
    return this.follower.places(this.needed);
  }

  /** From here on, everything is new. */
  private endReplay(): void {
    if (this.replays) this.timeline.restoreFailing(this.settings.resume?.failing ?? []);
    this.replays = false;
  }
}
