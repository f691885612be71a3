import type { Change, Happening } from '../model/change.js';
import type { FindPlaces, FollowSettings } from '../model/follow.js';
import { UsageError } from '../model/problem.js';
import { Ledger } from '../state/ledger.js';
import { OutputFile, OutputStream } from '../state/output.js';
import type { Output } from '../state/output.js';
import { StateFile } from '../state/state-file.js';
import type { State } from '../state/state-file.js';
import type { Options } from './options.js';
import { standardOutput } from './standard-streams.js';

/** Milliseconds between saves of the reading position if nothing is reported. */
const NOTE_EVERY = 1_000;
/** Milliseconds between syncs to disk. */
const SETTLE_EVERY = 5_000;

/**
 * With `--state`: saves how far a follower has come, and writes its report.
 *
 * A report is first recorded in the state, together with the position up to which the logs were read, and only then
 * written. The state is replaced atomically. A process killed at any moment leaves either the old state, so the lines
 * are read and reported again, or the new one, from which the missing output is completed: no finding is lost, and none
 * appears twice in an `--output` file. Standard output cannot be inspected afterwards, so whatever was being written at
 * that moment is repeated.
 */
export class Keeper {
  private readonly file: StateFile | null;
  private readonly output: Output;
  private readonly saved: State | null;
  private readonly ledger: Ledger;
  private text = '';
  private noted = 0;
  /**
   * The initial contents of the logs are still being read, merged by time, so that no position in a single log says how
   * far the run is. What is reported meanwhile is not covered by the saved state; after a kill, the next run cuts it
   * off and reports it again.
   */
  private isCatchingUp = true;
  private ended = false;
  private isDirty = false;
  private readonly settling: NodeJS.Timeout;
  private failed: UsageError | null = null;

  /** @throws UsageError if the state or output file cannot be used. */
  constructor({ state, output }: Options, private readonly onFailure: () => void) {
    this.file = state === undefined ? null : new StateFile(state);
    this.saved = this.file?.load() ?? null;
    this.output = output === undefined ? new OutputStream(standardOutput()) : new OutputFile(output);
    this.ledger = new Ledger(this.saved);
    if (this.saved !== null) this.output.recover(this.saved.output);
    else if (this.file !== null) this.note(() => [], true, Date.now());
    this.settling = setInterval(() => void this.settle(), SETTLE_EVERY);
  }

  /** Where an earlier run stopped; null for the first run, or if no run got through the initial contents. */
  resume(): FollowSettings['resume'] {
    return this.saved === null || this.saved.logs.length === 0 ? null : { logs: this.saved.logs, written: this.saved.written, failing: this.ledger.failing };
  }

  /** The change to report; null if it was reported before, or is left to the next run. */
  admit(change: Change): Change | null {
    return this.file === null ? change : this.ended ? null : this.ledger.admit(change);
  }

  /** Notes a change that follows from re-read lines, which the earlier run reported. */
  replayed(happening: Happening): void {
    this.ledger.replayed(happening);
  }

  /** Queues text; it is written once the matching log position is known. */
  tell(text: string): void {
    this.text += text;
    if (this.ended) this.flush();
  }

  /** Everything read so far has been reported. */
  told(places: FindPlaces): void {
    const now = Date.now();
    const isDue = now - this.noted >= NOTE_EVERY;
    if (this.file !== null && !this.isCatchingUp && (isDue || this.text !== '')) {
      this.note(places, isDue, now);
    }
    this.flush();
  }

  /** The initial contents of the logs have been read: from now on the position can be saved. */
  caughtUp(): void {
    this.isCatchingUp = false;
    this.noted = 0;
    if (this.file === null) this.flush();
  }

  /**
   * Reading has ended. Attempts that are closed only by the end of the run go into its summary; the next run continues
   * them.
   */
  end(places: FindPlaces): void {
    if (this.file !== null && !this.isCatchingUp) this.note(places, true, Date.now());
    this.flush();
    this.ended = true;
  }

  /** @throws UsageError if the run ended because the state or the output could not be written. */
  async close(): Promise<void> {
    clearInterval(this.settling);
    this.flush();
    if (this.failed !== null) throw this.failed;
    await this.settle();
  }

  private note(places: FindPlaces, isThorough: boolean, now: number): void {
    if (isThorough) this.noted = now;
    this.orEnd(() => this.file?.save({ version: 1, written: now, logs: places(isThorough), ...this.ledger.save(), output: this.output.announce(this.text) }));
  }

  private flush(): void {
    if (this.text === '' || this.failed !== null) return;
    const { text } = this;
    this.text = '';
    this.orEnd(() => this.output.write(text));
  }

  /** Ends the run if the state or the output cannot be written, on a full disk for example. */
  private orEnd(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.failed ??= error;
      this.onFailure();
    }
    this.isDirty = true;
  }

  /** Syncs to disk, after which the state may drop what is on it. */
  private async settle(): Promise<void> {
    if (!this.isDirty || this.failed !== null) return;
    this.isDirty = false;
    await this.output.sync();
    await this.file?.settle();
  }
}
