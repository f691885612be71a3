import type { FollowSettings, LogPlaces } from './model/follow.js';
import type { LineFilter } from './model/line-filter.js';
import { Follower } from './sources/follow/follower.js';
import type { FollowBatch } from './sources/index.js';
import type { Timeline } from './timeline/timeline.js';

/** A run that follows its inputs: between what the sources read, what the timeline still needs, and what is kept for the next run. */
export class Following {
  private readonly follower: Follower;
  /** Lines are read again that an earlier run has told about. */
  private replays: boolean;
  private ended = false;
  /** The first block of lines that was needed when that was looked up last. */
  private needed = 0;

  constructor(
    args: readonly string[],
    private readonly settings: FollowSettings,
    private readonly timeline: Timeline,
    filter: LineFilter,
    signal: AbortSignal,
  ) {
    const { resume, onProblem } = settings;
    this.replays = resume !== null;
    const onCaughtUp = (): void => {
      this.endReplay();
      settings.onCaughtUp();
    };
    this.follower = new Follower(args, { filter, signal, resume, onProblem, onCaughtUp });
  }

  get isReplaying(): boolean {
    return this.replays;
  }

  get paths(): string[] {
    return this.follower.paths;
  }

  /** Reads until the signal. `take` takes lines through the stages, `tell` tells what follows from them. */
  async read(take: (batch: FollowBatch) => void, tell: () => Promise<void>): Promise<void> {
    for await (const batch of this.follower.batches()) {
      if (!batch.isAgain) this.endReplay();
      take(batch);
      if (batch.isAgain) this.timeline.takeChanges().forEach(this.settings.onReplayed);
      else await tell();
    }
    await tell();
    if (!this.replays) this.settings.onEnd((isThorough) => this.places(isThorough));
    this.ended = true;
  }

  /** What was read has been told. */
  told(): void {
    if (!this.replays && !this.ended) this.settings.onTold((isThorough) => this.places(isThorough));
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
