import type { Change, Happening } from '../model/change.js';
import type { FindPlaces, FollowSettings } from '../model/follow.js';
import { UsageError } from '../model/problem.js';
import { Ledger } from '../state/ledger.js';
import { OutputFile, OutputStream } from '../state/output.js';
import type { Output } from '../state/output.js';
import { StateFile } from '../state/state-file.js';
import type { State } from '../state/state-file.js';
import type { Options } from './options.js';

/** Milliseconds after which reading on is noted, though nothing was to be told. */
const NOTE_EVERY = 1_000;
/** Milliseconds between waits for the disk. */
const SETTLE_EVERY = 5_000;

/**
 * Keeps, with `--state`, how far a follower has come, and writes what it tells.
 *
 * Whatever is to be told is first noted in the state, together with the place up to which the logs were read, and then written.
 * The state is replaced as a whole. So a process that is killed at any moment leaves either the old state, and the lines are read
 * and told again, or the new one, and what is missing in the output is added from it: no finding is lost, and none is in an
 * `--output` file twice. Standard output cannot be looked at afterwards: there, what was being written at that very moment comes again.
 */
export class Keeper {
  private readonly file: StateFile | null;
  private readonly output: Output;
  private readonly saved: State | null;
  private readonly ledger: Ledger;
  private text = '';
  private noted = 0;
  /**
   * What was there at the start is being read, of several logs in the order of time: no place in one of them says how far that is.
   * What is told meanwhile stands behind the last state, and a next run would cut it off and tell it again.
   */
  private isCatchingUp = true;
  private ended = false;
  private isDirty = false;
  private readonly settling: NodeJS.Timeout;
  private failed: UsageError | null = null;

  /** @throws UsageError for a state or an output that cannot be used. */
  constructor({ state, output }: Options, private readonly onFailure: () => void) {
    this.file = state === undefined ? null : new StateFile(state);
    this.saved = this.file?.load() ?? null;
    this.output = output === undefined ? new OutputStream(process.stdout) : new OutputFile(output);
    this.ledger = new Ledger(this.saved);
    if (this.saved !== null) this.output.recover(this.saved.output);
    else if (this.file !== null) this.note(() => [], true, Date.now());
    this.settling = setInterval(() => void this.settle(), SETTLE_EVERY);
  }

  /** Where an earlier run left off; null for a first run, or if none has got so far as to read all that was there. */
  resume(): FollowSettings['resume'] {
    return this.saved === null || this.saved.logs.length === 0 ? null : { logs: this.saved.logs, written: this.saved.written, failing: this.ledger.failing };
  }

  /** The change as it is to be told; null if it was told before, or is left to the next run. */
  admit(change: Change): Change | null {
    return this.file === null ? change : this.ended ? null : this.ledger.admit(change);
  }

  replayed(happening: Happening): void {
    this.ledger.replayed(happening);
  }

  /** Takes what is to be written. It is, as soon as the place in the logs that goes with it is known. */
  tell(text: string): void {
    this.text += text;
    if (this.ended) this.flush();
  }

  /** Everything that was read has been told. */
  told(places: FindPlaces): void {
    const now = Date.now();
    const isDue = now - this.noted >= NOTE_EVERY;
    if (this.file !== null && !this.isCatchingUp && (isDue || this.text !== '')) {
      this.note(places, isDue, now);
    }
    this.flush();
  }

  caughtUp(): void {
    this.isCatchingUp = false;
    this.noted = 0;
    if (this.file === null) this.flush();
  }

  /** No more is read. What the end of the run makes of open attempts is for its summary only; the next run goes on with them. */
  end(places: FindPlaces): void {
    if (this.file !== null && !this.isCatchingUp) this.note(places, true, Date.now());
    this.flush();
    this.ended = true;
  }

  /** @throws UsageError if the state could not be written, which ended the run. */
  async close(): Promise<void> {
    clearInterval(this.settling);
    if (this.failed !== null) throw this.failed;
    this.flush();
    await this.settle();
  }

  private note(places: FindPlaces, isThorough: boolean, now: number): void {
    if (isThorough) this.noted = now;
    try {
      this.file?.save({ version: 1, written: now, logs: places(isThorough), ...this.ledger.save(), output: this.output.announce(this.text) });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.failed ??= error;
      this.onFailure();
    }
    this.isDirty = true;
  }

  private flush(): void {
    if (this.text === '' || this.failed !== null) return;
    const { text } = this;
    this.text = '';
    this.output.write(text);
    this.isDirty = true;
  }

  /** Waits for the disk. The state may then forget what is on it. */
  private async settle(): Promise<void> {
    if (!this.isDirty || this.failed !== null) return;
    this.isDirty = false;
    await this.output.sync();
    await this.file?.settle();
  }
}
