import { isWanted } from './analyze-options.js';
import type { AnalyzeOptions } from './analyze-options.js';
import type { Findings } from './findings.js';
import type { Progress } from './model/progress.js';
import type { Timeline, TimelineChange } from './timeline/timeline.js';

/** Reports changes while a run is still reading. */
export class ChangeReporter {
  private telling: Promise<void> = Promise.resolve();

  constructor(private readonly options: AnalyzeOptions, private readonly timeline: Timeline, private readonly findings: Findings) {}

  /**
   * Reports pending changes in sequence, because the rule engine must not run concurrently. `onTold` is called when all
   * are reported.
   */
  tell(onTold: () => void): Promise<void> {
    this.telling = this.telling.then(async () => {
      for (const change of this.timeline.takeChanges()) {
        if (this.options.live === true) await this.tellOne(change);
      }
      onTold();
    });
    return this.telling;
  }

  /** Reports progress instead of changes; failing connections are counted only when that number is read. */
  tellProgress(reading: Omit<Progress, 'failing'>): void {
    this.timeline.takeChanges();
    const { timeline } = this;
    this.options.onProgress?.({
      ...reading,
      get failing() {
        return timeline.countFailing();
      },
    });
  }

  private async tellOne(change: TimelineChange): Promise<void> {
    const { onChange } = this.options;
    if (change.type === 'host') {
      onChange?.({ ...change, findings: await this.findings.diagnosis.diagnoseHost(change.entry) });
    } else if (isWanted(change.attempt.connection, this.options)) {
      const { type, attempt } = change;
      const hostFailures = this.findings.hostFailures();
      if (type !== 'recovered' && (type !== 'repeated' || !this.findings.has(attempt))) await this.findings.recognise(attempt, hostFailures);
      onChange?.(type === 'recovered' ? { type, attempt } : { type, attempt, findings: this.findings.explain(attempt, hostFailures), product: this.findings.productOf(attempt) });
    }
  }
}
